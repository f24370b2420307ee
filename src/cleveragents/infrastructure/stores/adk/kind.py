"""Google ADK's session services as a kind of store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError

from cleveragents.domain.errors import InvalidSettingsError
from cleveragents.domain.retention import Reason
from cleveragents.infrastructure.database.engine import parse_url
from cleveragents.infrastructure.stores.adk.layouts import AdkLayout
from cleveragents.infrastructure.stores.adk.recognition import layout_of
from cleveragents.infrastructure.stores.sql.adapter import SqlAdapter

_CLOCK = "clock"


class AdkAdapter(SqlAdapter):
    """`clock` is the zone in which the library writes times on PostgreSQL, None where nobody said."""

    def __init__(self, url: URL, busy_timeout: timedelta, clock: tzinfo | None) -> None:
        super().__init__(url, busy_timeout)
        self._clock = clock

    def layout(self, connection: Connection) -> AdkLayout:
        return layout_of(connection, self._clock, self.displayed)


class AdkKind:
    title = "Google ADK"
    unasked: Collection[Reason] = ()

    def usual_places(self) -> Sequence[str]:
        """Where `adk run` and `adk web` keep the sessions of the agents in this folder."""
        here = Path.cwd()
        found = {*here.glob(".adk/session.db"), *here.glob("*/.adk/session.db")}
        return [f"sqlite:///{path}" for path in sorted(found)]

    def open(self, location: str, *, busy_timeout: timedelta) -> AdkAdapter:
        """Take the URL that the library is given, or the path of a file.

        `clock` among its parameters is `utc` or a zone such as `Europe/Berlin`.
        """
        if "://" not in location:
            location = f"sqlite:///{location}"
        try:
            url = make_url(location)
        except (ArgumentError, ValueError):
            url, clock = parse_url(location), None
        else:
            clock = _zone(url)
            url = parse_url(
                url.difference_update_query([_CLOCK])
                .set(drivername=url.get_backend_name())
                .render_as_string(hide_password=False)
            )
        return AdkAdapter(url, busy_timeout, clock)


def _zone(url: URL) -> tzinfo | None:
    said = url.query.get(_CLOCK)
    if said is None:
        return None
    try:
        return ZoneInfo("UTC" if str(said).upper() == "UTC" else str(said))
    except (ValueError, OSError, KeyError):
        raise InvalidSettingsError(
            f"clock={said} names no time zone.",
            hints=["Write clock=utc, or a zone such as clock=Europe/Berlin."],
        ) from None


KIND = AdkKind()
