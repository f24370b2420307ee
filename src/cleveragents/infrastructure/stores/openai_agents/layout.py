"""The sessions of the OpenAI Agents SDK in SQL: one layout for all of its versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    Subquery,
    TableClause,
    and_,
    cast,
    column,
    exists,
    func,
    literal,
    literal_column,
    not_,
    select,
    table,
)
from sqlalchemy.types import TIMESTAMP

from cleveragents.domain.stored import Recognised, StoredSession
from cleveragents.infrastructure.database.functions import greatest_of, octets, whole_sum
from cleveragents.infrastructure.stores.openai_agents.clock import moment_in_utc
from cleveragents.infrastructure.stores.openai_agents.described import described
from cleveragents.infrastructure.stores.openai_agents.tables import STRUCTURE, USAGE, Tables
from cleveragents.infrastructure.stores.sql.expressions import written
from cleveragents.infrastructure.stores.sql.layout import DanglingRows, Part, SqlLayout

_KEY = "session_id"
_A_MOMENT = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*"
_TOTALS = {STRUCTURE: "sequence_number", USAGE: "total_tokens"}
"""A column of each table of branches whose sum is another one after most changes."""


class OpenAiLayout(SqlLayout):
    """`zones` are those of the local times on PostgreSQL; there are none in a SQLite file, which has UTC."""

    def __init__(self, tables: Tables, zones: Sequence[str] = ()) -> None:
        self.tables = tables
        self.zones = tuple(zones)
        self.is_postgresql = bool(zones)
        children = (*reversed(tables.of_branches), tables.messages)
        self.parts = (
            *(Part(table=name, keys=(_KEY,)) for name in children),
            Part(table=tables.sessions, keys=(_KEY,), is_session=True),
        )

    def recognised(self, connection: Connection) -> Recognised:
        del connection
        return described(self.tables, self.zones)

    def sessions(self, taken: FromClause | None) -> Select[Any]:
        own = self._session_rows(taken)
        children = [self._rows_of(name, taken) for name in self._children]
        shown = [
            own.c[_KEY].label("k0"),
            *(own.c[name] for name in ("created_at", "updated_at", "written")),
            *(
                each.c[name].label(f"{name}_{place}")
                for place, each in enumerate(children)
                for name in ("rows", "total", "latest", "last_used", "written")
            ),
        ]
        if taken is not None:
            shown.append(taken.c.place)
        joined: FromClause = own if taken is None else own.join(taken, own.c[_KEY] == taken.c.k0)
        for each in children:
            joined = joined.outerjoin(each, each.c[_KEY] == own.c[_KEY])
        return select(*shown).select_from(joined)

    def session_of(self, row: Row[Any], now: datetime) -> StoredSession:
        told = row._mapping  # noqa: SLF001 - the public name of what a row holds
        used = [told["updated_at"], *(told[f"last_used_{place}"] for place in range(len(self._children)))]
        return StoredSession(
            session_id=self.id_of(row),
            created_at=self._moment(told["created_at"]),
            last_accessed_at=self._last_accessed(used, now),
            message_count=told["rows_0"] or 0,
            content_bytes=int(told["total_0"] or 0),
            version=" ".join(_plain(value) for name, value in told.items() if name not in {"k0", "place"}),
        )

    def dangling(self, before: datetime) -> Sequence[DanglingRows]:
        return [self._dangling(name, before) for name in self._children]

    @property
    def _children(self) -> tuple[str, ...]:
        return (self.tables.messages, *self.tables.of_branches)

    def _session_rows(self, taken: FromClause | None) -> Subquery:
        own = table(self.tables.sessions, *map(column, (_KEY, "created_at", "updated_at")))
        shown = (
            own.c[_KEY],
            self._dated(func.max(own.c.created_at)).label("created_at"),
            self._dated(func.max(own.c.updated_at)).label("updated_at"),
            written(own.c[_KEY]).label("written"),
        )
        rows = select(*shown).group_by(own.c[_KEY])
        if not self.is_postgresql:
            # A primary key may be NULL there; what has no id has no messages either, and stays.
            rows = rows.where(func.typeof(own.c[_KEY]) == literal("text"))
        return _only(rows, own, taken).subquery("session_rows")

    def _rows_of(self, name: str, taken: FromClause | None) -> Subquery:
        own = self._child(name)
        shown = (
            own.c[_KEY],
            func.count().label("rows"),
            whole_sum(self._size(name, own)).label("total"),
            func.max(own.c.id).label("latest"),
            self._dated(func.max(own.c.created_at)).label("last_used"),
            written(own.c[_KEY]).label("written"),
        )
        return _only(select(*shown).group_by(own.c[_KEY]), own, taken).subquery(f"{name}_rows")

    def _child(self, name: str) -> TableClause:
        wanted = (_KEY, "id", "created_at", _TOTALS.get(name, "message_data"))
        return table(name, *map(column, wanted))

    def _size(self, name: str, own: FromClause) -> ColumnElement[int]:
        """What the content of a row counts; what tells of branches counts as nothing."""
        if name == self.tables.messages:
            return octets(own.c.message_data)
        return func.coalesce(own.c[_TOTALS[name]], literal_column("0"))

    def _dated(self, told: ColumnElement[Any]) -> ColumnElement[Any]:
        """The moment that a local time means: where zones differ, or clocks are set back, the later one."""
        if self.tables.has_zone or not self.is_postgresql:
            return told
        return greatest_of(*(func.timezone(literal(zone), told) for zone in self.zones))

    def _last_accessed(self, used: Sequence[object], now: datetime) -> datetime | None:
        """The latest of them, None where one that is there is no moment."""
        moments = [self._moment(told) for told in used if told is not None]
        known = [moment for moment in moments if moment is not None]
        if used[0] is None or len(known) < len(moments):
            return None
        # Of several zones the latest was taken, which may be more than the truth.
        return min(max(known), now) if len(self.zones) > 1 else max(known)

    def _moment(self, told: object) -> datetime | None:
        if isinstance(told, datetime):
            return told.astimezone(UTC)
        return moment_in_utc(told)

    def _dangling(self, name: str, before: datetime) -> DanglingRows:
        own = self._child(name)
        sessions = table(self.tables.sessions, column(_KEY))
        has_session = exists().where(sessions.c[_KEY] == own.c[_KEY]).correlate(own)
        size = self._size(name, own) if name == self.tables.messages else literal_column("0")
        is_old = self._is_before(own.c.created_at, before)
        return DanglingRows(rows=own, is_dangling=and_(not_(has_session), is_old), size=size)

    def _is_before(self, told: ColumnElement[Any], before: datetime) -> ColumnElement[bool]:
        if self.is_postgresql:
            moment = cast(literal(before.astimezone(UTC).isoformat()), TIMESTAMP(timezone=True))
            return self._dated(told) < moment
        text = f"{before.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        return and_(told.op("GLOB")(literal(_A_MOMENT)), told < literal(text))


def _only(rows: Select[Any], own: FromClause, taken: FromClause | None) -> Select[Any]:
    if taken is None:
        return rows
    return rows.where(own.c[_KEY].in_(select(taken.c.k0)))


def _plain(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
