"""How cost grows with the number of sessions: a purged message, the first page of a list, scan, explain.

    python benchmarks/growth.py --sessions 10000 100000 1000000 --backend postgresql

For each size a database is filled; `CleanupService.purge` and the best hand-written floor delete the
stale half of copies of it in turn, and looking is timed on another copy. What a purged message costs
should hardly change with the size; the plot of these figures is `plot.py`'s.
"""

from __future__ import annotations

import argparse

from arms import FLOOR, SERVICE, Arm, Place, floor_arms, service_arms
from databases import Databases, databases
from filling import add_size_options, filled, samples_asked_for
from measuring import (
    MIB,
    add_common_options,
    print_facts,
    print_table,
    running,
    surroundings,
    write_json,
)
from sample import Sample
from scan import look

LOOKED_AT = ("list --sort", "scan", "explain")
DEEP = "--offset"


def measure(made: Databases, sample: Sample, options: argparse.Namespace) -> dict[str, object]:
    arms = [service_arms()[0], floor_arms(made.backend)[0]]
    with filled(made, sample, options.room):
        size = made.size() // MIB
        looked = look(made, sample, options.repeat, LOOKED_AT)
        for _ in range(options.repeat):
            for arm in arms:
                place = Place(made, sample, made.fresh(), options.room)
                arm.measure(place)
                made.drop(place.url)
    check(arms, sample)
    return {
        "backend": made.backend,
        **sample.described(),
        "size_mib": size,
        "microseconds_per_purged_message": {
            _label(arm): arm.timings.median / purged_messages(sample) * 1e6 for arm in arms
        },
        "peak_bytes": {_label(arm): arm.peak_bytes for arm in arms},
        "milliseconds": {each.name: each.timings.median * 1000 for each in looked if DEEP not in each.name},
        "purges": {_label(arm): arm.timings.described() for arm in arms},
    }


def check(arms: list[Arm], sample: Sample) -> None:
    left = arms[0].remains[0]
    for arm in arms:
        assert all(done.sessions == sample.stale for done in arm.each), f"{arm.name} deleted others"
        assert all(remains == left for remains in arm.remains), f"{arm.name} left other rows"


def purged_messages(sample: Sample) -> int:
    return sample.stale * sample.messages_each


def _label(arm: Arm) -> str:
    return "service" if arm.name == SERVICE else arm.name.removeprefix(FLOOR)


def show(points: list[dict[str, object]]) -> None:
    """Each figure over the sizes, and the last against the first."""
    sizes = [f"{point['sessions']:,}" for point in points]
    rows = []
    for group, unit in (("microseconds_per_purged_message", "µs a message"), ("milliseconds", "ms")):
        names: list[str] = list(points[0][group])  # type: ignore[call-overload]
        for name in names:
            values = [float(point[group][name]) for point in points]  # type: ignore[index]
            told = [f"{value:.2f}" for value in values]
            rows.append((f"{name}, {unit}", *told, f"{values[-1] / values[0]:.2f}"))
    print_table((f"{points[0]['backend']}, {points[0]['layout']}", *sizes, "last : first"), rows)


def main() -> None:
    options = _parser().parse_args()
    with running(options):
        facts: dict[str, object] = {"program": "growth", **surroundings()}
        print_facts(facts)
        points: list[object] = []
        for backend in options.backend:
            with databases(backend, options.room) as made:
                facts[f"database_{backend}"] = made.version()
                for layout in options.layout:
                    one = argparse.Namespace(**{**vars(options), "layout": [layout]})
                    own = []
                    for sample in samples_asked_for(one):
                        own.append(measure(made, sample, options))
                        write_json(options.json, {"facts": facts, "points": [*points, *own]})
                    points += own
                    show(own)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_size_options(parser, sessions=[1_000, 3_000, 10_000, 30_000], layouts=["scattered"])
    add_common_options(parser)
    return parser


if __name__ == "__main__":
    main()
