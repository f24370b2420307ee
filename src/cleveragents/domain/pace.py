"""How a purge spares those who write meanwhile."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Self

from cleveragents.domain.errors import InvalidValueError
from cleveragents.domain.report import Findings
from cleveragents.domain.session import MOST

_WRITTEN = re.compile(r"([0-9]{1,19})/([smh])", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3_600}
_HEADROOM = 0.7
"""How much of the budget a chunk is meant to take, since no two chunks are alike."""
_DIGITS_KEPT = 2
_LEAST_PAUSE = timedelta(milliseconds=25)
"""Without any pause a purge takes SQLite's lock again before those who wait look whether it is free."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many sessions in so many seconds."""

    sessions: int
    seconds: int = 1

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `500/s`, `20000/m` or `1000000/h`; raises InvalidValueError, also for zero."""
        written = _WRITTEN.fullmatch(text.strip())
        if written is None:
            raise _not_a_rate(text, "write a whole number of sessions and /s, /m or /h")
        sessions = int(written[1])
        if not 1 <= sessions <= MOST:
            raise _not_a_rate(text, "it is zero" if not sessions else "it is more than can be")
        return cls(sessions, _SECONDS[written[2]])

    def least_time_for(self, sessions: int) -> timedelta:
        return timedelta(seconds=sessions * self.seconds / self.sessions)

    def __str__(self) -> str:
        unit = next(unit for unit, seconds in _SECONDS.items() if seconds == self.seconds)
        return f"{self.sessions}/{unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The settings by which a purge leaves room for others.

    `chunk` is the most sessions that one transaction deletes, None for all of them in one. `max_lock` is
    the longest that one transaction may keep writers waiting. `pause` and `rate` leave room between
    chunks. Raises InvalidValueError for these two without `chunk`.
    """

    chunk: int | None = None
    max_lock: timedelta | None = None
    pause: timedelta | None = None
    rate: Rate | None = None

    def __post_init__(self) -> None:
        without_chunks = "a rate" if self.rate else "a pause" if self.pause else ""
        if without_chunks and self.chunk is None:
            raise InvalidValueError(
                f"There is no room for {without_chunks} in a purge of one transaction.",
                hints=["Split it: --chunk 5000"],
            )

    def wait_after(self, sessions: int, took: timedelta) -> timedelta:
        """How long to wait after so many sessions in all, which took so long."""
        ahead = self.rate.least_time_for(sessions) - took if self.rate else timedelta(0)
        return max(self.pause or _LEAST_PAUSE, ahead)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How long deleting so many sessions with their messages held the lock."""

    sessions: int
    messages: int
    content_bytes: int
    lock_held: timedelta
    is_complete: bool = True
    """False where it was stopped after that time: all of it would have taken longer."""

    def minus(self, other: Self) -> Self:
        return replace(
            self,
            sessions=self.sessions - other.sessions,
            messages=self.messages - other.messages,
            content_bytes=self.content_bytes - other.content_bytes,
            lock_held=self.lock_held - other.lock_held,
        )

    def estimate(self, found: Findings) -> timedelta:
        """How long deleting all that was found would, by its rows or by its bytes, whichever is more."""
        return self.lock_held * max(
            (found.candidates + found.messages) / max(self.sessions + self.messages, 1),
            found.content_bytes / self.content_bytes if self.content_bytes else 0.0,
        )


def fitting_chunk(found: Findings, estimate: timedelta, budget: timedelta) -> int:
    """How many of the candidates can go within the budget, as a round number of at least one."""
    share = _HEADROOM * (budget / estimate)
    return _rounded_down(max(int(found.candidates * min(share, 1.0)), 1))


def shrunk(chunk: int, lock_held: timedelta, budget: timedelta | None) -> int:
    """The size of the next chunk after one that held the lock so long; never larger than that one."""
    if budget is None or lock_held <= budget * _HEADROOM:
        return chunk
    return max(int(chunk * _HEADROOM * (budget / lock_held)), 1)


def _rounded_down(number: int) -> int:
    zeros = "0" * max(len(str(number)) - _DIGITS_KEPT, 0)
    step = int(f"1{zeros}")
    return number // step * step


def _not_a_rate(text: str, why: str) -> InvalidValueError:
    return InvalidValueError(f"{text!r} is not a rate: {why}.", hints=["For example 500/s or 20000/m."])
