"""The sessions of the OpenAI Agents SDK as a kind of store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError

from cleveragents.domain.errors import InvalidSettingsError
from cleveragents.domain.retention import Reason
from cleveragents.infrastructure.database.engine import parse_url
from cleveragents.infrastructure.stores.openai_agents.clock import zones_of
from cleveragents.infrastructure.stores.openai_agents.layout import OpenAiLayout
from cleveragents.infrastructure.stores.openai_agents.tables import USUAL, Inspection
from cleveragents.infrastructure.stores.sql.adapter import SqlAdapter

_TABLES = ("sessions_table", "messages_table")
_ZONE = "timezone"


class OpenAiAdapter(SqlAdapter):
    """`said` are the parameters of the location that are ours and not the driver's."""

    def __init__(self, url: URL, busy_timeout: timedelta, said: dict[str, str]) -> None:
        super().__init__(url, busy_timeout)
        self._said = said
        self._zones: tuple[str, ...] | None = None

    def layout(self, connection: Connection) -> OpenAiLayout:
        tables = Inspection(connection).tables_of(*map(self._said.get, _TABLES))
        if connection.dialect.name == "postgresql" and self._zones is None:
            self._zones = zones_of(connection, self._said.get(_ZONE))
        return OpenAiLayout(tables, self._zones or ())

    @property
    def displayed(self) -> str:
        told = "&".join(f"{name}={value}" for name, value in self._said.items())
        return f"{super().displayed}{'?' if told else ''}{told}"

    @property
    def identity(self) -> str:
        """Several stores may share a database, each with tables of its own."""
        named = self._said.get(_TABLES[0], USUAL)
        return super().identity if named == USUAL else f"{super().identity}#{named}"


class OpenAiKind:
    title = "OpenAI Agents SDK"
    unasked: Collection[Reason] = ()

    def usual_places(self) -> Sequence[str]:
        """None: every program names a file of its own."""
        return ()

    def open(self, location: str, *, busy_timeout: timedelta) -> OpenAiAdapter:
        try:
            url = make_url(location)
        except (ArgumentError, ValueError):
            url = parse_url(location)  # which says what is wrong with it
        ours = {name: value for name, value in url.query.items() if name in {*_TABLES, _ZONE}}
        said = {name: value for name, value in ours.items() if isinstance(value, str)}
        if len(said) < len(ours) or len(said.keys() & set(_TABLES)) == 1:
            raise InvalidSettingsError(
                f"{' and '.join(_TABLES)} belong together, and each is said once. Nothing was changed."
            )
        bare = parse_url(url.difference_update_query(ours).render_as_string(hide_password=False))
        if _ZONE in said and bare.get_backend_name() == "sqlite":
            raise InvalidSettingsError(
                "In a SQLite file of this library all times are in UTC, not in a zone."
            )
        return OpenAiAdapter(bare, busy_timeout, said)


KIND = OpenAiKind()
