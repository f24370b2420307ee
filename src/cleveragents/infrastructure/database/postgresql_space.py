"""PostgreSQL tables vacuumed after a big purge, so that what it freed can be used again at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
from psycopg.errors import LockNotAvailable, QueryCanceled
from sqlalchemy import Connection

from cleveragents.domain.space import GivenBack, Stop
from cleveragents.infrastructure.database.failures import interrupts_held_back
from cleveragents.infrastructure.database.rows import session_messages, sessions

BIG = 10_000
"""How many deleted rows are worth a vacuum at once; the server sees to fewer by itself, in time."""
TABLES = (session_messages.name, sessions.name)
_LOCK_WAIT = timedelta(seconds=1)
_AT_MOST = timedelta(seconds=60)
_MILLISECOND = timedelta(milliseconds=1)
_SIZE = "SELECT pg_total_relation_size('sessions') + pg_total_relation_size('session_messages')"


def give_tables_back(connection: Connection, budget: timedelta | None, rows: int) -> GivenBack:
    try:
        with outside_transactions(connection) as raw:
            before = size_of_tables(raw)
            stop, why = _vacuum(raw, budget) if rows >= BIG else (None, "")
            return GivenBack(before_bytes=before, after_bytes=size_of_tables(raw), stop=stop, why=why)
    except LockNotAvailable as error:
        return GivenBack(stop=Stop.LOCKED, why=str(error).strip())
    except psycopg.Error as error:  # the connection is broken; what was committed is committed
        return GivenBack(stop=Stop.REFUSED, why=str(error).strip())


@contextmanager
def outside_transactions(connection: Connection) -> Iterator[Any]:
    """The bare driver's connection, with every statement on its own."""
    raw: Any = connection.connection.driver_connection
    raw.autocommit = True
    try:
        yield raw
    finally:
        if not raw.closed:
            raw.autocommit = False


def size_of_tables(raw: Any) -> int:
    # Somebody else may rewrite a table, for hours.
    raw.execute(f"SET lock_timeout = {_LOCK_WAIT // _MILLISECOND}")
    return int(raw.execute(_SIZE).fetchone()[0])


def vacuum_tables(raw: Any, words: str, lock_wait: timedelta, at_most: timedelta | None = None) -> list[str]:
    """Vacuum both tables; returns what the server would not do, in its own words.

    Raises what the driver raises, where a lock could not be had or time was up.
    """
    refused: list[str] = []

    def listen(told: Any) -> None:
        if told.severity_nonlocalized == "WARNING":
            refused.append(told.message_primary)

    raw.add_notice_handler(listen)
    try:
        # Each statement by itself: a vacuum can be part of no other.
        raw.execute(f"SET lock_timeout = {max(lock_wait // _MILLISECOND, 1)}")
        raw.execute(f"SET statement_timeout = {at_most // _MILLISECOND if at_most else 0}")
        for table in TABLES:
            raw.execute(f"VACUUM ({words}) {table}")
    finally:
        raw.remove_notice_handler(listen)
        if not raw.closed:
            raw.execute("RESET lock_timeout")
            raw.execute("RESET statement_timeout")
    return refused


def _vacuum(raw: Any, budget: timedelta | None) -> tuple[Stop | None, str]:
    wait = _LOCK_WAIT if budget is None else min(budget, _LOCK_WAIT)
    with interrupts_held_back(raw.cancel) as interrupts:
        try:
            refused = vacuum_tables(raw, "ANALYZE", wait, _AT_MOST)
        except LockNotAvailable as error:
            return Stop.LOCKED, str(error).strip()
        except QueryCanceled as error:
            return (Stop.INTERRUPTED if interrupts else Stop.TIME), str(error).strip()
    return (Stop.REFUSED, "; ".join(refused)) if refused else (None, "")
