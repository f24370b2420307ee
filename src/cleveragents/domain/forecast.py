"""What becomes eligible when, as long as nobody touches anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Self, TypeVar

from cleveragents.domain.errors import InvalidValueError

if TYPE_CHECKING:
    from cleveragents.domain.report import Findings
    from cleveragents.domain.retention import RetentionPolicy

Point = TypeVar("Point")

USUAL_DAYS = 90
MOST_DAYS = 3_650
MOST_DAY_BUCKETS = 366
_USUALLY_BY_DAY = 31
_COMPARED = tuple(timedelta(days=days) for days in (7, 14, 30, 60, 90))


class Step(StrEnum):
    """How much time one bucket of a forecast spans."""

    DAY = "day"
    WEEK = "week"

    @property
    def length(self) -> timedelta:
        return timedelta(days=1) if self is Step.DAY else timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """What a purge would take; `content_bytes` are those of the dangling messages too."""

    sessions: int = 0
    messages: int = 0
    content_bytes: int = 0
    dangling_messages: int = 0

    @classmethod
    def of(cls, found: Findings) -> Self:
        return cls(
            sessions=found.candidates,
            messages=found.messages,
            content_bytes=found.content_bytes + found.dangling_bytes,
            dangling_messages=found.dangling_messages,
        )

    def beyond(self, earlier: Amount) -> Amount:
        """What came to it since."""
        return Amount(
            sessions=self.sessions - earlier.sessions,
            messages=self.messages - earlier.messages,
            content_bytes=self.content_bytes - earlier.content_bytes,
            dangling_messages=self.dangling_messages - earlier.dangling_messages,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """What becomes eligible after `begins`, up to and including the moment `ends`."""

    begins: datetime
    ends: datetime
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a purge would take now if stale meant this."""

    stale_after: timedelta
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The purges to come: whoever purged now, and again at the end of each bucket, would see these."""

    policy: RetentionPolicy
    as_of: datetime
    days: int
    by: Step
    scanned: int
    eligible_now: Amount
    buckets: tuple[Bucket, ...]
    comparisons: tuple[Comparison, ...]
    database_missing: bool = False

    @property
    def to_come(self) -> Amount:
        """Everything in the buckets."""
        return Amount(
            sessions=sum(bucket.amount.sessions for bucket in self.buckets),
            messages=sum(bucket.amount.messages for bucket in self.buckets),
            content_bytes=sum(bucket.amount.content_bytes for bucket in self.buckets),
            dangling_messages=sum(bucket.amount.dangling_messages for bucket in self.buckets),
        )

    @property
    def fullest(self) -> int:
        """The sessions of the bucket that has most of them."""
        return max(bucket.amount.sessions for bucket in self.buckets)


def step_for(days: int, wanted: Step | None) -> Step:
    """Raise InvalidValueError where nobody could look that far ahead, or read that many buckets."""
    if not 1 <= days <= MOST_DAYS:
        raise InvalidValueError(f"A forecast looks from 1 to {MOST_DAYS:,} days ahead, not {days:,}.")
    step = wanted or (Step.DAY if days <= _USUALLY_BY_DAY else Step.WEEK)
    if step is Step.DAY and days > MOST_DAY_BUCKETS:
        raise InvalidValueError(
            f"By day a forecast looks at most {MOST_DAY_BUCKETS} days ahead, not {days:,}.",
            hints=["Look at it by week: --by week"],
        )
    return step


def moments(as_of: datetime, days: int, step: Step) -> tuple[datetime, ...]:
    """Where the buckets meet, from `as_of` to the end; the last bucket may be a shorter one."""
    try:
        end = as_of + timedelta(days=days)
    except OverflowError as error:
        raise InvalidValueError(
            "A forecast cannot look beyond the year 9999.",
            hints=["Look fewer days ahead with --days.", "Check this computer's clock."],
        ) from error
    count = -(-timedelta(days=days) // step.length)
    return (*(as_of + number * step.length for number in range(count)), end)


def compared_with(policy: RetentionPolicy) -> tuple[timedelta, ...]:
    """The thresholds to compare, the policy's own among them, shortest first."""
    return tuple(sorted({*_COMPARED, policy.stale_after}))


def buckets_between(ends: Sequence[datetime], amounts: Sequence[Amount]) -> tuple[Bucket, ...]:
    """Cut what was measured at each moment into what came to it from one to the next."""
    return tuple(
        Bucket(begins=begins, ends=end, amount=amount.beyond(earlier))
        for (begins, end), (earlier, amount) in zip(pairwise(ends), pairwise(amounts), strict=True)
    )


def measured(points: Sequence[Point], measure: Callable[[Point], Amount]) -> list[Amount]:
    """Measure at every point, and ask only where the answer is not known already.

    The amounts must only ever grow, or only ever shrink, from point to point. Time and thresholds
    are like that as long as nobody touches a session: ages grow, protections end, and none begins.
    Where two points measure the same, so does everything between them.
    """
    known: dict[int, Amount] = {}

    def fill(first: int, last: int) -> None:
        for index in (first, last):
            if index not in known:
                known[index] = measure(points[index])
        if known[first] == known[last]:
            known.update(dict.fromkeys(range(first + 1, last), known[first]))
        elif last - first > 1:
            middle = (first + last) // 2
            fill(first, middle)
            fill(middle, last)

    fill(0, len(points) - 1)
    return [known[index] for index in range(len(points))]
