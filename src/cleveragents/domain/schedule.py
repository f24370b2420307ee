"""When sweeps are due."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from cleveragents.domain.errors import InvalidValueError

_WRITTEN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
DAY = timedelta(days=1)


def parse_time_of_day(text: str) -> time:
    """Read `04:00`; raises InvalidValueError."""
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise InvalidValueError(
            f"{text!r} is not a time of day.", hints=["Write hours and minutes from 00:00 to 23:59: 04:00"]
        )
    return time(int(written[1]), int(written[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A sweep `every` so often or, with `at`, at that time of day on this host every so many days.

    `jitter` is the longest that a host waits on top of that, so that many hosts do not look at once.
    Raises InvalidValueError for `at` with an interval that is no whole number of days.
    """

    every: timedelta = DAY
    at: time | None = None
    jitter: timedelta = timedelta(minutes=10)

    def __post_init__(self) -> None:
        if self.at is not None and self.every % DAY:
            raise InvalidValueError(
                "A time of day needs an interval of whole days.",
                hints=["Leave --at out, or write for example: --every 2d --at 04:00"],
            )

    def due_after(self, last: datetime) -> datetime:
        """When the next sweep is due after one that began then; the result is in the zone of `last`."""
        if self.at is None:
            return last + self.every
        today = last.astimezone().date()
        is_over = _on(today, self.at) <= last
        first = today + DAY if is_over else today
        return _on(first + self.every - DAY, self.at).astimezone(last.tzinfo)


def _on(day: date, at: time) -> datetime:
    """The first moment that the clock shows so; where it is put forward past that, one as much later."""
    # Of a time that is left out, `astimezone` makes an earlier one.
    return datetime.fromtimestamp(datetime.combine(day, at).timestamp(), UTC)
