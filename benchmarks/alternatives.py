"""What people would do instead: delete object by object, id by id, or through their framework's API.

    python benchmarks/alternatives.py --sessions 4000 --backend sqlite

On copies of one database of ours: our purge, the best hand-written floor, SQLAlchemy's ORM with loaded
collections and with passive_deletes, `executemany`, and the cascade. On databases of their own with as
many sessions and messages: the delete of Google ADK and of the OpenAI Agents SDK, installed from PyPI
into an environment of their own, or left out where that fails. They are told which sessions are stale;
neither of them can find them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from arms import FLOOR, HERE, SERVICE, Arm, Done, Place, floor_arms, service_arms
from databases import Databases, databases
from environments import DEFAULT_FOLDER, python_with
from filling import add_size_options, filled, samples_asked_for
from measuring import (
    MIB,
    add_common_options,
    print_facts,
    print_table,
    run,
    running,
    surroundings,
    write_json,
)
from sample import Sample

ON_OUR_TABLES = ("ORM, loaded collections", "ORM, passive_deletes", "executemany")
MICROSECONDS = 1_000_000
ELSEWHERE = {
    "Google ADK, DatabaseSessionService": ("adk-database", ("google-adk[db]", "aiosqlite")),
    "Google ADK, SqliteSessionService": ("adk-sqlite", ("google-adk[db]", "aiosqlite")),
    "OpenAI Agents SDK, SQLiteSession": ("openai", ("openai-agents",)),
}


def own_arms(backend: str) -> list[Arm]:
    best, *others = floor_arms(backend)
    cascade = [arm for arm in others if arm.name == f"{FLOOR}cascade"]
    written = [Arm(name, _on_our_tables(name)) for name in ON_OUR_TABLES]
    return [service_arms()[0], best, *cascade, *written]


def _on_our_tables(name: str) -> Callable[[Place], Done]:
    def purge(place: Place) -> Done:
        program = [sys.executable, "-W", "ignore", str(HERE / "_delete_once.py"), name]
        command = [*program, place.sample.cutoff.isoformat()]
        finished = run(command, environment=place.environment(), folder=place.folder)
        return Done(peak_bytes=finished.peak_bytes, **json.loads(finished.output))

    return purge


def arms_elsewhere(environments: Path, versions: dict[str, object]) -> list[Arm]:
    """One arm for each framework that can be had; notes their versions."""
    arms = []
    for name, (short, packages) in ELSEWHERE.items():
        if python := python_with(environments, *packages):
            arms.append(Arm(name, _elsewhere(python, short, versions)))
    return arms


def _elsewhere(python: str, short: str, versions: dict[str, object]) -> Callable[[Place], Done]:
    def purge(place: Place) -> Done:
        sample, file = place.sample, place.folder / f"{short}.db"
        sizes = sample.sessions, sample.messages_each, sample.message_bytes
        program = [python, "-W", "ignore", str(HERE / "_delete_elsewhere.py"), short, str(file)]
        finished = run([*program, *map(str, sizes)], environment={}, folder=place.folder)
        for part in place.folder.glob(f"{short}.db*"):
            part.unlink()
        told = json.loads(finished.output)
        versions[short] = told.pop("version")
        return Done(peak_bytes=finished.peak_bytes, steps={}, **told)

    return purge


def check(arms: list[Arm], sample: Sample) -> None:
    left = arms[0].remains[0]
    for arm in arms:
        assert all(remains == left for remains in arm.remains), f"{arm.name} left other rows"
        for done in arm.each:
            assert done.sessions == sample.stale, f"{arm.name} deleted {done.sessions} sessions"
            assert done.messages in {sample.stale * sample.messages_each, None}, (
                f"{arm.name}: {done.messages}"
            )


def compare(
    made: Databases, sample: Sample, options: argparse.Namespace, elsewhere: list[Arm]
) -> dict[str, object]:
    facts = {"backend": made.backend, **sample.described()}
    print_facts(facts)
    own = own_arms(made.backend)
    with filled(made, sample, options.room):
        for _ in range(options.repeat):
            for arm in own:
                place = Place(made, sample, made.fresh(), options.room)
                arm.measure(place)
                made.drop(place.url)
            for arm in elsewhere:
                arm.each.append(arm.purge(Place(made, sample, "", options.room)))
    check([*own, *elsewhere], sample)
    ours = next(arm for arm in own if arm.name == SERVICE).timings.median
    measured = [*own, *elsewhere]
    messages = sample.stale * sample.messages_each
    print_table(
        ("what", "median (s)", "spread", "µs a message", "ratio to ours", "peak MiB"),
        [
            (
                arm.name,
                f"{arm.timings.median:.2f}",
                f"{arm.timings.spread:.2f}",
                f"{arm.timings.median / messages * MICROSECONDS:.1f}",
                f"{arm.timings.median / ours:.2f}",
                f"{arm.peak_bytes / MIB:.0f}",
            )
            for arm in measured
        ],
    )
    return {
        **facts,
        "arms": [
            {
                "name": arm.name,
                **arm.timings.described(),
                "ratio": arm.timings.median / ours,
                "peak_bytes": arm.peak_bytes,
            }
            for arm in measured
        ],
    }


def main() -> None:
    options = _parser().parse_args()
    with running(options):
        facts: dict[str, object] = {"program": "alternatives", **surroundings()}
        print_facts(facts)
        cells: list[object] = []
        for backend in options.backend:
            with databases(backend, options.room) as made:
                facts[f"database_{backend}"] = made.version()
                for sample in samples_asked_for(options):
                    # Their databases are SQLite files, so they stand beside ours on SQLite.
                    arms = arms_elsewhere(options.environments, facts) if backend == "sqlite" else []
                    cells.append(compare(made, sample, options, arms))
        write_json(options.json, {"facts": facts, "cells": cells})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_size_options(parser, sessions=[2_000], layouts=["scattered"])
    add_common_options(parser)
    parser.add_argument(
        "--environments", type=Path, default=DEFAULT_FOLDER, help="where the frameworks are installed"
    )
    return parser


if __name__ == "__main__":
    main()
