"""How long looking takes: scan, lists, explain and append, and that none of them reads every message.

    python benchmarks/scan.py --sessions 1000000 --messages 1 --message-bytes 100 --backend sqlite

Each operation is called in process, once to warm up and then `--repeat` times. Every statement that
it ran is then explained by the database; a plan that reads the whole of `session_messages` fails.
"""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any

import psycopg
from databases import Databases, databases, sqlite_path
from filling import add_size_options, filled, samples_asked_for
from measuring import (
    MIB,
    Timings,
    add_common_options,
    print_facts,
    print_table,
    running,
    surroundings,
    write_json,
)
from sample import Sample
from sqlalchemy import Engine, event

from cleveragents.container import Container
from cleveragents.domain.listing import SessionQuery, SortKey
from cleveragents.domain.retention import Reason, RetentionPolicy, SessionFilter
from cleveragents.domain.session import Role

PAGE = 50
Operation = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as the driver got it."""

    text: str
    parameters: Any

    @property
    def reads(self) -> bool:
        return self.text.lstrip().startswith(("SELECT", "WITH"))


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    timings: Timings
    whole_reads: tuple[str, ...]
    """What the plans say where they read the whole of `session_messages`; none should."""


def operations(container: Container, sample: Sample) -> dict[str, Operation]:
    cleanup, sessions = container.cleanup_service(), container.session_service()
    policy = container.policy()
    now = container.clock().now()
    ids = [row.session_id for row in sample.rows()]
    oldest, newest = ids[0], ids[-1]

    def listing(sort: SortKey, **wanted: Any) -> Operation:
        query = SessionQuery(**_any_session(policy), now=now, sort=sort, limit=PAGE, **wanted)
        return partial(sessions.list, query)

    deep = sample.sessions * 9 // 10
    named: dict[str, Operation] = {
        "scan": partial(cleanup.scan, policy),
        "scan --keep-last 10": partial(cleanup.scan, RetentionPolicy(keep_last=10)),
        "scan --actor": partial(
            cleanup.scan, RetentionPolicy(narrowed_to=SessionFilter(actors=("local/agent-7",)))
        ),
    }
    for sort in SortKey:
        named[f"list --sort {sort.value}"] = listing(sort)
        named[f"list --sort {sort.value} --offset {deep}"] = listing(sort, offset=deep)
    stale = SessionQuery(**{**_any_session(policy), "having": frozenset({Reason.STALE})}, now=now, limit=PAGE)
    named["list --stale"] = partial(sessions.list, stale)
    one_actor = SessionQuery(
        **{**_any_session(policy), "matching": SessionFilter(actors=("local/agent-7",))}, now=now, limit=PAGE
    )
    named["list --actor"] = partial(sessions.list, one_actor)
    named["explain, oldest"] = partial(cleanup.explain, oldest, policy)
    named["explain, newest"] = partial(cleanup.explain, newest, policy)
    named["show"] = partial(sessions.show, newest, messages=PAGE)
    named["append"] = partial(sessions.append, newest, Role.USER, "a line of text")
    named["touch"] = partial(sessions.touch, newest)
    return named


def _any_session(policy: RetentionPolicy) -> dict[str, Any]:
    return {"matching": SessionFilter(), "having": frozenset(), "policy": policy}


def measure(name: str, operation: Operation, repeat: int, explain: Callable[[Statement], str]) -> Measured:
    with statements() as ran:
        operation()
    seconds = []
    for _ in range(repeat):
        start = perf_counter()
        operation()
        seconds.append(perf_counter() - start)
    whole_reads = tuple(found for statement in ran if statement.reads and (found := explain(statement)))
    return Measured(name, Timings(tuple(seconds)), whole_reads)


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """Collect what is run while the block runs."""
    ran: list[Statement] = []

    def remember(_connection: object, _cursor: object, text: str, parameters: Any, *_others: object) -> None:
        ran.append(Statement(text, parameters))

    event.listen(Engine, "before_cursor_execute", remember)
    try:
        yield ran
    finally:
        event.remove(Engine, "before_cursor_execute", remember)


def whole_reads_on_sqlite(url: str, statement: Statement) -> str:
    with closing(sqlite3.connect(sqlite_path(url))) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {statement.text}", statement.parameters).fetchall()
    return "; ".join(step[3] for step in plan if step[3].startswith("SCAN session_messages"))


def whole_reads_on_postgresql(url: str, statement: Statement) -> str:
    explained = f"EXPLAIN (FORMAT JSON) {statement.text}".encode()
    with psycopg.connect(url) as connection:
        row = connection.execute(explained, statement.parameters).fetchone()
    assert row is not None
    return "; ".join(
        node["Node Type"]
        for node in _nodes(row[0][0]["Plan"])
        if node.get("Relation Name") == "session_messages" and not _is_bounded(node)
    )


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _is_bounded(node: dict[str, Any]) -> bool:
    return "Index Cond" in node or node["Node Type"] == "Bitmap Heap Scan"


def look(made: Databases, sample: Sample, repeat: int, words: Sequence[str] = ()) -> list[Measured]:
    """Measure, on a copy, the operations whose name begins with one of the words; all without any."""
    url = made.fresh()
    container = Container()
    container.flags.override({"database_url": url})
    explain = partial(whole_reads_on_sqlite if made.backend == "sqlite" else whole_reads_on_postgresql, url)
    measured = [
        measure(name, operation, repeat, explain)
        for name, operation in operations(container, sample).items()
        if not words or name.startswith(tuple(words))
    ]
    container.store().close()
    made.drop(url)
    return measured


def report(made: Databases, sample: Sample, options: argparse.Namespace) -> dict[str, object]:
    with filled(made, sample, options.room):
        facts = {"backend": made.backend, **sample.described(), "size_mib": made.size() // MIB}
        print_facts(facts)
        measured = look(made, sample, options.repeat)
    show(measured)
    return {
        **facts,
        "operations": [
            {"name": each.name, **each.timings.described(), "whole_reads": each.whole_reads}
            for each in measured
        ],
    }


def show(measured: list[Measured]) -> None:
    print_table(
        ("operation", "median (ms)", "spread (ms)", "reads every message"),
        [
            (
                each.name,
                f"{each.timings.median * 1000:.2f}",
                f"{each.timings.spread * 1000:.2f}",
                "; ".join(each.whole_reads) or "no",
            )
            for each in measured
        ],
    )
    found = [each.name for each in measured if each.whole_reads]
    if found:
        raise SystemExit(f"These read every message: {', '.join(found)}")


def main() -> None:
    options = _parser().parse_args()
    with running(options):
        facts: dict[str, object] = {"program": "scan", **surroundings()}
        print_facts(facts)
        cells: list[object] = []
        for backend in options.backend:
            with databases(backend, options.room) as made:
                facts[f"database_{backend}"] = made.version()
                cells += [report(made, sample, options) for sample in samples_asked_for(options)]
        write_json(options.json, {"facts": facts, "cells": cells})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_size_options(parser, sessions=[10_000], layouts=["scattered"])
    add_common_options(parser, repeat=5)
    return parser


if __name__ == "__main__":
    main()
