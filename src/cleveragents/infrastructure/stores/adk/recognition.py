"""Telling which layout of Google ADK a database has, from its tables and columns alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.types import Date, DateTime, Float, Numeric

from cleveragents.domain.errors import StoreNotRecognisedError
from cleveragents.infrastructure.stores.adk.layouts import (
    AdkLayout,
    ColumnedEvents,
    EmbeddedService,
    EventsAsJson,
)

_METADATA = "adk_internal_metadata"
_NEWEST_VERSION = "1"
_TABLES = ("sessions", "events", "user_states", "app_states")
_SESSIONS = frozenset({"app_name", "user_id", "id", "state", "create_time", "update_time"})
_KEY_OF_EVENTS = frozenset({"id", "app_name", "user_id", "session_id"})
_AS_JSON = _KEY_OF_EVENTS | {"invocation_id", "timestamp", "event_data"}
_COLUMNED = _KEY_OF_EVENTS | {
    *("invocation_id", "author", "branch", "timestamp", "content", "actions", "long_running_tool_ids_json"),
    *("grounding_metadata", "partial", "turn_complete", "error_code", "error_message", "interrupted"),
}
_COLUMNED_LATER = frozenset(
    {"custom_metadata", "usage_metadata", "citation_metadata", "input_transcription", "output_transcription"}
)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a layout's tables look like; `later` are columns of events that some of its versions lack."""

    layout: type[AdkLayout]
    events: frozenset[str]
    has_metadata: bool
    times: type[Any]
    later: frozenset[str] = field(default_factory=frozenset)


_SHAPES = (
    _Shape(EventsAsJson, _AS_JSON, has_metadata=True, times=DateTime),
    _Shape(ColumnedEvents, _COLUMNED, has_metadata=False, times=DateTime, later=_COLUMNED_LATER),
    _Shape(EmbeddedService, _AS_JSON, has_metadata=False, times=Float),
)


def layout_of(connection: Connection, clock: tzinfo | None, displayed: str) -> AdkLayout:
    """Which layout it is; raises StoreNotRecognisedError where it is none that is known."""
    there = set(inspect(connection).get_table_names())
    missing = [name for name in _TABLES if name not in there]
    if missing:
        raise _unknown(displayed, f"it has no table {' and no table '.join(missing)}")
    sessions, events = _columns(connection, "sessions"), _columns(connection, "events")
    has_metadata = _METADATA in there
    if has_metadata:
        _require_known_version(connection, displayed)
    _require_columns(displayed, "sessions", sessions, _SESSIONS)
    _require_primary_keys(connection, displayed)
    times = _kind_of_times(displayed, sessions, events)
    for shape in _SHAPES:
        is_it = shape.has_metadata == has_metadata and issubclass(times, shape.times)
        if is_it and ("event_data" in shape.events) == ("event_data" in events):
            _require_columns(displayed, "events", events, shape.events, shape.later)
            return shape.layout(clock, is_postgresql=connection.dialect.name == "postgresql")
    raise _unknown(displayed, "its tables belong to no layout of Google ADK that is known")


def _columns(connection: Connection, table: str) -> Mapping[str, ReflectedColumn]:
    return {each["name"]: each for each in inspect(connection).get_columns(table)}


def _require_known_version(connection: Connection, displayed: str) -> None:
    columns = _columns(connection, _METADATA)
    if not {"key", "value"} <= columns.keys():
        raise _unknown(displayed, f"its table {_METADATA} has other columns")
    statement = text(f"SELECT value FROM {_METADATA} WHERE \"key\" = 'schema_version'")
    version = connection.scalar(statement)
    if version != _NEWEST_VERSION:
        raise _unknown(
            displayed, f"its schema_version is {version!r}, and {_NEWEST_VERSION!r} is what is known"
        )


def _require_columns(
    displayed: str,
    table: str,
    columns: Mapping[str, ReflectedColumn],
    known: frozenset[str],
    later: frozenset[str] = frozenset(),
) -> None:
    if missing := sorted(known - columns.keys()):
        raise _unknown(displayed, f"its table {table} has no column {', '.join(missing)}")
    if unknown := sorted(columns.keys() - known - later):
        raise _unknown(displayed, f"its table {table} has a column that is not known: {', '.join(unknown)}")


def _require_primary_keys(connection: Connection, displayed: str) -> None:
    expected = {"sessions": {"app_name", "user_id", "id"}, "events": _KEY_OF_EVENTS}
    for table, columns in expected.items():
        found = inspect(connection).get_pk_constraint(table)["constrained_columns"]
        if set(found) != columns:
            told = ", ".join(found) or "nothing"
            raise _unknown(displayed, f"the primary key of its table {table} is {told}")


def _kind_of_times(
    displayed: str, sessions: Mapping[str, ReflectedColumn], events: Mapping[str, ReflectedColumn]
) -> type[Any]:
    if "timestamp" not in events:
        raise _unknown(displayed, "its table events has no column timestamp")
    times = [each["type"] for each in (sessions["create_time"], sessions["update_time"], events["timestamp"])]
    kind = _kind(times[0])
    if kind is None or any(_kind(each) is not kind for each in times):
        told = ", ".join(dict.fromkeys(map(str, times)))
        raise _unknown(displayed, f"its times are of the type {told}")
    return kind


def _kind(type_: Any) -> type[Any] | None:
    """DateTime without a zone, or a floating number; None for anything else."""
    if isinstance(type_, DateTime) and not isinstance(type_, Date):
        return None if getattr(type_, "timezone", False) else DateTime
    return Float if isinstance(type_, (Float, Numeric)) else None


def _unknown(displayed: str, why: str) -> StoreNotRecognisedError:
    return StoreNotRecognisedError(
        f"{displayed} is no session database of Google ADK that is known: {why}. Nothing was changed.",
        hints=["Its tables are never guessed at. agents store check says what is known."],
    )
