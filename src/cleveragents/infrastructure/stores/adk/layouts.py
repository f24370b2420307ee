"""The tables of Google ADK's session services."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    FromClause,
    Row,
    Select,
    Text,
    and_,
    cast,
    column,
    exists,
    func,
    not_,
    select,
    table,
)

from cleveragents.domain.stored import Recognised, StoredSession
from cleveragents.infrastructure.database.functions import octets, whole_sum
from cleveragents.infrastructure.stores.clocks import utc_text
from cleveragents.infrastructure.stores.sql.expressions import written
from cleveragents.infrastructure.stores.sql.layout import DanglingRows, Part, SqlLayout

_SESSION = ("app_name", "user_id", "id")
_EVENT = ("app_name", "user_id", "session_id")


class AdkV1(SqlLayout):
    """DatabaseSessionService from 1.22 on."""

    parts = (
        Part(table="events", keys=_EVENT),
        Part(table="sessions", keys=_SESSION, is_session=True),
    )
    _content = "event_data"

    def recognised(self, connection: Connection) -> Recognised:
        del connection
        return Recognised(
            layout="Google ADK 1.22 and newer (DatabaseSessionService)",
            last_accessed="sessions.update_time",
            emptiness="no row in events, and an empty state",
            orphans="events without their session",
            belongs=tuple(part.table for part in self.parts),
            left_alone=("user_states", "app_states", "adk_internal_metadata"),
        )

    def sessions(self, taken: FromClause | None) -> Select[Any]:
        own = table("sessions", *map(column, (*_SESSION, "state", "create_time", "update_time"))).alias("own")
        events = table("events", *map(column, (*_EVENT, self._content))).alias("event")
        keys = [events.c[name] for name in _EVENT]
        counted = select(
            *keys,
            func.count().label("messages"),
            whole_sum(octets(cast(events.c[self._content], Text))).label("content_bytes"),
            written(events.c.session_id).label("written"),
        ).group_by(*keys)
        if taken is not None:
            of_taken = and_(*(key == taken.c[f"k{place}"] for place, key in enumerate(keys)))
            counted = counted.select_from(events.join(taken, of_taken))
        per_session = counted.subquery("counted")
        is_own = and_(
            *(per_session.c[one] == own.c[other] for one, other in zip(_EVENT, _SESSION, strict=True))
        )
        shown = [
            *(own.c[name].label(f"k{place}") for place, name in enumerate(_SESSION)),
            own.c.create_time,
            own.c.update_time,
            cast(own.c.state, Text).label("state"),
            func.coalesce(per_session.c.messages, 0).label("messages"),
            func.coalesce(per_session.c.content_bytes, 0).label("content_bytes"),
            func.coalesce(per_session.c.written, 0).label("written"),
        ]
        source = own.outerjoin(per_session, is_own)
        if taken is None:
            return select(*shown).select_from(source)
        is_taken = and_(*(own.c[name] == taken.c[f"k{place}"] for place, name in enumerate(_SESSION)))
        return select(*shown, taken.c.place).select_from(source.join(taken, is_taken))

    def session_of(self, row: Row[Any], now: datetime) -> StoredSession:
        del now
        has_state = row.state not in {None, "", "{}", "null"}
        return StoredSession(
            session_id=self.id_of(row),
            created_at=_moment(row.create_time),
            last_accessed_at=_moment(row.update_time),
            message_count=row.messages or int(has_state),
            content_bytes=row.content_bytes,
            version=f"{row.update_time}|{row.messages}|{row.content_bytes}|{row.written}|{row.state}",
            name=None,
            actor_name=row.k0,
            namespace=row.k1,
        )

    def dangling(self, before: datetime) -> Sequence[DanglingRows]:
        events = table("events", *map(column, (*_EVENT, "timestamp", self._content)))
        own = table("sessions", *map(column, _SESSION))
        pairs = zip(_SESSION, _EVENT, strict=True)
        has_session = (
            exists().where(*(own.c[one] == events.c[other] for one, other in pairs)).correlate(events)
        )
        return [
            DanglingRows(
                rows=events,
                is_dangling=and_(not_(has_session), events.c.timestamp < before.replace(tzinfo=None)),
                size=octets(cast(events.c[self._content], Text)),
            )
        ]


def _moment(value: Any) -> datetime:
    return utc_text(value) if isinstance(value, str) else utc_text(value.isoformat())
