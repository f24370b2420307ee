"""Refusing a transaction that would keep those who write waiting for too long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
_WHERE_SET = "cleanup.max_lock, or --max-lock, sets what is allowed."
_REHEARSAL_IS_ONE = "A rehearsal is one transaction of everything; narrow it down, or leave --max-lock out."
_DEARER_THAN_TRIED = 2
"""A few rows fit into memory; many spill to the disk on their way, and a commit takes time as well."""


class LockBrake:
    def __init__(self, clock: Clock, pace: Pace) -> None:
        self._clock = clock
        self._pace = pace

    def hold(self, report: CleanupReport, purge: Purge) -> int | None:
        """Raise LockBudgetError where one transaction would hold the lock for longer than is allowed.

        Returns how many sessions fit into one, None where any time is allowed. How fast this database
        deletes is measured by deleting a few of the candidates and rolling that back. Everything chosen
        is there to be taken afterwards.
        """
        budget, found = self._pace.max_lock, report.found
        if budget is None or not found.candidates:
            return None
        estimate = self._measured(report, purge, min(budget, _LONGEST_TRIAL)).estimate(found)
        estimate *= _DEARER_THAN_TRIED
        chunk = None if found.only_named else self._pace.chunk
        size = min(chunk or found.candidates, found.candidates)
        would_hold = estimate * (size / found.candidates)
        fitting = fitting_chunk(found, estimate, budget)
        if would_hold <= budget:
            return fitting
        raise LockBudgetError(
            f"Deleting {_counted(size)} in one transaction would hold the database's write lock for about "
            f"{_rounded(would_hold)}; at most {format_duration(budget)} is allowed.",
            detail="Nothing was deleted. How fast this database deletes was measured on a few of them.",
            remedy=_chunk_below(size, fitting),
            hints=[_WHERE_SET],
        )

    @contextmanager
    def advising(self, fitting: int | None, *, is_rehearsal: bool) -> Iterator[None]:
        """Say what to do instead where one transaction spent its budget although it had been let pass."""
        try:
            yield
        except LockBudgetSpentError as spent:
            if is_rehearsal:
                raise spent.retold(spent.message, _REHEARSAL_IS_ONE, _WHERE_SET) from spent
            # It was estimated too low, so half of what the estimate says.
            spent.remedy = _chunk_below(self._pace.chunk, max((fitting or 1) // 2, 1))
            spent.hints = (*spent.hints, _WHERE_SET)
            raise

    def _measured(self, report: CleanupReport, purge: Purge, limit: timedelta) -> Measured:
        """How much longer more of them take than a few: what every transaction costs is in both."""
        size = _FEW
        few = self._tried(report, purge, size, limit)
        while not few.is_complete and size > 1:
            size //= 2
            few = self._tried(report, purge, size, limit)
        if size < _FEW or not few.is_complete:
            return few
        more = self._tried(report, purge, _MORE, limit)
        if not more.is_complete or more.sessions <= few.sessions or more.lock_held <= few.lock_held:
            return few
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
                is_complete=False,
            )
        finally:
            purge.put_back()


def _chunk_below(size: int | None, fitting: int) -> tuple[str, ...]:
    """What to add to the command, unless what it says is that small already."""
    return ("--chunk", str(fitting)) if size is None or fitting < size else ()


def _counted(sessions: int) -> str:
    return "1 session" if sessions == 1 else f"{sessions:,} sessions"


def _rounded(duration: timedelta) -> str:
    return f"{duration.total_seconds():.2g} s"
