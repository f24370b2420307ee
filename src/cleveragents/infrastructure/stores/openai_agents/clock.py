"""When something was used: UTC in a SQLite file, the local time of the server on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock

from sqlalchemy import Connection, text

from cleveragents.domain.errors import InvalidSettingsError

_CLIENTS_OWN = "PGTZ"
_environment = Lock()
_ZONE = text("SELECT setting, source FROM pg_settings WHERE name = 'TimeZone'")
_SET_FOR_ROLES = text(
    "SELECT DISTINCT substring(setting from '=(.*)$') "
    "FROM pg_db_role_setting, unnest(setconfig) AS setting "
    "WHERE setting ILIKE 'timezone=%' "
    "AND setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"
)
_IS_KNOWN = text("SELECT count(*) FROM pg_timezone_names WHERE lower(name) = lower(:zone)")


def moment_in_utc(told: object) -> datetime | None:
    """What stands in a SQLite file, where each `CURRENT_TIMESTAMP` is UTC; None where it is no moment."""
    if not isinstance(told, str):
        return None
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None


def zones_of(connection: Connection, said: str | None) -> tuple[str, ...]:
    """The zones whose local time may stand in a database of PostgreSQL, that of most sessions first.

    `CURRENT_TIMESTAMP` was cut to the local time of the connection that wrote, which is that of the server
    unless a database or a role has one of its own. What this process is told (PGTZ) says nothing of it.
    """
    if said is not None:
        if not connection.scalar(_IS_KNOWN, {"zone": said}):
            raise InvalidSettingsError(
                f"The server knows no time zone {said!r}.", hints=["Write one as America/New_York."]
            )
        return (said,)
    usual = _zone_of_server(connection)
    others = connection.execute(_SET_FOR_ROLES).scalars()
    return tuple(dict.fromkeys((usual, *sorted(others))))


def _zone_of_server(connection: Connection) -> str:
    zone, source = connection.execute(_ZONE).one()
    if source == "client" and _CLIENTS_OWN in os.environ:
        # Only a connection that is not told a zone tells the server's.
        with _without_own_zone(), connection.engine.connect() as other:
            zone, _ = other.execute(_ZONE).one()
    return str(zone)


@contextmanager
def _without_own_zone() -> Iterator[None]:
    with _environment:
        told = os.environ.pop(_CLIENTS_OWN, None)
        try:
            yield
        finally:
            if told is not None:
                os.environ[_CLIENTS_OWN] = told
