"""LangGraph's own databases: finding and purging their stale threads, by us and by LangGraph itself.

    python benchmarks/foreign_langgraph.py --threads 2000 --turns 2 --backend sqlite

Half of the threads are stale. Ours is the whole command, from its start: a dry run that finds them, and a
purge that finds, archives and deletes them and writes its ledger. LangGraph's is one call in a process that
has loaded and opened everything: `list` for finding, since it has no call that knows an age; for deleting,
which it is told the names for, `delete_thread` for each or, on PostgreSQL, `prune` for all at once. Each
works on a copy of one database, and what they leave must be the same rows.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from databases import PostgresqlDatabases, SqliteDatabases, databases, sqlite_path
from measuring import (
    MIB,
    Timings,
    add_common_options,
    print_facts,
    print_table,
    run,
    running,
    surroundings,
    write_json,
)

HERE = Path(__file__).resolve().parent
# Where the libraries are installed, and what PostgreSQL is run by.
sys.path += [str(HERE.parent / "libraries"), str(HERE.parent / "features")]

from installations import DEFAULT_FOLDER, Installations, NotInstalledError  # noqa: E402 - the paths come first
from langgraph_checkpointers import VARIANTS  # noqa: E402 - the path comes first

OURS = "agents cleanup --store"
DAYS = 30
# What LangGraph's delete does not do either.
BARE = {"CLEVERAGENTS_CLEANUP_ARCHIVE": "false"}
Databases = SqliteDatabases | PostgresqlDatabases


@dataclass(frozen=True, slots=True)
class Case:
    python: str
    databases: Databases
    folder: Path
    threads: int

    @property
    def stale(self) -> list[str]:
        return [f"stale-{number}" for number in range(self.threads // 2)]

    def langgraph(self, command: str, url: str, about: object) -> tuple[float, Any]:
        told = self.folder / "told.json"
        told.write_text(json.dumps(about))
        program = [self.python, "-W", "ignore", str(HERE / "_langgraph_once.py"), command, url, f"@{told}"]
        finished = run(program, environment={"PYTHONPATH": ""}, folder=self.folder)
        answer = json.loads(finished.output.splitlines()[-1])
        return float(answer["seconds"]), answer["answer"]

    def agents(self, url: str, *words: str, settings: Mapping[str, str]) -> tuple[float, Any]:
        home = self.folder / f"home-{hashlib.sha256(url.encode()).hexdigest()[:8]}"
        home.mkdir(exist_ok=True)
        program = [sys.executable, "-m", "cleveragents", "cleanup", "--store", f"langgraph:{url}"]
        own = {f"XDG_{kind}_HOME": str(home / kind) for kind in ("DATA", "CONFIG", "CACHE", "STATE")}
        finished = run([*program, *words, "--format=json"], environment={**own, **settings}, folder=home)
        return finished.seconds, json.loads(finished.output)["data"]


@dataclass(slots=True)
class Arm:
    name: str
    work: Callable[[Case, str], float]
    each: list[float] = field(default_factory=list)
    left: set[str] = field(default_factory=set)

    @property
    def timings(self) -> Timings:
        return Timings(tuple(self.each))


def find_by_us(case: Case, url: str) -> float:
    seconds, data = case.agents(url, "--dry-run", settings={})
    assert data["candidates"] == len(case.stale), f"found {data['candidates']} threads"
    return seconds


def find_by_langgraph(case: Case, url: str) -> float:
    seconds, found = case.langgraph("find", url, DAYS)
    assert sorted(found) == sorted(case.stale), f"found {len(found)} threads"
    return seconds


def purge_by_us(settings: Mapping[str, str]) -> Callable[[Case, str], float]:
    def purge(case: Case, url: str) -> float:
        seconds, data = case.agents(url, "--yes", "--max-purge=100%", "--max-lock=1h", settings=settings)
        assert data["purged"] == len(case.stale), f"purged {data['purged']} threads"
        return seconds

    return purge


def delete_by_langgraph(command: str) -> Callable[[Case, str], float]:
    return lambda case, url: case.langgraph(command, url, case.stale)[0]


def finding() -> list[Arm]:
    return [
        Arm(f"{OURS} --dry-run", find_by_us),
        Arm("LangGraph's list", find_by_langgraph),
    ]


def purging(backend: str) -> list[Arm]:
    arms = [
        Arm(OURS, purge_by_us({})),
        Arm(f"{OURS}, no archive", purge_by_us(BARE)),
        Arm("LangGraph's delete_thread", delete_by_langgraph("delete")),
    ]
    return arms if backend == "sqlite" else [*arms, Arm("LangGraph's prune", delete_by_langgraph("prune"))]


def measure(case: Case, what: str, arms: Sequence[Arm], rounds: int) -> dict[str, object]:
    for _ in range(rounds):
        for arm in arms:
            url = case.databases.fresh()
            arm.each.append(arm.work(case, url))
            arm.left.add(rows_left(url))
            case.databases.drop(url)
    assert len(set.union(*(arm.left for arm in arms))) == 1, "what is left differs"
    ours = arms[0].timings.median
    shown = [
        (
            arm.name,
            f"{arm.timings.median:.2f}",
            f"{arm.timings.spread:.2f}",
            f"{arm.timings.median / ours:.1f}",
        )
        for arm in arms
    ]
    print_table((what, "median (s)", "spread", "ratio to ours"), shown)
    described = [
        {"name": arm.name, **arm.timings.described(), "ratio": arm.timings.median / ours} for arm in arms
    ]
    return {"what": what, "arms": described}


def rows_left(url: str) -> str:
    """A digest of all rows of all tables, in no order."""
    if not url.startswith("sqlite"):
        with psycopg.connect(url) as connection:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            return repr(
                sorted(
                    connection.execute(
                        f"SELECT '{name}', count(*), sum(hashtextextended(t::text, 0)) FROM {name} t".encode()
                    ).fetchone()
                    or ()
                    for (name,) in tables
                )
            )
    digest = 0
    with closing(sqlite3.connect(sqlite_path(url))) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            for row in connection.execute(f"SELECT * FROM {table}"):
                digest ^= int.from_bytes(hashlib.sha256(repr((table, row)).encode()).digest())
    return f"{digest:x}"


@contextmanager
def cases(backend: str, python: Path, options: argparse.Namespace) -> Iterator[Case]:
    folder = options.room / backend
    folder.mkdir()
    with databases(backend, folder) as made:
        assert isinstance(made, SqliteDatabases | PostgresqlDatabases)
        case = Case(str(python), made, folder, options.threads)
        sizes = [options.threads, options.turns, options.message_bytes]
        made.fill(lambda url: case.langgraph("make", url, sizes))
        yield case


def main() -> None:
    options = _parser().parse_args()
    variant = VARIANTS[-1]
    with running(options):
        facts: dict[str, object] = {
            "program": "foreign_langgraph",
            **surroundings(),
            "langgraph": variant.version,
        }
        facts |= {name: getattr(options, name) for name in ("threads", "turns", "message_bytes")}
        print_facts(facts)
        cells = []
        try:
            python = Installations(options.environments).python_of(variant.environment, variant.requirements)
        except NotInstalledError as error:
            sys.exit(f"{variant} cannot be installed: {error}")
        for backend in options.backend:
            with cases(backend, python, options) as case:
                print_facts({"backend": case.databases.version(), "MiB": case.databases.size() // MIB})
                for what, arms in (("finding", finding()), ("purging", purging(backend))):
                    cells.append({"backend": backend, **measure(case, what, arms, options.repeat)})
        write_json(options.json, {"facts": facts, "cells": cells})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_common_options(parser)
    parser.add_argument("--threads", type=int, default=500)
    parser.add_argument(
        "--turns", type=int, default=2, help="turns of each thread, with ten checkpoints each"
    )
    parser.add_argument("--message-bytes", type=int, default=200)
    parser.add_argument(
        "--environments", type=Path, default=DEFAULT_FOLDER, help="where LangGraph is installed"
    )
    return parser


if __name__ == "__main__":
    main()
