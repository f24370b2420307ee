"""Connections to other programs' databases, which leave everything there as its owner set it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event

from cleveragents.domain.errors import DatabaseUnavailableError
from cleveragents.infrastructure.database.engine import ConnectionOptions
from cleveragents.infrastructure.database.sqlite import (
    begin_as_asked,
    sqlite_reader,
    take_over_transactions,
    uri_path,
)


def reading_engine(url: URL, options: ConnectionOptions) -> Engine:
    """An engine that changes nothing."""
    if url.get_backend_name() != "sqlite":
        return _postgresql(url, options)
    engine = sqlite_reader(url, options)
    event.listen(engine, "connect", _read_any_text)
    return engine


def writing_engine(url: URL, options: ConnectionOptions) -> Engine:
    """An engine that deletes and puts back; it makes no file, and changes no setting of one."""
    if url.get_backend_name() != "sqlite":
        return _postgresql(url, options)
    path = Path(url.database or "")

    def connect() -> sqlite3.Connection:
        if not path.exists():
            raise DatabaseUnavailableError(f"The database {path} is gone.")
        uri = f"file:{uri_path(path)}?mode=rw"
        return sqlite3.connect(uri, uri=True, timeout=options.busy_timeout.total_seconds())

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        take_over_transactions(connection)
        _read_any_text(connection, _record)
        # Their rows go explicitly, child before parent; looking each one up again would be slow without
        # an index, and is off in most of the libraries anyway.
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(f"PRAGMA secure_delete = {'ON' if options.secure_delete else 'OFF'}")
        connection.execute(f"PRAGMA cache_size = -{options.purge_cache_bytes // 1024}")

    begin_as_asked(engine, options.busy_timeout)
    return engine


def check_references(connection: Connection) -> None:
    """Let foreign keys of tables outside of the layout have their say on SQLite: refuse, or cascade."""
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys = ON")  # which changes nothing inside a transaction


def _postgresql(url: URL, options: ConnectionOptions) -> Engine:
    # Late: whoever has an embedded database needs no driver of a server.
    from cleveragents.infrastructure.database.postgresql import postgresql_engine

    engine = postgresql_engine(url, options, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        from cleveragents.infrastructure.stores.sql.moments import read_any_moment

        read_any_moment(connection)

    return engine


def _read_any_text(connection: Any, _record: object) -> None:
    """Let two texts be one only where their bytes are, whatever encoding they are in."""
    connection.text_factory = _text


def _text(raw: bytes) -> str:
    return raw.decode(errors="surrogateescape")
