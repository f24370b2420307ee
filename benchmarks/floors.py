"""The best hand-written statements: what a purge of the same rows costs without us.

Each takes a URL and the moment before which sessions are stale, runs one transaction, closes its
connection, and tells how many rows it deleted and how long each step took.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import perf_counter

import psycopg
from databases import sqlite_path

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CACHE_KIB = 64 * 1024


@dataclass(slots=True)
class Deleted:
    """`messages` is None where a cascade took them: the database does not say how many."""

    sessions: int = 0
    messages: int | None = None
    steps: dict[str, float] = field(default_factory=dict)


class Stopwatch:
    def __init__(self) -> None:
        self.steps: dict[str, float] = {}
        self._since = perf_counter()

    def lap(self, step: str) -> None:
        now = perf_counter()
        self.steps[step] = self.steps.get(step, 0.0) + now - self._since
        self._since = now


def sqlite_temporary_table(url: str, cutoff: datetime) -> Deleted:
    connection, stopwatch = _open_sqlite(url)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("CREATE TEMPORARY TABLE victims (session_id TEXT PRIMARY KEY) WITHOUT ROWID")
    connection.execute(
        "INSERT INTO victims SELECT session_id FROM sessions WHERE last_accessed_at < ? ORDER BY session_id",
        [_microseconds(cutoff)],
    )
    stopwatch.lap("choose")
    return _delete_on_sqlite(connection, stopwatch, "SELECT session_id FROM victims")


def sqlite_subquery(url: str, cutoff: datetime) -> Deleted:
    connection, stopwatch = _open_sqlite(url)
    connection.execute("BEGIN IMMEDIATE")
    stale = f"SELECT session_id FROM sessions WHERE last_accessed_at < {_microseconds(cutoff)}"
    return _delete_on_sqlite(connection, stopwatch, stale)


def _open_sqlite(url: str) -> tuple[sqlite3.Connection, Stopwatch]:
    stopwatch = Stopwatch()
    connection = sqlite3.connect(sqlite_path(url), isolation_level=None)
    for pragma in (
        "foreign_keys = ON",
        "synchronous = NORMAL",
        "secure_delete = OFF",
        f"cache_size = -{_CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection, stopwatch


def _delete_on_sqlite(connection: sqlite3.Connection, stopwatch: Stopwatch, stale: str) -> Deleted:
    messages = connection.execute(f"DELETE FROM session_messages WHERE session_id IN ({stale})").rowcount
    stopwatch.lap("delete messages")
    sessions = connection.execute(f"DELETE FROM sessions WHERE session_id IN ({stale})").rowcount
    stopwatch.lap("delete sessions")
    connection.execute("COMMIT")
    stopwatch.lap("commit")
    connection.close()
    stopwatch.lap("close")
    return Deleted(sessions, messages, stopwatch.steps)


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def postgresql_cascade(url: str, cutoff: datetime) -> Deleted:
    return _on_postgresql(url, [("delete sessions", f"DELETE FROM sessions WHERE {_stale(cutoff)}")])


def postgresql_subquery(url: str, cutoff: datetime) -> Deleted:
    stale = f"SELECT session_id FROM sessions WHERE {_stale(cutoff)}"
    return _on_postgresql(
        url,
        [
            ("delete messages", f"DELETE FROM session_messages WHERE session_id IN ({stale})"),
            ("delete sessions", f"DELETE FROM sessions WHERE {_stale(cutoff)}"),
        ],
    )


def postgresql_temporary_table(url: str, cutoff: datetime) -> Deleted:
    stale = f"SELECT session_id FROM sessions WHERE {_stale(cutoff)} FOR UPDATE"
    return _on_postgresql(
        url,
        [
            ("choose", f"CREATE TEMPORARY TABLE victims ON COMMIT DROP AS {stale}"),
            ("analyse", "ANALYZE victims"),
            (
                "delete messages",
                "DELETE FROM session_messages m USING victims v WHERE m.session_id = v.session_id",
            ),
            ("delete sessions", "DELETE FROM sessions s USING victims v WHERE s.session_id = v.session_id"),
        ],
    )


def _stale(cutoff: datetime) -> str:
    return f"last_accessed_at < '{cutoff.isoformat()}'"


def _on_postgresql(url: str, statements: list[tuple[str, str]]) -> Deleted:
    stopwatch = Stopwatch()
    connection = psycopg.connect(url)
    counts = {}
    for step, statement in statements:
        counts[step] = connection.execute(statement.encode()).rowcount
        stopwatch.lap(step)
    connection.commit()
    stopwatch.lap("commit")
    connection.close()
    stopwatch.lap("close")
    return Deleted(counts["delete sessions"], counts.get("delete messages"), stopwatch.steps)


FLOORS: dict[str, dict[str, Callable[[str, datetime], Deleted]]] = {
    "sqlite": {"temporary table": sqlite_temporary_table, "subquery": sqlite_subquery},
    "postgresql": {
        "cascade": postgresql_cascade,
        "subquery": postgresql_subquery,
        "temporary table": postgresql_temporary_table,
    },
}
