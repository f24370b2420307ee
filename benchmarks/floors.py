"""The best hand-written statements: what a purge of the same rows costs without us.

Each takes a URL and the moment before which sessions are stale, runs one transaction, closes its
connection, and tells how many rows it deleted and how long each step took. They protect nothing,
check nothing and keep nothing. The quickest of a run is what the others are held against.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter

import psycopg
from databases import sqlite_path

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CACHE_KIB = 64 * 1024
Step = tuple[str, str]
Floor = Callable[[str, datetime], "Deleted"]


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


_VICTIMS = "CREATE TEMPORARY TABLE victims (session_id TEXT PRIMARY KEY) WITHOUT ROWID"
_FILL = "INSERT INTO victims SELECT session_id FROM sessions WHERE {stale} ORDER BY session_id"
_CHOSEN = "SELECT session_id FROM victims"
_STALE = "SELECT session_id FROM sessions WHERE {stale}"


def _in_turn(ids: str) -> list[Step]:
    return [
        ("delete messages", f"DELETE FROM session_messages WHERE session_id IN ({ids})"),
        ("delete sessions", f"DELETE FROM sessions WHERE session_id IN ({ids})"),
    ]


_CHOOSE_ON_SQLITE = [("choose", _VICTIMS), ("choose", _FILL)]
_TEMPORARY_TABLE = [*_CHOOSE_ON_SQLITE, *_in_turn(_CHOSEN)]
_CASCADE = [("delete sessions", "DELETE FROM sessions WHERE {stale}")]


def _on_sqlite(steps: Sequence[Step], keys: str, url: str, cutoff: datetime) -> Deleted:
    stopwatch = Stopwatch()
    connection = sqlite3.connect(sqlite_path(url), isolation_level=None)
    for pragma in (
        f"foreign_keys = {keys}",
        "synchronous = NORMAL",
        "secure_delete = OFF",
        f"cache_size = -{_CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    stale = f"last_accessed_at < {(cutoff - _EPOCH) // timedelta(microseconds=1)}"
    counts = {}
    for step, statement in steps:
        counts[step] = connection.execute(statement.format(stale=stale)).rowcount
        stopwatch.lap(step)
    connection.execute("COMMIT")
    stopwatch.lap("commit")
    connection.close()
    stopwatch.lap("close")
    return Deleted(counts["delete sessions"], counts.get("delete messages"), stopwatch.steps)


_CHOOSE_AND_LOCK = [
    ("choose", f"CREATE TEMPORARY TABLE victims ON COMMIT DROP AS {_STALE} FOR UPDATE SKIP LOCKED"),
    ("analyse", "ANALYZE victims"),
]
_DELETE_USING = [
    ("delete messages", "DELETE FROM session_messages m USING victims v WHERE m.session_id = v.session_id"),
    ("delete sessions", "DELETE FROM sessions s USING victims v WHERE s.session_id = v.session_id"),
]
_ARRAY = "SELECT array_agg(session_id) FROM sessions WHERE {stale}"
_AT_ONCE = (
    "WITH gone AS (DELETE FROM sessions WHERE {stale} RETURNING session_id), "
    "theirs AS (DELETE FROM session_messages m USING gone WHERE m.session_id = gone.session_id) "
    "SELECT 1 FROM gone"
)


def _on_postgresql(steps: Sequence[Step], url: str, cutoff: datetime) -> Deleted:
    stopwatch = Stopwatch()
    connection = psycopg.connect(url)
    stale = f"last_accessed_at < '{cutoff.isoformat()}'"
    counts = {}
    for step, statement in steps:
        counts[step] = connection.execute(statement.format(stale=stale).encode()).rowcount
        stopwatch.lap(step)
    connection.commit()
    stopwatch.lap("commit")
    connection.close()
    stopwatch.lap("close")
    return Deleted(counts["delete sessions"], counts.get("delete messages"), stopwatch.steps)


def _by_array(url: str, cutoff: datetime) -> Deleted:
    """Fetch the ids and send them back, as programs do that build their statements in two steps."""
    stopwatch = Stopwatch()
    connection = psycopg.connect(url)
    stale = f"last_accessed_at < '{cutoff.isoformat()}'"
    (ids,) = connection.execute(_ARRAY.format(stale=stale).encode()).fetchone() or ([],)
    stopwatch.lap("choose")
    counts = []
    for table in ("session_messages", "sessions"):
        deleted = connection.execute(f"DELETE FROM {table} WHERE session_id = ANY(%s)".encode(), [ids])
        counts.append(deleted.rowcount)
        stopwatch.lap(f"delete {table.removeprefix('session_')}")
    connection.commit()
    stopwatch.lap("commit")
    connection.close()
    stopwatch.lap("close")
    return Deleted(counts[1], counts[0], stopwatch.steps)


# The first of each is the one that won wherever all were compared.
FLOORS: dict[str, dict[str, Floor]] = {
    "sqlite": {
        "temporary table, foreign keys off": partial(_on_sqlite, _TEMPORARY_TABLE, "OFF"),
        "subqueries, foreign keys off": partial(_on_sqlite, _in_turn(_STALE), "OFF"),
        "temporary table": partial(_on_sqlite, _TEMPORARY_TABLE, "ON"),
        "subqueries": partial(_on_sqlite, _in_turn(_STALE), "ON"),
        "cascade": partial(_on_sqlite, _CASCADE, "ON"),
    },
    "postgresql": {
        "cascade": partial(_on_postgresql, _CASCADE),
        "cascade of locked rows": partial(_on_postgresql, [*_CHOOSE_AND_LOCK, _DELETE_USING[1]]),
        "subqueries": partial(_on_postgresql, _in_turn(_STALE)),
        "temporary table": partial(_on_postgresql, [*_CHOOSE_AND_LOCK, *_DELETE_USING]),
        "array of ids": _by_array,
        "one statement": partial(_on_postgresql, [("delete sessions", _AT_ONCE)]),
    },
}
