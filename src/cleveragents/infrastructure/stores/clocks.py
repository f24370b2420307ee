"""Reading the times that other libraries store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EASTMOST, _WESTMOST = timedelta(hours=14), timedelta(hours=12)


def epoch_seconds(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def unknown_zone(naive: datetime, now: datetime) -> datetime:
    """The latest moment that a naive local time of an unknown zone can mean, but for one yet to come.

    Where even the earliest lies ahead, so does what is returned.
    """
    as_utc = naive.replace(tzinfo=UTC)
    if as_utc - _EASTMOST > now:
        return as_utc
    return min(as_utc + _WESTMOST, now)
