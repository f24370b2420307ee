"""The tables of Google ADK's session services."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from hashlib import blake2b
from typing import Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    TableClause,
    Text,
    and_,
    case,
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

from cleveragents.domain.stored import Recognised, StoredSession
from cleveragents.infrastructure.database.functions import octets, whole_sum
from cleveragents.infrastructure.stores.adk.clocks import AdkClock, EpochClock, NaiveClock
from cleveragents.infrastructure.stores.sql.deleting import unindexed
from cleveragents.infrastructure.stores.sql.expressions import written
from cleveragents.infrastructure.stores.sql.layout import DanglingRows, Part, SqlLayout

_SESSION = ("app_name", "user_id", "id")
_EVENT = ("app_name", "user_id", "session_id")
# As the library and PostgreSQL write a state with nothing in it.
_NOTHING = frozenset({"", "{}", "null"})
_LONGEST_NOTHING = 8
_NO_INDEX = (
    "No index leads to a session's events, so every purge reads them all. ADK 2.10 and newer make one "
    "when they open the database."
)
_KEPT = ("user_states", "app_states")


class AdkLayout(SqlLayout):
    """What all layouts share: a row in `sessions` for each session, its messages in `events`.

    A session's state is content: one with a state and no message is not empty.
    """

    parts: tuple[Part, ...] = (
        Part(table="events", keys=_EVENT),
        Part(table="sessions", keys=_SESSION, is_session=True),
    )
    title: ClassVar[str]
    texts: ClassVar[tuple[str, ...]]
    """The columns of an event that hold what was said."""
    blobs: ClassVar[tuple[str, ...]] = ()
    """Those that hold bytes; they are copied, and never read as the Python objects that they are."""

    def __init__(self, clock: tzinfo | None, *, is_postgresql: bool) -> None:
        self._is_postgresql = is_postgresql
        self._clock = self.make_clock(clock)

    @abstractmethod
    def make_clock(self, zone: tzinfo | None) -> AdkClock: ...

    def recognised(self, connection: Connection) -> Recognised:
        lacks_index = any(True for _ in unindexed(connection, self))
        return Recognised(
            layout=self.title,
            schema_version=self.schema_version,
            last_accessed=f"sessions.update_time, {self._clock.told}",
            emptiness="no row in events, and nothing in sessions.state",
            orphans="rows of events whose session is gone",
            belongs=("events",),
            left_alone=_KEPT if not self.schema_version else (*_KEPT, "adk_internal_metadata"),
            advice=(_NO_INDEX,) if lacks_index else (),
        )

    @property
    def schema_version(self) -> str:
        return ""

    def sessions(self, taken: FromClause | None) -> Select[Any]:
        own = table("sessions", *map(column, (*_SESSION, "state", "create_time", "update_time"))).alias("own")
        counted = self._counted(taken)
        is_own = and_(*(counted.c[one] == own.c[other] for one, other in zip(_EVENT, _SESSION, strict=True)))
        size = self._size_of_state(own.c.state)
        shown = [
            *(own.c[name].label(f"k{place}") for place, name in enumerate(_SESSION)),
            own.c.create_time,
            own.c.update_time,
            size.label("state_size"),
            case((size <= _LONGEST_NOTHING, cast(own.c.state, Text))).label("small_state"),
            func.coalesce(counted.c.messages, 0).label("messages"),
            func.coalesce(counted.c.content_bytes, 0).label("content_bytes"),
            func.coalesce(counted.c.written, 0).label("written"),
            self._row_written().label("row_written"),
        ]
        source = own.outerjoin(counted, is_own)
        if taken is None:
            return select(*shown).select_from(source)
        is_taken = and_(*(own.c[name] == taken.c[f"k{place}"] for place, name in enumerate(_SESSION)))
        return select(*shown, taken.c.place).select_from(source.join(taken, is_taken))

    def session_of(self, row: Row[Any], now: datetime) -> StoredSession:
        has_state = row.small_state is None or row.small_state.strip() not in _NOTHING
        moment = self._clock.moment(row.update_time, now)
        facts = (row.update_time, row.messages, row.content_bytes, row.written, row.row_written)
        version = "|".join(map(str, (*facts, row.state_size, row.small_state)))
        return StoredSession(
            session_id=self.id_of(row),
            created_at=self._clock.moment(row.create_time, now),
            last_accessed_at=moment,
            message_count=row.messages or int(has_state),
            content_bytes=row.content_bytes + (row.state_size if has_state else 0),
            version=blake2b(version.encode(errors="surrogatepass"), digest_size=16).hexdigest(),
            actor_name=row.k0,
            namespace=row.k1,
        )

    def dangling(self, before: datetime) -> Sequence[DanglingRows]:
        events = self._events("timestamp")
        sessions = table("sessions", *map(column, _SESSION))
        of_event = (sessions.c[one] == events.c[other] for one, other in zip(_SESSION, _EVENT, strict=True))
        has_session = exists().where(*of_event).correlate(events)
        is_old = self._clock.event_is_before(events.c.timestamp, before)
        return [
            DanglingRows(
                rows=events, is_dangling=and_(not_(has_session), is_old), size=self._size_of_event(events)
            )
        ]

    def _counted(self, taken: FromClause | None) -> FromClause:
        events = self._events().alias("event")
        keys = [events.c[name] for name in _EVENT]
        counted = select(
            *keys,
            func.count().label("messages"),
            whole_sum(self._size_of_event(events)).label("content_bytes"),
            written(events.c.session_id).label("written"),
        ).group_by(*keys)
        if taken is not None:
            is_taken = and_(*(key == taken.c[f"k{place}"] for place, key in enumerate(keys)))
            counted = counted.select_from(events.join(taken, is_taken))
        return counted.subquery("counted")

    def _events(self, *columns: str) -> TableClause:
        return table("events", *map(column, dict.fromkeys((*_EVENT, *self.texts, *self.blobs, *columns))))

    def _size_of_event(self, events: FromClause) -> ColumnElement[int]:
        sizes: list[ColumnElement[int]] = [self._size_of_text(events.c[name]) for name in self.texts]
        sizes += [octets(events.c[name]) for name in self.blobs]
        total = sizes[0]
        for size in sizes[1:]:
            total += func.coalesce(size, 0)
        return func.coalesce(total, 0) if len(sizes) == 1 else total

    def _size_of_text(self, value: ColumnElement[Any]) -> ColumnElement[int]:
        return octets(cast(value, Text) if self._is_postgresql else value)

    def _size_of_state(self, state: ColumnElement[Any]) -> ColumnElement[int]:
        return self._size_of_text(state)

    def _row_written(self) -> ColumnElement[Any]:
        """What another write of the session's own row changes, on PostgreSQL."""
        if self._is_postgresql:
            return literal_column("own.ctid::text || '/' || own.xmin::text")
        return literal("")


class DatabaseService(AdkLayout):
    def make_clock(self, zone: tzinfo | None) -> AdkClock:
        # On SQLite every version writes a session's times in UTC.
        return NaiveClock(zone if self._is_postgresql else UTC, is_text=not self._is_postgresql)


class EventsAsJson(DatabaseService):
    """Each event as one JSON document."""

    title = "Google ADK 1.22 and newer, DatabaseSessionService (v1)"
    texts = ("event_data",)
    schema_version = "1"


class ColumnedEvents(DatabaseService):
    """Each event in twenty columns, one of which is a pickled object."""

    title = "Google ADK 1.0 to 1.21, DatabaseSessionService (v0)"
    texts = ("content",)
    blobs = ("actions",)


class EmbeddedService(AdkLayout):
    """The file of `adk run` and `adk web`."""

    title = "Google ADK, SqliteSessionService"
    texts = ("event_data",)

    def make_clock(self, zone: tzinfo | None) -> AdkClock:
        del zone  # seconds since 1970 have none
        return EpochClock()
