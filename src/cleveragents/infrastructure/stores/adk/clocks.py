"""What Google ADK means by the times it stores, which depends on its version and the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, func

from cleveragents.infrastructure.stores.clocks import epoch_seconds, unknown_zone

_WESTMOST = timedelta(hours=12)
_A_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9]*"


class AdkClock(Protocol):
    @property
    def told(self) -> str:
        """How times are read, as the end of a sentence."""
        ...

    def moment(self, value: Any, now: datetime) -> datetime | None:
        """When a session was used; None where the value is no time."""
        ...

    def event_is_before(self, timestamp: ColumnElement[Any], before: datetime) -> ColumnElement[bool]:
        """Whether an event is older, whatever zone its time may be of; what is no time is not."""
        ...


class EpochClock:
    told = "in seconds since 1970"

    def moment(self, value: Any, now: datetime) -> datetime | None:
        del now
        try:
            return epoch_seconds(value)
        except (TypeError, ValueError, OverflowError, OSError):
            return None

    def event_is_before(self, timestamp: ColumnElement[Any], before: datetime) -> ColumnElement[bool]:
        is_number = func.typeof(timestamp).in_(["real", "integer"])
        return and_(is_number, timestamp < before.timestamp())


class NaiveClock:
    """Times without a zone, as texts on SQLite.

    `zone` is that of the sessions' times, None where nobody knows it: then each may be as late as its
    westmost zone makes it. Until 2.6 events have the local time of whoever wrote them, whatever the zone
    of the sessions is, so theirs is never known.
    """

    def __init__(self, zone: tzinfo | None, *, is_text: bool) -> None:
        self._zone = zone
        self._is_text = is_text

    @property
    def told(self) -> str:
        if self._zone is None:
            return (
                "in a zone that is not known: sessions are kept up to 26 hours longer. Say clock=utc or "
                "clock=ZONE in the URL where you know it"
            )
        return f"in {'UTC' if self._zone is UTC else self._zone}"

    def moment(self, value: Any, now: datetime) -> datetime | None:
        try:
            naive = datetime.fromisoformat(value) if isinstance(value, str) else value
            if not isinstance(naive, datetime) or naive.tzinfo is not None:
                return None
            if self._zone is None:
                return unknown_zone(naive, now)
            # Of an hour that comes twice, the later one.
            return naive.replace(tzinfo=self._zone, fold=1).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    def event_is_before(self, timestamp: ColumnElement[Any], before: datetime) -> ColumnElement[bool]:
        latest = before.astimezone(UTC).replace(tzinfo=None) - _WESTMOST
        if not self._is_text:
            return timestamp < latest
        return and_(timestamp.op("GLOB")(_A_DAY), timestamp < str(latest))
