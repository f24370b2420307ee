"""The sessions of a foreign store as rows of ours, in a database that only this process has.

The one selection runs over these rows, so that a policy means the same in every store.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Select,
    StaticPool,
    Table,
    create_engine,
    event,
    func,
    select,
)

from cleveragents.domain.stored import Chosen, StoredSession
from cleveragents.infrastructure.database import schema
from cleveragents.infrastructure.database.rows import metadata, sessions
from cleveragents.infrastructure.database.sqlite import STEPS_BETWEEN_LOOKS, look_for_signals
from cleveragents.infrastructure.database.types import Key

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_AT_ONCE = 1_000

versions = Table(
    "store_versions",
    MetaData(),
    Column("session_id", Key, primary_key=True),
    Column("version", Key, nullable=False),
    sqlite_with_rowid=False,
)
"""By what each session is known to be as it was."""

_COLUMNS = (
    "session_id",
    "name",
    "actor_name",
    "namespace",
    "source",
    "parent_session_id",
    "created_at",
    "last_accessed_at",
    "lease_expires_at",
    "message_count",
    "content_bytes",
)
_INSERT = (
    f"INSERT INTO sessions ({', '.join(_COLUMNS)}, input_tokens, output_tokens, metadata) "
    f"VALUES ({', '.join('?' * len(_COLUMNS))}, 0, 0, '{{}}')"
)
_INSERT_VERSION = "INSERT INTO store_versions (session_id, version) VALUES (?, ?)"


class Projection:
    """`undated` are the sessions whose age nobody knows: they have no row. `newest` is the last access."""

    def __init__(self, connection: Connection, kind: str) -> None:
        self.connection = connection
        self.kind = kind
        self.undated = 0
        self.newest: tuple[str, datetime] | None = None

    def fill(self, found: Iterable[StoredSession]) -> None:
        """Take the place of what was projected before."""
        raw: Any = self.connection.connection.dbapi_connection
        self.undated = 0
        self.newest = None
        with self.connection.begin():
            raw.execute("DELETE FROM sessions")
            raw.execute("DELETE FROM store_versions")
            remaining = iter(found)
            while batch := list(islice(remaining, _AT_ONCE)):
                dated = [each for each in batch if each.last_accessed_at is not None]
                self.undated += len(batch) - len(dated)
                raw.executemany(_INSERT, map(self._row, dated))
                raw.executemany(_INSERT_VERSION, ((each.session_id, each.version) for each in dated))

    def versions_of(self, table: Table) -> Iterator[Chosen]:
        """The sessions of one of a run's tables, in the order of their ids."""
        statement: Select[Any] = (
            select(table.c.session_id, versions.c.version)
            .join(versions, versions.c.session_id == table.c.session_id)
            .order_by(table.c.session_id)
        )
        for row in self.connection.execute(statement, execution_options={"yield_per": _AT_ONCE}):
            yield Chosen(row.session_id, row.version)

    def count(self) -> int:
        return self.connection.scalar(select(func.count()).select_from(sessions)) or 0

    def _row(self, session: StoredSession) -> tuple[object, ...]:
        accessed = session.last_accessed_at or _EPOCH
        if self.newest is None or accessed > self.newest[1]:
            self.newest = (session.session_id, accessed)
        return (
            session.session_id,
            session.name,
            session.actor_name,
            session.namespace,
            session.source or self.kind,
            session.parent_session_id,
            _microseconds(session.created_at or accessed),
            _microseconds(accessed),
            None if session.in_use_until is None else _microseconds(session.in_use_until),
            session.message_count,
            session.content_bytes,
        )


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


@contextmanager
def projecting(kind: str) -> Iterator[Projection]:
    """An empty projection; it lies in a nameless file where it is large, which ends with the block."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        connection.set_progress_handler(look_for_signals, STEPS_BETWEEN_LOOKS)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA journal_mode = MEMORY")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    try:
        with engine.begin() as connection:
            metadata.create_all(connection)
            versions.create(connection)
            schema.mark_current(connection)
        with engine.connect() as connection:
            yield Projection(connection, kind)
    finally:
        engine.dispose()
