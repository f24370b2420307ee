"""The transactions of one run: snapshots to read from, and those that delete."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from cleveragents.domain.errors import DatabaseBusyError
from cleveragents.infrastructure.database.deferred import referring_tables
from cleveragents.infrastructure.database.deleting import take_lock_of_runs
from cleveragents.infrastructure.database.failures import committing, rolling_back
from cleveragents.infrastructure.database.lock_budget import bounded


class RunTransactions:
    """`lock_held` and `was_interrupted` are those of the last one that deleted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_postgresql = connection.dialect.name == "postgresql"
        self.lock_held = timedelta(0)
        self.was_interrupted = False

    @contextmanager
    def one_snapshot(self) -> Iterator[None]:
        connection = self._connection
        if self._is_postgresql:
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield

    @contextmanager
    def deleting(self, *, rehearsal: bool, max_lock: timedelta | None) -> Iterator[None]:
        """Delete alone among runs; a rehearsal is rolled back."""
        with self._unchecked() as is_unchecked, self._alone(rehearsal=rehearsal, max_lock=max_lock):
            # Looked at again, now that nobody else can make a table.
            if is_unchecked and referring_tables(self._connection):
                raise DatabaseBusyError(detail="A table that refers to sessions was made in the meantime.")
            yield

    @contextmanager
    def _alone(self, *, rehearsal: bool, max_lock: timedelta | None) -> Iterator[None]:
        connection = self._connection
        if self._is_postgresql:
            # Each statement must see what was committed before it: rows are locked first, then judged.
            connection.execution_options(isolation_level="READ COMMITTED")
        else:
            connection.execution_options(writes=True)
        began = time.monotonic()
        try:
            with rolling_back(connection) if rehearsal else committing(connection) as interrupted:
                take_lock_of_runs(connection)
                began = time.monotonic()
                with bounded(connection, max_lock):
                    yield
            self.was_interrupted = any(interrupted)
        finally:
            self.lock_held = timedelta(seconds=time.monotonic() - began)
            connection.execution_options(writes=False)

    @contextmanager
    def _unchecked(self) -> Iterator[bool]:
        """Spare SQLite looking up references for each row, where no other program's table has any.

        Our own are no question: all messages of a session go before it does. Looking them up, the messages
        take half as long again. Yields whether that is spared.
        """
        if self._is_postgresql:
            yield False
            return
        with self._connection.begin():
            is_unchecked = not referring_tables(self._connection)
        raw: Any = self._connection.connection.dbapi_connection
        if is_unchecked:
            raw.execute("PRAGMA foreign_keys = OFF")
        try:
            yield is_unchecked
        finally:
            with suppress(sqlite3.ProgrammingError):  # a Ctrl-C may have closed the connection
                raw.execute("PRAGMA foreign_keys = ON")
