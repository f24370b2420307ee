"""Our purge against the best hand-written statements, on copies of one database, in one run.

    python benchmarks/purge.py --sessions 10000 100000 --backend sqlite postgresql --layout scattered

For each size, backend and layout a database is filled, and every arm purges a fresh copy of it, in
turn, `--repeat` times: `CleanupService.purge` in a process that has already started, without and with
an archive; the installed command as a whole process, likewise, and its restore; and each hand-written
floor. All must leave the same rows, and a restore must bring back all of them. The ratios are against
the quickest floor of the run. Peak memory is that of the process, not of a server.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from arms import ARCHIVE, COMMAND, FLOOR, RESTORE, Arm, Done, Place, agents, arms_for, quickest_floor
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
from remains import Remains
from sample import Sample

SHOWN_SECONDS = 0.0005


def measure(arms: list[Arm], made: Databases, sample: Sample, folder: Path) -> dict[str, float]:
    """One round. Returns the sizes of what was archived, where something was."""
    sizes: dict[str, float] = {}
    for arm in [arm for arm in arms if arm.name != RESTORE]:
        place = Place(made, sample, made.fresh(), folder)
        arm.measure(place)
        if arm.name == COMMAND + ARCHIVE:
            sizes = restore(next(arm for arm in arms if arm.name == RESTORE), place, arm.each[-1])
        for archive in (folder / "archives").glob("*"):
            archive.unlink()
        made.drop(place.url)
    return sizes


def restore(arm: Arm, place: Place, purged: Done) -> dict[str, float]:
    run_id = purged.told["run_id"]
    archive = next((place.folder / "archives").glob(f"{run_id}*"))
    sizes = {"archive_mib": archive.stat().st_size / MIB}
    done = agents(place, "restore", run_id)
    arm.each.append(Done(done.seconds, done.peak_bytes, purged.sessions, purged.messages, {}))
    arm.remains.append(place.made.remains(place.url))
    return sizes


def check_agreement(arms: list[Arm], before: Remains, sample: Sample) -> Remains:
    """Every arm deleted the stale half and left the same rows, or the figures mean nothing."""
    kept = sample.sessions - sample.stale
    left = arms[0].remains[0]
    assert (left.sessions, left.messages) == (kept, kept * sample.messages_each)
    for arm in arms:
        expected = before if arm.name == RESTORE else left
        for done, remains in zip(arm.each, arm.remains, strict=True):
            assert remains == expected, f"{arm.name} left {remains}, not {expected}"
            assert done.sessions == sample.stale, f"{arm.name} deleted {done.sessions} sessions"
            assert done.messages in {sample.stale * sample.messages_each, None}, (
                f"{arm.name}: {done.messages}"
            )
    return left


def show(arms: list[Arm], floor: Arm) -> None:
    print_table(
        ("what", "each (s)", "median", "spread", "ratio", "peak MiB"),
        [
            (
                arm.name,
                " ".join(f"{seconds:.2f}" for seconds in arm.timings.each),
                f"{arm.timings.median:.2f}",
                f"{arm.timings.spread:.2f}",
                f"{arm.timings.median / floor.timings.median:.2f}",
                f"{arm.peak_bytes / MIB:.0f}",
            )
            for arm in arms
        ],
    )
    for arm in arms:
        steps = {step: seconds for step, seconds in arm.median_steps().items() if seconds >= SHOWN_SECONDS}
        if steps and (arm is floor or not arm.is_floor):
            print_table((arm.name, "s"), [(step, f"{seconds:.3f}") for step, seconds in steps.items()])


def compare(made: Databases, sample: Sample, options: argparse.Namespace) -> dict[str, object]:
    """One cell of the matrix: one filled database, and every arm on copies of it."""
    with filled(made, sample, options.room):
        facts = {"backend": made.backend, **sample.described(), "size_mib": made.size() // MIB}
        print_facts(facts)
        arms = arms_for(made.backend, options.arms)
        if any(arm.name == COMMAND + ARCHIVE for arm in arms):
            arms.append(Arm(RESTORE, purge=_never))
        url = made.fresh()
        before = made.remains(url)
        made.drop(url)
        for _ in range(options.repeat):
            facts |= measure(arms, made, sample, options.room)
    remains = check_agreement(arms, before, sample)
    floor = quickest_floor(arms)
    show(arms, floor)
    return {
        **facts,
        "floor": floor.name.removeprefix(FLOOR),
        "remains": asdict(remains),
        "arms": [
            {
                "name": arm.name,
                **arm.timings.described(),
                "ratio": arm.timings.median / floor.timings.median,
                "peak_bytes": arm.peak_bytes,
                "steps": arm.median_steps(),
            }
            for arm in arms
        ],
    }


def _never(_place: Place) -> Done:
    raise AssertionError("a restore follows a purge")


def main() -> None:
    options = _parser().parse_args()
    with running(options):
        facts: dict[str, object] = {"program": "purge", **surroundings()}
        print_facts(facts)
        cells: list[object] = []
        for backend in options.backend:
            with databases(backend, options.room) as made:
                facts[f"database_{backend}"] = made.version()
                for sample in samples_asked_for(options):
                    cells.append(compare(made, sample, options))
                    write_json(options.json, {"facts": facts, "cells": cells})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_size_options(parser, sessions=[10_000], layouts=["together", "scattered"])
    add_common_options(parser)
    parser.add_argument(
        "--arms", nargs="+", default=[], help="only those whose name holds one of these words"
    )
    return parser


if __name__ == "__main__":
    main()
