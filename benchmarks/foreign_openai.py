"""Stores of the OpenAI Agents SDK: our purge of them, and the library's own clear of the same sessions.

    python benchmarks/foreign_openai.py --sessions 2000 --messages 20

Half of the sessions are stale. Ours is the whole command, from its start: it finds them, archives them,
deletes them, and writes its ledger. The library's is `clear_session` for each, in a process that has loaded
everything and is told which they are, since the library can neither list nor date sessions. Each works on
a copy of one file, and must leave the same sessions, messages, branches and usage; what the library keeps
of sessions that it cleared is its own.
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

from measuring import MIB, Timings, print_facts, print_table, run, running, surroundings, write_json

HERE = Path(__file__).resolve().parent
# Where the libraries are installed, and what PostgreSQL is run by.
sys.path += [str(HERE.parent / "libraries"), str(HERE.parent / "features")]

from installations import DEFAULT_FOLDER, Installations, NotInstalledError  # noqa: E402 - the paths come first
from openai_agents import ADVANCED, SQLALCHEMY, SQLITE, VARIANTS  # noqa: E402 - the path comes first

VERSION = "0.24.0"
OURS = "agents cleanup --store"
# What clear_session does not do either.
BARE = {"CLEVERAGENTS_CLEANUP_ARCHIVE": "false"}
COMPARED = ("agent_sessions", "agent_messages", "message_structure", "turn_usage")


@dataclass(frozen=True, slots=True)
class Case:
    kind: str
    python: Path
    file: Path
    sizes: Sequence[int]

    def copied(self, folder: Path) -> Path:
        folder.mkdir(parents=True)
        for path in self.file.parent.glob(f"{self.file.name}*"):
            shutil.copyfile(path, folder / path.name)
        return folder / self.file.name

    def by_library(self, file: Path) -> float:
        return self.library("delete", file)

    def library(self, command: str, file: Path) -> float:
        program = [str(self.python), "-W", "ignore", str(HERE / "_openai_once.py"), command, self.kind]
        sizes = map(str, self.sizes) if command == "make" else ()
        finished = run([*program, str(file), *sizes], environment={"PYTHONPATH": ""}, folder=file.parent)
        return float(json.loads(finished.output.splitlines()[-1])["seconds"])

    def by_us(self, file: Path, settings: Mapping[str, str]) -> float:
        program = [sys.executable, "-m", "cleveragents", "cleanup", "--store", f"openai:sqlite:///{file}"]
        homes = {f"XDG_{kind}_HOME": str(file.parent / kind) for kind in ("DATA", "CONFIG", "CACHE", "STATE")}
        finished = run(
            [*program, "--yes", "--max-purge=100%", "--format=json"],
            environment={**homes, **settings},
            folder=file.parent,
        )
        purged = json.loads(finished.output)["data"]["purged"]
        assert purged == self.sizes[0] // 2, f"purged {purged} sessions"
        return finished.seconds


@dataclass(slots=True)
class Arm:
    name: str
    purge: Callable[[Path], float]
    each: list[float] = field(default_factory=list)

    @property
    def timings(self) -> Timings:
        return Timings(tuple(self.each))


def measure(case: Case, rounds: int, room: Path) -> dict[str, object]:
    arms = [
        Arm(OURS, lambda file: case.by_us(file, {})),
        Arm(f"{OURS}, no archive", lambda file: case.by_us(file, BARE)),
        Arm("clear_session", case.by_library),
    ]
    left = set()
    for turn in range(rounds):
        for place, arm in enumerate(arms):
            folder = room / f"round-{turn}-{place}"
            file = case.copied(folder)
            arm.each.append(arm.purge(file))
            left.add(rows_left(file))
            shutil.rmtree(folder)
    assert len(left) == 1, "what is left differs"
    ours = arms[0].timings.median
    print_facts({"store": f"{case.kind} {VERSION}", "MiB": case.file.stat().st_size // MIB})
    print_table(
        ("what", "median (s)", "spread", "ratio to ours"),
        [
            (
                arm.name,
                f"{arm.timings.median:.2f}",
                f"{arm.timings.spread:.2f}",
                f"{arm.timings.median / ours:.1f}",
            )
            for arm in arms
        ],
    )
    described = [
        {"name": arm.name, **arm.timings.described(), "ratio": arm.timings.median / ours} for arm in arms
    ]
    return {"store": case.kind, "arms": described}


def rows_left(file: Path) -> str:
    """A digest of all rows that both are to leave, in no order."""
    digest = 0
    with closing(sqlite3.connect(file)) as connection:
        there = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        for table in there.intersection(COMPARED):
            for row in connection.execute(f"SELECT * FROM {table}"):
                digest ^= int.from_bytes(hashlib.sha256(repr((table, row)).encode()).digest())
    return f"{digest:x}"


def python_with_library(folder: Path) -> Path | None:
    variant = next(one for one in VARIANTS if one.version == VERSION)
    try:
        return Installations(folder).python_of(variant.environment, variant.requirements)
    except NotInstalledError as error:
        print(f"Left out: {variant} cannot be installed: {error}\n", file=sys.stderr)
        return None


def main() -> None:
    options = _parser().parse_args()
    with running(options):
        facts: dict[str, object] = {"program": "foreign_openai", "openai_agents": VERSION, **surroundings()}
        sizes = options.sessions, options.messages, options.message_bytes
        facts |= dict(zip(("sessions", "messages_each", "message_bytes"), sizes, strict=True))
        print_facts(facts)
        cells = []
        if python := python_with_library(options.environments):
            for kind in (SQLITE, SQLALCHEMY, ADVANCED):
                folder = options.room / kind
                folder.mkdir()
                case = Case(kind, python, folder / "sessions.db", sizes)
                case.library("make", case.file)
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
        "--environments", type=Path, default=DEFAULT_FOLDER, help="where the library is installed"
    )
    return parser


if __name__ == "__main__":
    main()
