"""Drivers' exceptions in the product's words: what happened, and never a password."""

from __future__ import annotations

import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import URL, Connection, RootTransaction
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from cleveragents.domain.duration import format_duration
from cleveragents.domain.errors import (
    CleverAgentsError,
    DatabaseBusyError,
    DatabaseError,
    DatabaseLockedError,
    DatabaseUnavailableError,
    DiskFullError,
    InterruptedRunError,
    NotADatabaseError,
    OutcomeUnknownError,
    ReadOnlyDatabaseError,
)
from cleveragents.infrastructure.database.engine import displayed

_CHECK_INTEGRITY = "agents db check"


@contextmanager
def told_plainly(url: URL, busy_timeout: timedelta) -> Iterator[None]:
    """Turn what a driver raises inside the block into one error of ours; others pass."""
    try:
        yield
    except DBAPIError as error:
        if _was_interrupted(error):
            raise InterruptedRunError from error
        raise in_our_words(error, url, busy_timeout) from error
    except PoolTimeoutError as error:
        raise DatabaseUnavailableError(
            "Every connection of this process to the database is in use. Nothing was changed.",
            hints=["Let fewer threads work at once."],
        ) from error


def _was_interrupted(error: BaseException) -> bool:
    """Whether it only happened because a second Ctrl-C stopped the tidying up after the first."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, KeyboardInterrupt):
            return True
        cause = cause.__context__
    return False


@contextmanager
def as_sqlalchemy_tells(connection: Connection, sql: str) -> Iterator[None]:
    """Let what a bare driver raises look as if SQLAlchemy had run the statement."""
    base: type[Exception] = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except base as error:
        told = DBAPIError.instance(sql, (), error, base, dialect=connection.dialect)
        raise told from error


@contextmanager
def committing(connection: Connection) -> Iterator[list[bool]]:
    """Run the block in a transaction and commit it, or roll back what it did.

    Yields a list which holds, after the block, whether a Ctrl-C came while it was committed.
    Raises OutcomeUnknownError where the connection broke while it committed: then nobody on this
    side can know, and saying that nothing was changed could be a lie.
    """
    transaction = connection.begin()
    interrupted: list[bool] = []
    try:
        yield interrupted
    except KeyboardInterrupt as interrupt:
        transaction.rollback()
        raise InterruptedRunError from interrupt
    except BaseException:
        transaction.rollback()
        raise
    interrupted.append(commit(transaction))


@contextmanager
def rolling_back(connection: Connection) -> Iterator[list[bool]]:
    """Run the block in a transaction that is rolled back whatever happens."""
    transaction = connection.begin()
    try:
        yield []
    except KeyboardInterrupt as interrupt:
        raise InterruptedRunError from interrupt
    finally:
        transaction.rollback()


def commit(transaction: RootTransaction) -> bool:
    """Commit, and return whether a Ctrl-C came meanwhile."""
    try:
        with interrupts_held_back() as held_back:
            transaction.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise OutcomeUnknownError from error
        raise
    return bool(held_back)


@contextmanager
def interrupts_held_back(instead: Callable[[], object] = int) -> Iterator[list[int]]:
    """Let a Ctrl-C that comes while a commit runs pass by: it came too late to stop anything.

    Otherwise it would end the command right after the commit, before it could say what it did. Only
    Python's own handler is held back; a server that handles signals itself keeps doing so. `instead`
    is called for each Ctrl-C; those that came are in the list.
    """
    is_default = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not is_default or threading.current_thread() is not threading.main_thread():
        yield []
        return
    held_back: list[int] = []

    def hold_back(number: int, _frame: object) -> None:
        held_back.append(number)
        instead()

    signal.signal(signal.SIGINT, hold_back)
    try:
        yield held_back
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def in_our_words(error: DBAPIError, url: URL, busy_timeout: timedelta) -> CleverAgentsError:
    cause: Any = error.orig
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause, url, busy_timeout)
    return _of_postgresql(error, cause, url, busy_timeout)


def _of_sqlite(cause: sqlite3.Error, url: URL, busy_timeout: timedelta) -> CleverAgentsError:
    name = getattr(cause, "sqlite_errorname", None) or ""
    where = f"The database {url.database}"
    why = str(cause)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseLockedError(format_duration(busy_timeout))
    if name == "SQLITE_INTERRUPT":
        return InterruptedRunError()
    if name in {"SQLITE_NOTADB", "SQLITE_CORRUPT"}:
        return NotADatabaseError(
            f"{where} is damaged or is not a SQLite database.", detail=why, hints=[_CHECK_INTEGRITY]
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM")):
        return ReadOnlyDatabaseError(
            f"{where} cannot be written. Nothing was changed.",
            detail=why,
            hints=["Make the file and its folder writable for this user."],
        )
    if name.startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return DiskFullError(
            f"{where} could not be written in full: the disk is full or failing. Nothing was changed.",
            detail=why,
            hints=[
                "A purge needs free space for its log, about as much as it deletes; free some, try again."
            ],
        )
    if name.startswith("SQLITE_CANTOPEN"):
        return DatabaseUnavailableError(
            f"{where} cannot be opened.",
            detail=why,
            hints=["Check that its folder exists and that this user may enter it."],
        )
    return DatabaseError(f"{where} refused a statement. Nothing was changed.", detail=why)


def _of_postgresql(error: DBAPIError, cause: Any, url: URL, busy_timeout: timedelta) -> CleverAgentsError:
    state = getattr(cause, "sqlstate", None) or ""
    where = f"The database {displayed(url)}"
    why = _without_password(str(cause).strip(), url)
    if state == "55P03":
        return DatabaseLockedError(format_duration(busy_timeout))
    if state in {"40001", "40P01"}:
        return DatabaseBusyError(detail=why)
    if state in {"53100", "53200"}:
        return DiskFullError(
            f"{where} has run out of disk or memory. Nothing was changed.",
            detail=why,
            hints=["Free space on the server, then try again."],
        )
    if state == "25006":
        return ReadOnlyDatabaseError(
            f"{where} is read-only. Nothing was changed.", detail=why, hints=["Use the primary server's URL."]
        )
    if state == "42501":
        return ReadOnlyDatabaseError(
            f"{where} does not let this user do that. Nothing was changed.",
            detail=why,
            hints=["Grant SELECT, INSERT, UPDATE and DELETE on its tables, and TEMPORARY on the database."],
        )
    if state != "57014" and (isinstance(error, OperationalError) or error.connection_invalidated):
        return DatabaseUnavailableError(
            f"{where} cannot be reached, or ended the connection. Nothing was changed.",
            detail=why,
            hints=["Check that the server runs, and the host, port, user and password of the URL."],
        )
    return DatabaseError(f"{where} refused a statement. Nothing was changed.", detail=why)


def _without_password(text: str, url: URL) -> str:
    return text.replace(url.password, "***") if url.password else text
