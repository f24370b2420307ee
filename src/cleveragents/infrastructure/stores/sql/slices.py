"""Reading a SQLite file without a write-ahead log, whose readers keep everybody from committing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, select

from cleveragents.domain.stored import id_of_key
from cleveragents.infrastructure.database.footprint import size_of_file
from cleveragents.infrastructure.spool import spooled
from cleveragents.infrastructure.stores.sql.deleting import unindexed
from cleveragents.infrastructure.stores.sql.keys import why_unreadable
from cleveragents.infrastructure.stores.sql.layout import SqlLayout

_AT_ONCE = 1_000
_QUICKLY_READ = 256 * 1024 * 1024
"""Bytes that are read in about a second; the libraries' writers wait for five."""


def keys_to_slice(connection: Connection, layout: SqlLayout) -> Sequence[str] | None:
    """The ids of all sessions, where it is worth it to look at some of them at a time.

    None where readers hinder nobody, where each slice would read whole tables for want of an index, or
    where some have a key by which they cannot be asked for.
    """
    part = layout.session_part
    if connection.dialect.name != "sqlite" or part is None:
        return None
    if connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal":
        return None
    if size_of_file(connection) <= _QUICKLY_READ or any(unindexed(connection, layout)):
        return None
    own = part.clause
    keys = connection.execute(
        select(*(own.c[name] for name in part.keys)), execution_options={"yield_per": _AT_ONCE}
    )
    try:
        return spooled(_ids(keys))
    except _UnreadableKeyError:
        return None


class _UnreadableKeyError(Exception):
    pass


def _ids(keys: Iterable[Sequence[Any]]) -> Iterator[str]:
    for key in keys:
        if why_unreadable(key):
            raise _UnreadableKeyError
        yield id_of_key(*key)


@contextmanager
def writing_beside(connection: Connection) -> Iterator[None]:
    """Let a connection that may change nothing fill a temporary table, which is no part of the file."""
    connection.exec_driver_sql("PRAGMA query_only = OFF")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA query_only = ON")
