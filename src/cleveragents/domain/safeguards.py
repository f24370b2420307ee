"""What holds a purge back, whatever the policy selects."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Self

from cleveragents.domain.errors import InvalidValueError
from cleveragents.domain.session import MOST

USUAL_SHARE = 2
USUAL_FLOOR = 1_000
CLOCK_TOLERANCE = timedelta(days=1)
"""How far the newest activity may lie ahead of the clock before the clock is what must be wrong."""
_WRITTEN = re.compile(r"([0-9]{1,19})(%?)", re.ASCII)
_WHOLE = 100


class Mode(StrEnum):
    """Whether a cleanup may delete at all."""

    REPORT = "report"
    PURGE = "purge"


@dataclass(frozen=True, slots=True)
class PurgeLimit:
    """The most sessions that one purge may take: a number of them, or a percentage of all sessions."""

    amount: int
    is_percentage: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `5000` or `80%`; raises InvalidValueError, also for zero and for more than 100 %."""
        written = _WRITTEN.fullmatch(text.strip())
        if written is None:
            raise _not_a_limit(text, "write a whole number of sessions, or a whole percentage")
        amount, is_percentage = int(written[1]), bool(written[2])
        if not amount:
            raise _not_a_limit(text, "zero would refuse every purge; choose the mode report for that")
        if amount > (_WHOLE if is_percentage else MOST):
            raise _not_a_limit(text, "that is more than all")
        return cls(amount, is_percentage)

    def most_of(self, scanned: int) -> int:
        return scanned * self.amount // _WHOLE if self.is_percentage else self.amount

    def __str__(self) -> str:
        return f"{self.amount}%" if self.is_percentage else str(self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Safeguards:
    """The settings that a purge obeys beside its policy.

    `unarchived_tables` are other programs' tables whose rows may go with a session without being kept.
    `max_purge` None is the usual limit: over half of all sessions, when that is more than a thousand.
    A share is one of all sessions; where a purge looks only at sessions that were named, the thousand
    stands in its place.
    `give_back` False leaves what a purge frees inside the file, for new sessions.
    `enabled` False and the mode `report` both make a purge report what it would have deleted.
    """

    enabled: bool = True
    mode: Mode = Mode.PURGE
    max_purge: PurgeLimit | None = None
    archive: bool = True
    archive_retention: timedelta = timedelta(days=90)
    unarchived_tables: tuple[str, ...] = ()
    plan_max_age: timedelta = timedelta(days=7)
    give_back: bool = True
    ignore_clock: bool = False

    def most_of(self, scanned: int, *, only_named: bool = False) -> int:
        """How many of `scanned` sessions one purge may take."""
        if only_named and (self.max_purge is None or self.max_purge.is_percentage):
            return USUAL_FLOOR
        if self.max_purge is not None:
            return self.max_purge.most_of(scanned)
        return max(USUAL_FLOOR, scanned // USUAL_SHARE)


def _not_a_limit(text: str, why: str) -> InvalidValueError:
    return InvalidValueError(
        f"{text!r} cannot be the most that a purge may take: {why}.",
        hints=["For example 5000 or 80%; 100% allows everything that the policy selects."],
    )
