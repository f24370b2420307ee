"""Stopping a transaction that keeps the others waiting for too long."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

from cleveragents.domain.errors import LockBudgetSpentError
from cleveragents.infrastructure.database.sqlite import STEPS_BETWEEN_LOOKS, look_for_signals

_CANCELLED = "57014"
_INTERRUPTED = "SQLITE_INTERRUPT"


@contextmanager
def bounded(connection: Connection, limit: timedelta | None) -> Iterator[None]:
    """End the statement at work when the block has taken longer than the limit.

    Raises LockBudgetSpentError then; whoever began the transaction rolls it back. What still has to be
    committed when the time is up is committed: undoing it would take no less.
    """
    if limit is None:
        yield
        return
    deadline = time.monotonic() + limit.total_seconds()
    stops_at = _stops_postgresql_at if connection.dialect.name == "postgresql" else _stops_sqlite_at
    try:
        with stops_at(connection, deadline):
            yield
    except DBAPIError as error:
        if _was_stopped(error) and time.monotonic() >= deadline:
            raise LockBudgetSpentError(limit) from error
        raise


@contextmanager
def _stops_sqlite_at(connection: Connection, deadline: float) -> Iterator[None]:
    raw: Any = connection.connection.dbapi_connection

    def is_over() -> bool:
        return time.monotonic() >= deadline

    raw.set_progress_handler(is_over, STEPS_BETWEEN_LOOKS)
    try:
        yield
    finally:
        # The rollback must not be stopped too.
        with suppress(sqlite3.ProgrammingError):  # a Ctrl-C may have closed the connection
            raw.set_progress_handler(look_for_signals, STEPS_BETWEEN_LOOKS)


@contextmanager
def _stops_postgresql_at(connection: Connection, deadline: float) -> Iterator[None]:
    """The server bounds single statements, so each is given what is left."""

    def give_what_is_left(_connection: object, cursor: Any, *_: object) -> None:
        left = max(int((deadline - time.monotonic()) * 1000), 1)
        cursor.execute(f"SET LOCAL statement_timeout = {left}")

    event.listen(connection, "before_cursor_execute", give_what_is_left)
    try:
        yield
    finally:
        event.remove(connection, "before_cursor_execute", give_what_is_left)


def _was_stopped(error: DBAPIError) -> bool:
    cause: Any = error.orig
    return (
        getattr(cause, "sqlstate", None) == _CANCELLED
        or getattr(cause, "sqlite_errorname", None) == _INTERRUPTED
    )
