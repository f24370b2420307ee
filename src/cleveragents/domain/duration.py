"""Durations as people write them: a whole number and one unit."""

from __future__ import annotations

import re
from datetime import timedelta

from cleveragents.domain.errors import InvalidDurationError

MICROSECOND = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)
MILLISECOND = timedelta(milliseconds=1)
UNITS = {
    "ms": MILLISECOND,
    "s": SECOND,
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
LONGEST = timedelta(days=36_500)
_WRITTEN = re.compile(r"([0-9]+)([a-z]*)", re.ASCII)


def parse_duration(text: str, *, finest: timedelta = SECOND) -> timedelta:
    """Read `90s`, `30m`, `24h`, `30d` or `2w`; at most a hundred years.

    Units below the `finest`, which is a second unless told, are unknown: `200ms` takes MILLISECOND.

    A bare number, `1mo`, `1M`, a fraction or a zero raise InvalidDurationError: a threshold that
    could be read in two ways, or that would select everything, is never guessed at.
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise InvalidDurationError(text, "a duration is a whole number followed by s, m, h, d or w")
    digits, unit = written.groups()
    if not unit:
        raise InvalidDurationError(text, "it has no unit")
    units = [name for name, length in UNITS.items() if length >= finest]
    if unit not in units:
        raise InvalidDurationError(text, f"{unit!r} is not one of the units {', '.join(units)}")
    if len(digits) > 12:  # noqa: PLR2004 - more digits than a century has seconds
        raise InvalidDurationError(text, "it is longer than a hundred years")
    duration = int(digits) * UNITS[unit]
    if not duration:
        raise InvalidDurationError(text, "zero would mean everything")
    if duration > LONGEST:
        raise InvalidDurationError(text, "it is longer than a hundred years")
    return duration


def format_duration(duration: timedelta) -> str:
    """Write a duration in the largest unit that loses nothing: `30d`, `24h`, `30m`, `90s`."""
    if duration % SECOND:
        return f"{duration // MILLISECOND}ms"
    seconds = int(duration.total_seconds())
    # One day stays the 24h that people type.
    for unit, size, least in (("d", 86_400, 2), ("h", 3_600, 1), ("m", 60, 1)):
        if seconds >= least * size and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def describe_age(age: timedelta) -> str:
    """Write an age for a column of ages: two significant units at most (`41d`, `3h 12m`, `58s`)."""
    seconds = int(age.total_seconds())
    if seconds < 0:
        return f"in {describe_age(-age)}"
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, seconds = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s")]
    first = next((index for index, (amount, _) in enumerate(parts) if amount), 3)
    shown = parts[first : first + (1 if days >= 3 else 2)]  # noqa: PLR2004 - hours no longer matter
    return " ".join(f"{amount}{unit}" for amount, unit in shown if amount) or "0s"
