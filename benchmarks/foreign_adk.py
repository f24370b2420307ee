"""Google ADK's own databases: our purge of them, and ADK's own delete of the same sessions.

    python benchmarks/foreign_adk.py --sessions 2000 --messages 20

Half of the sessions are stale. Ours is the command: it finds them, archives them, deletes them, and writes
its ledger. ADK's is `delete_session` for each; it is told which they are, since ADK cannot find them. The
ratio is of the work, without the time that either takes to load; whole processes are told beside it. What
we purged is then put back by a restore, and must be what it was. Each
works on a copy of one file, and what they leave must be the same rows. Version 1.18 makes no index of the
events.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measuring import MIB, Timings, print_facts, print_table, run, running, surroundings, write_json

HERE = Path(__file__).resolve().parent
# Where the libraries are installed, and what PostgreSQL is run by.
sys.path += [str(HERE.parent / "libraries"), str(HERE.parent / "features")]

from adk import DATABASE, EMBEDDED, VARIANTS  # noqa: E402 - the paths come first
from installations import DEFAULT_FOLDER, Installations, NotInstalledError  # noqa: E402 - the path comes first
from library import Variant  # noqa: E402 - the path comes first

OURS = "agents cleanup --store"
CASES = (("1.18.0", DATABASE, "no index of events"), ("2.13.0", DATABASE, ""), ("2.13.0", EMBEDDED, ""))
KINDS = {DATABASE: "adk-database", EMBEDDED: "adk-sqlite"}
MILLISECONDS = 1_000
# What ADK's delete does not do either.
BARE = {"CLEVERAGENTS_CLEANUP_ARCHIVE": "false"}


@dataclass(frozen=True, slots=True)
class Taken:
    """How long the work took, and the whole process."""

    seconds: float
    process: float


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    python: str
    kind: str
    file: Path
    sizes: Sequence[int]

    def make(self) -> None:
        self._adk("make", self.file)

    def copied(self, folder: Path) -> Path:
        folder.mkdir(parents=True)
        for path in self.file.parent.glob(f"{self.file.name}*"):
            shutil.copyfile(path, folder / path.name)
        return folder / self.file.name

    def by_adk(self, file: Path) -> Taken:
        return self._adk("delete", file)

    def _adk(self, command: str, file: Path) -> Taken:
        program = [self.python, "-W", "ignore", str(HERE / "_adk_once.py"), command, self.kind, str(file)]
        sizes = map(str, self.sizes) if command == "make" else ()
        finished = run([*program, *sizes], environment={"PYTHONPATH": ""}, folder=file.parent)
        told = json.loads(finished.output.splitlines()[-1])
        return Taken(told["seconds"], finished.seconds)


def by_us(settings: Mapping[str, str]) -> Callable[[Case, Path], Taken]:
    def purge(case: Case, file: Path) -> Taken:
        told, taken = _agents(file, settings, "--yes", "--max-purge=100%", "--max-lock=1h")
        assert told["purged"] == case.sizes[0] // 2, f"purged {told['purged']} sessions"
        return taken

    return purge


def by_restore(case: Case, file: Path) -> Taken:
    before = rows_left(file)
    by_us({})(case, file)
    runs, _ = _agents(file, {}, "log")
    told, taken = _agents(file, {}, "restore", runs["runs"][0]["run_id"])
    assert told["restored"] == case.sizes[0] // 2, f"put {told['restored']} sessions back"
    assert rows_left(file) == before, "what was put back is not what was there"
    return taken


def _agents(file: Path, settings: Mapping[str, str], *words: str) -> tuple[dict[str, Any], Taken]:
    """Run the command with everything of ours beside the database; returns its data."""
    place = {f"XDG_{kind}_HOME": str(file.parent / kind) for kind in ("DATA", "CONFIG", "CACHE", "STATE")}
    program = [sys.executable, "-m", "cleveragents", "cleanup", *words, "--format=json"]
    store = f"--store=adk:sqlite:///{file}"
    finished = run([*program, store], environment={**place, **settings}, folder=file.parent)
    told = json.loads(finished.output)
    return told["data"], Taken(told["timing"]["duration_ms"] / MILLISECONDS, finished.seconds)


@dataclass(slots=True)
class Arm:
    name: str
    purge: Callable[[Case, Path], Taken]
    purges: bool = True
    each: list[Taken] = field(default_factory=list)
    left: set[str] = field(default_factory=set)

    @property
    def timings(self) -> Timings:
        return Timings(tuple(each.seconds for each in self.each))

    @property
    def processes(self) -> Timings:
        return Timings(tuple(each.process for each in self.each))


def measure(case: Case, rounds: int, room: Path) -> dict[str, object]:
    arms = [
        Arm(OURS, by_us({})),
        Arm(f"{OURS}, no archive", by_us(BARE)),
        Arm("ADK's delete_session", Case.by_adk),
        Arm("agents cleanup restore", by_restore, purges=False),
    ]
    for turn in range(rounds):
        for place, arm in enumerate(arms):
            folder = room / f"round-{turn}-{place}"
            file = case.copied(folder)
            arm.each.append(arm.purge(case, file))
            if arm.purges:
                arm.left.add(rows_left(file))
            shutil.rmtree(folder)
    assert len(set().union(*(arm.left for arm in arms))) == 1, "what is left differs"
    ours = arms[0].timings.median
    print_facts({"database": case.name, "MiB": case.file.stat().st_size // MIB})
    print_table(
        ("what", "median (s)", "spread", "ratio to ours", "whole process (s)"),
        [
            (
                arm.name,
                f"{arm.timings.median:.2f}",
                f"{arm.timings.spread:.2f}",
                f"{arm.timings.median / ours:.1f}",
                f"{arm.processes.median:.2f}",
            )
            for arm in arms
        ],
    )
    described = [
        {
            "name": arm.name,
            **arm.timings.described(),
            "ratio": arm.timings.median / ours,
            "process": arm.processes.median,
        }
        for arm in arms
    ]
    return {"database": case.name, "arms": described}


def python_of(variant: Variant, folder: Path) -> Path | None:
    try:
        return Installations(folder).python_of(variant.environment, variant.requirements)
    except NotInstalledError as error:
        print(f"Left out: {variant} cannot be installed: {error}\n", file=sys.stderr)
        return None


def rows_left(file: Path) -> str:
    """A digest of all rows of all tables, in no order."""
    digest = 0
    with closing(sqlite3.connect(file)) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            for row in connection.execute(f"SELECT * FROM {table}"):
                digest ^= int.from_bytes(hashlib.sha256(repr((table, row)).encode()).digest())
    return f"{digest:x}"


def main() -> None:
    options = _parser().parse_args()
    with running(options):
        facts: dict[str, object] = {"program": "foreign_adk", **surroundings()}
        sizes = options.sessions, options.messages, options.message_bytes
        facts |= dict(zip(("sessions", "messages_each", "message_bytes"), sizes, strict=True))
        print_facts(facts)
        cells = []
        for version, service, remark in CASES:
            variant = next(one for one in VARIANTS if (one.version, one.name) == (version, service))
            if python := python_of(variant, options.environments):
                name = ", ".join(filter(None, (f"{service} {version}", remark)))
                folder = options.room / f"{service}-{version}"
                folder.mkdir()
                case = Case(name, str(python), KINDS[service], folder / "sessions.db", sizes)
                case.make()
                cells.append(measure(case, options.repeat, folder))
                shutil.rmtree(folder)
        write_json(options.json, {"facts": facts, "cells": cells})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=2_000)
    parser.add_argument("--messages", type=int, default=20, help="messages in each session")
    parser.add_argument("--message-bytes", type=int, default=1024)
    parser.add_argument("--repeat", type=int, default=3, help="rounds; the median counts")
    parser.add_argument("--folder", type=Path, help="where the databases are made")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument(
        "--environments", type=Path, default=DEFAULT_FOLDER, help="where Google ADK is installed"
    )
    return parser


if __name__ == "__main__":
    main()
