"""The stale threshold that a database's own history suggests.

For an age, count the sessions that ever lay unused for longer, and the share of them that somebody
used again after that. The threshold is the shortest age at which that share is below a rate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import count, takewhile
from typing import Self

from cleveragents.domain.duration import LONGEST, SECOND, format_duration
from cleveragents.domain.errors import InvalidPolicyError, InvalidValueError

AUTO = "auto"
"""What `stale_after` says where it is to be worked out."""
STEP = timedelta(days=1)
ENOUGH = 100
"""Of fewer sessions nothing is concluded."""
_WRITTEN = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)%", re.ASCII)
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class ReturnRate:
    """A percentage above 0 and up to 100."""

    percent: Decimal

    def __post_init__(self) -> None:
        if not 0 < self.percent <= _WHOLE:
            raise InvalidValueError(f"A return rate is above 0% and at most 100%, not {self.percent}%.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `1%` or `0.5%`; raises InvalidValueError, also for zero and for more than 100 %."""
        written = _WRITTEN.fullmatch(text.strip())
        if written is None:
            raise _not_a_rate(text, "write a percentage")
        percent = Decimal(written[1])
        if not percent:
            raise _not_a_rate(text, "no share is below zero, so nothing could ever be stale")
        if percent > _WHOLE:
            raise _not_a_rate(text, "that is more than all")
        return cls(percent)

    def is_above(self, part: int, whole: int) -> bool:
        """Whether `part` of `whole` is a share below this rate."""
        return part * _WHOLE < self.percent * whole

    def __str__(self) -> str:
        return f"{self.percent.normalize():f}%"


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoThreshold:
    """Between which ages, and below which rate of return, a threshold is looked for."""

    least: timedelta = timedelta(days=7)
    most: timedelta = timedelta(days=180)
    return_rate: ReturnRate = ReturnRate(Decimal(1))

    def __post_init__(self) -> None:
        for age in (self.least, self.most):
            if not SECOND <= age <= LONGEST:
                raise InvalidPolicyError("A threshold is from one second to a hundred years.")
        if self.least > self.most:
            raise InvalidPolicyError(
                f"auto_least ({format_duration(self.least)}) is longer than "
                f"auto_most ({format_duration(self.most)}): there is no threshold between them."
            )

    @property
    def ages(self) -> tuple[timedelta, ...]:
        """Every age that is tried: from the least on in steps of a day, and at last the most."""
        steps = (self.least + number * STEP for number in count())
        return (*takewhile(lambda age: age < self.most, steps), self.most)


USUAL = AutoThreshold()


@dataclass(frozen=True, slots=True)
class Unused:
    """For each age: how many sessions ever lay unused for longer, and how many of these were used again."""

    reached: Sequence[int]
    returned: Sequence[int]


class Why(StrEnum):
    """What led to a threshold."""

    BELOW_RATE = "below_rate"
    TOO_LITTLE_HISTORY = "too_little_history"
    NEVER_BELOW_RATE = "never_below_rate"
    NO_DATABASE = "no_database"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A threshold and why it was taken.

    `reached` and `returned` are those of `age`: the threshold itself or, where none would do, the
    longest age that enough sessions had reached, or else the shortest.
    """

    auto: AutoThreshold
    stale_after: timedelta
    why: Why
    age: timedelta
    reached: int = 0
    returned: int = 0


def choose(auto: AutoThreshold, unused: Unused) -> Choice:
    """Take the shortest age that few enough came back from; in doubt the longest, which deletes least."""
    figures = list(zip(auto.ages, unused.reached, unused.returned, strict=True))
    known = [figure for figure in figures if figure[1] >= ENOUGH]
    for age, reached, returned in known:
        if auto.return_rate.is_above(returned, reached):
            return Choice(
                auto=auto, stale_after=age, why=Why.BELOW_RATE, age=age, reached=reached, returned=returned
            )
    why = Why.NEVER_BELOW_RATE if known else Why.TOO_LITTLE_HISTORY
    age, reached, returned = known[-1] if known else figures[0]
    return Choice(auto=auto, stale_after=auto.most, why=why, age=age, reached=reached, returned=returned)


def without_history(auto: AutoThreshold) -> Choice:
    """Where there is no database yet."""
    return Choice(auto=auto, stale_after=auto.most, why=Why.NO_DATABASE, age=auto.least)


def _not_a_rate(text: str, why: str) -> InvalidValueError:
    return InvalidValueError(
        f"{text!r} cannot be a return rate: {why}.", hints=["For example 1% or 0.5%; at most 100%."]
    )
