"""Google ADK's session services as a kind of store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, inspect

from cleveragents.domain.errors import StoreNotRecognisedError
from cleveragents.domain.retention import Reason
from cleveragents.infrastructure.database.engine import parse_url
from cleveragents.infrastructure.stores.adk.layouts import AdkV1
from cleveragents.infrastructure.stores.sql.adapter import SqlAdapter
from cleveragents.infrastructure.stores.sql.layout import SqlLayout


class AdkAdapter(SqlAdapter):
    def layout(self, connection: Connection) -> SqlLayout:
        there = set(inspect(connection).get_table_names())
        if {"sessions", "events", "adk_internal_metadata"} <= there:
            return AdkV1()
        raise StoreNotRecognisedError(f"{self.displayed} is no session database of Google ADK that is known.")


class AdkKind:
    title = "Google ADK"
    unasked: Collection[Reason] = ()

    def usual_places(self) -> Sequence[str]:
        return [f"sqlite:///{path}" for path in Path.cwd().glob("**/.adk/session.db")]

    def open(self, location: str, *, busy_timeout: timedelta) -> AdkAdapter:
        return AdkAdapter(parse_url(location), busy_timeout)


KIND = AdkKind()
