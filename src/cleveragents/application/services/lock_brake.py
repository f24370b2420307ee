"""Refusing a transaction that would keep those who write waiting for too long."""

from __future__ import annotations

from datetime import timedelta

from cleveragents.domain.duration import format_duration
from cleveragents.domain.errors import LockBudgetError, LockBudgetSpentError
from cleveragents.domain.pace import Measured, Pace, fitting_chunk
from cleveragents.domain.ports import Clock, Purge
from cleveragents.domain.report import CleanupReport

_FEW, _MORE = 20, 500
_MESSAGES_EACH = 20
"""With more messages than that, fewer sessions are tried."""
_LONGEST_TRIAL = timedelta(seconds=1)
_DEARER_THAN_TRIED = 2
"""A few rows fit into memory; many spill to the disk on their way. See benchmarks/lock.py."""


class LockBrake:
    def __init__(self, clock: Clock, pace: Pace) -> None:
        self._clock = clock
        self._pace = pace

    def hold(self, report: CleanupReport, purge: Purge) -> None:
        """Raise LockBudgetError where one transaction would hold the lock for longer than is allowed.

        How fast this database deletes is measured by deleting a few of the candidates and rolling that
        back. Everything chosen is there to be taken afterwards.
        """
        budget, found = self._pace.max_lock, report.found
        if budget is None or not found.candidates:
            return
        estimate = self._measured(report, purge, budget).estimate(found) * _DEARER_THAN_TRIED
        size = min(self._pace.chunk or found.candidates, found.candidates)
        would_hold = estimate * (size / found.candidates)
        if would_hold <= budget:
            return
        raise LockBudgetError(
            f"Deleting {size:,} sessions in one transaction would hold the database's write lock for about "
            f"{_rounded(would_hold)}; at most {format_duration(budget)} is allowed.",
            detail="Nothing was deleted. How fast this database deletes was measured on a few of them.",
            remedy=("--chunk", str(fitting_chunk(found, estimate, budget))),
            hints=["cleanup.max_lock, or --max-lock, sets what is allowed."],
        )

    def _measured(self, report: CleanupReport, purge: Purge, budget: timedelta) -> Measured:
        """How much longer more of them take than a few: what every transaction costs is in both."""
        limit = min(budget, _LONGEST_TRIAL)
        few = self._tried(report, purge, _FEW, limit)
        more = self._tried(report, purge, _MORE, limit)
        if more.sessions <= few.sessions or more.lock_held <= few.lock_held:
            return more
        return more.minus(few)

    def _tried(self, report: CleanupReport, purge: Purge, size: int, limit: timedelta) -> Measured:
        most_messages = size * _MESSAGES_EACH
        taken = purge.take(size) or report.found
        if taken.messages > most_messages and taken.candidates > 1:
            purge.put_back()
            taken = purge.take(max(taken.candidates * most_messages // taken.messages, 1)) or taken
        try:
            return purge.measure(report.policy, self._clock.now(), limit)
        except LockBudgetSpentError:
            return Measured(
                sessions=taken.candidates,
                messages=taken.messages,
                content_bytes=taken.content_bytes,
                lock_held=limit,
            )
        finally:
            purge.put_back()


def _rounded(duration: timedelta) -> str:
    return f"{duration.total_seconds():.2g} s"
