"""Real databases for the suites: made, filled, watched and dropped."""

from __future__ import annotations

import atexit
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from robot.api.deco import keyword

from support.backends import Backend, Database, start_backend

_PATIENCE = 30.0

# Statements that SQLite and PostgreSQL both understand.
_FILL_SESSIONS = """
INSERT INTO sessions (session_id, name, namespace, source, created_at, last_accessed_at, first_message_at,
                      message_count, content_bytes, input_tokens, output_tokens, metadata)
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {number})
SELECT 'big-' || n, 'big ' || n, 'local', 'cron', {then}, {then}, {then},
       10, 5000, 0, 0, {nothing}
FROM numbers
"""
_FILL_MESSAGES = """
INSERT INTO session_messages (session_id, sequence, message_id, role, content, metadata, created_at)
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10)
SELECT session_id, n, session_id || '#' || n, 'user', '{content}', {nothing}, last_accessed_at
FROM sessions CROSS JOIN numbers WHERE session_id LIKE 'big-%'
"""

_made: dict[str, Database] = {}
_held: list[Any] = []


@cache
def _backend(name: str) -> Backend:
    backend = start_backend(name)
    atexit.register(backend.stop)
    return backend


@keyword
def make_database(backend: str, folder: str, *, with_tables: bool) -> str:
    """Make a database with no session in it or, not `with_tables`, with nothing in it; return its URL."""
    database = _backend(backend).create(Path(folder), migrated=with_tables)
    _made[database.url] = database
    return database.url


@keyword
def drop_database(url: str) -> None:
    release_write_lock()
    _made.pop(url).drop()


@keyword
def fill_with_stale_sessions(url: str, number: int) -> None:
    """Add stale sessions of ten messages each, 500 bytes a message."""
    connection = _made[url].connect()
    then = datetime.now(UTC) - timedelta(days=90)
    words = {"then": f"TIMESTAMPTZ '{then.isoformat()}'", "nothing": "CAST('{}' AS JSONB)"}
    if isinstance(connection, sqlite3.Connection):
        words = {"then": str(int(then.timestamp()) * 1_000_000), "nothing": "'{}'"}
    connection.execute("BEGIN")
    connection.execute(_FILL_SESSIONS.format(number=number, **words))
    connection.execute(_FILL_MESSAGES.format(content="x" * 500, **words))
    connection.execute("COMMIT")
    connection.close()


@keyword
def count_sessions_and_messages(url: str) -> list[int]:
    """Count with the bare driver, past every line of ours."""
    connection = _made[url].connect()
    try:
        return [
            connection.execute(statement).fetchone()[0]
            for statement in ("SELECT count(*) FROM sessions", "SELECT count(*) FROM session_messages")
        ]
    finally:
        connection.close()


@keyword
def every_row(url: str) -> dict[str, list[Any]]:
    """Read every column of every session and message with the bare driver."""
    connection = _made[url].connect()
    try:
        return {
            table: [tuple(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY {key}")]
            for table, key in (("sessions", "session_id"), ("session_messages", "session_id, sequence"))
        }
    finally:
        connection.close()


@keyword
def add_table_of_another_program(url: str, name: str) -> None:
    """Make a table whose rows the database deletes with the session that they refer to."""
    connection = _made[url].connect()
    reference = "REFERENCES sessions (session_id) ON DELETE CASCADE"
    connection.execute(f"CREATE TABLE {name} (session_id TEXT {reference})")
    connection.close()


@keyword
def change_ledger(url: str, statement: str) -> None:
    """Do what somebody does who may write the database and wants to hide something."""
    connection = _made[url].connect()
    try:
        assert connection.execute(statement).rowcount == 1, "nothing was there to be changed"
    finally:
        connection.close()


@keyword
def sequence_numbers_of_messages(url: str) -> list[int]:
    connection = _made[url].connect()
    try:
        rows = connection.execute("SELECT sequence FROM session_messages ORDER BY sequence").fetchall()
        return [sequence for (sequence,) in rows]
    finally:
        connection.close()


@keyword
def wait_until_somebody_deletes(url: str) -> None:
    """Return as soon as another process is in the middle of a deleting transaction."""
    deadline = time.monotonic() + _PATIENCE
    connection = _made[url].connect()
    is_deleting = _is_write_locked if isinstance(connection, sqlite3.Connection) else _is_deleting
    try:
        while not is_deleting(connection):
            if time.monotonic() > deadline:
                raise AssertionError(f"Nobody began to delete within {_PATIENCE:.0f} s.")
            time.sleep(0.005)
    finally:
        connection.close()


@keyword
def wait_until_chunks_are_done(url: str, number: int) -> None:
    """Return when so many chunks of a run stand in the ledger, so that it pauses."""
    statement = "SELECT count(*) FROM cleanup_runs WHERE run_id LIKE '%.%'"
    _wait_until(url, lambda connection: connection.execute(statement).fetchone()[0] >= number)


@keyword
def wait_until_nobody_is_connected(url: str) -> None:
    """Return when a server has noticed that a killed process is gone."""
    others = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    _wait_until(
        url,
        lambda connection: (
            isinstance(connection, sqlite3.Connection) or connection.execute(others).fetchone() is None
        ),
    )


def _wait_until(url: str, has_come: Callable[[Any], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    connection = _made[url].connect()
    try:
        while not has_come(connection):
            if time.monotonic() > deadline:
                raise AssertionError(f"That did not come within {_PATIENCE:.0f} s.")
            time.sleep(0.01)
    finally:
        connection.close()


@keyword
def hold_write_lock(url: str) -> None:
    _held.append(_made[url].hold_write_lock())


@keyword
def release_write_lock() -> None:
    while _held:
        _held.pop().close()


def _is_write_locked(connection: sqlite3.Connection) -> bool:
    """Whether somebody writes who has noted that a run begins: that note is a write of its own."""
    connection.execute("PRAGMA busy_timeout = 0")
    if connection.execute("SELECT 1 FROM cleanup_attempts WHERE outcome = 'begun'").fetchone() is None:
        return False
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    connection.execute("ROLLBACK")
    return False


def _is_deleting(connection: psycopg.Connection[Any]) -> bool:
    found = connection.execute(
        "SELECT count(*) FROM pg_locks WHERE relation = 'sessions'::regclass AND mode = 'RowExclusiveLock'"
    ).fetchone()
    return bool(found and found[0])
