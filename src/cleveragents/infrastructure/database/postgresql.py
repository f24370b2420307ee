"""PostgreSQL connections, pooled and bounded in every wait."""

from __future__ import annotations

import os
import weakref
from datetime import datetime
from typing import Any

from psycopg import DataError
from psycopg.types.datetime import TimestamptzLoader
from sqlalchemy import URL, Connection, Engine, Pool, create_engine, event

from cleveragents.infrastructure.database.engine import ConnectionOptions
from cleveragents.infrastructure.database.types import EARLIEST, LATEST, read_json


def postgresql_engine(url: URL, options: ConnectionOptions, poolclass: type[Pool] | None = None) -> Engine:
    milliseconds = int(options.busy_timeout.total_seconds() * 1000)
    defaults: dict[str, Any] = {"application_name": "cleveragents", "connect_timeout": 10}
    # Whatever the environment says: archives hold what the server sends, and are read as UTF-8.
    always = {"client_encoding": "utf8"}
    engine = create_engine(
        url,
        poolclass=poolclass,
        # A server that was restarted meanwhile costs a new connection, not an error.
        pool_pre_ping=True,
        json_deserializer=read_json,
        connect_args={name: value for name, value in defaults.items() if name not in url.query} | always,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.adapters.register_loader("timestamptz", ClampingLoader)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")

    _forget_in_child(engine)
    return engine


class ClampingLoader(TimestamptzLoader):
    """Reads a moment outside the years of a datetime as the nearest one inside.

    Another program may have leased a session until `infinity`; that must not hide the other rows.
    """

    def load(self, data: Any) -> datetime:
        try:
            return super().load(data)
        except DataError:
            text = bytes(data)
            return EARLIEST if text.startswith(b"-") or text.endswith(b"BC") else LATEST


def _forget_in_child(engine: Engine) -> None:
    """After a fork, leave the connections to the parent: two processes cannot speak on one."""
    known = weakref.ref(engine)

    def forget() -> None:
        if (own := known()) is not None:
            own.dispose(close=False)

    os.register_at_fork(after_in_child=forget)
