"""One sweep: whose turn it is, whether it is due, and what became of it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from cleveragents.application.services.cleanup_service import CleanupService
from cleveragents.application.services.sweep_book import SweepBook
from cleveragents.application.services.sweep_plan import SweepPlan
from cleveragents.domain.errors import (
    CleverAgentsError,
    LeaseLostError,
    LockBudgetError,
    SweepAtWorkError,
    SweepsStoppedError,
)
from cleveragents.domain.pace import Pace
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.domain.sweep import Idle, Lease, Sweep

logger = logging.getLogger(__name__)

_RENEWED_OFTENER = 3
_TRIED_SMALLER = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look at the schedule led to.

    Either a sweep, with its report or the error that ended it, or `idle`, the reason for none.
    """

    next_look: datetime
    sweep: Sweep | None = None
    report: CleanupReport | None = None
    error: CleverAgentsError | None = None
    idle: Idle | None = None


Warn = Callable[[RetentionPolicy], object]


class MakeCleanup(Protocol):
    def __call__(self, *, pace: Pace) -> CleanupService: ...


class SweepService:
    """Sweeps one store, never at the same time as another process.

    `policy` is asked anew for each sweep. `lease` is how long one lasts unless it is renewed. `warn` tells
    of sessions that will become eligible; a sweep goes on where it fails.
    """

    def __init__(  # noqa: PLR0913 - a sweep has many parts
        self,
        book: SweepBook,
        plan: SweepPlan,
        *,
        cleanup: MakeCleanup,
        policy: Callable[[], RetentionPolicy],
        pace: Pace,
        lease: timedelta,
        warn: Warn,
    ) -> None:
        self._book = book
        self._plan = plan
        self._cleanup = cleanup
        self._policy = policy
        self._pace = pace
        self._lease = lease
        self._warn = warn

    def look(self) -> Looked:
        """Sweep if one is due and nobody else does; raises what keeps it from finding out."""
        now = self._book.now()
        if idle := self._book.idle():
            return Looked(idle=idle, next_look=self._plan.later(now))
        if not self._is_due():
            return Looked(idle=Idle.NOT_DUE, next_look=self._next_look())
        lease = self._book.take_lease(self._lease)
        if lease is None:
            return Looked(idle=Idle.ELSEWHERE, next_look=self._plan.later(now))
        with self._renewing(lease):
            self._book.settle_dead(lease)
            # Somebody may have swept since the first look, or have died right after the commit.
            if not self._is_due():
                return Looked(idle=Idle.NOT_DUE, next_look=self._next_look())
            looked = self._sweep(lease)
        return replace(looked, next_look=self._next_look())

    def sweep_now(self) -> Looked:
        """Sweep whatever the schedule says.

        Raises SweepAtWorkError or SweepsStoppedError where it may not.
        """
        now = self._book.now()
        idle = self._book.idle()
        if idle is Idle.NO_DATABASE:
            return Looked(
                report=self._cleanup(pace=self._pace).scan(self._policy()), idle=idle, next_look=now
            )
        if idle is not None:
            raise self._stopped(idle)
        lease = self._book.take_lease(self._lease)
        if lease is None:
            raise self._not_ours()
        with self._renewing(lease):
            self._book.settle_dead(lease)
            return self._sweep(lease)

    def _is_due(self) -> bool:
        now = self._book.now()
        return self._plan.due(self._book.past(), now) <= now

    def _next_look(self) -> datetime:
        now = self._book.now()
        try:
            return self._plan.at_latest(self._plan.due(self._book.past(), now), now)
        except CleverAgentsError:
            return self._plan.later(now)

    def _sweep(self, lease: Lease) -> Looked:
        sweep = self._book.begin(lease)
        try:
            report = self._purge(sweep, lease)
        except CleverAgentsError as error:
            now = self._book.now()
            return Looked(sweep=self._book.end(sweep.failed(error, now)), error=error, next_look=now)
        now = self._book.now()
        return Looked(sweep=self._book.end(sweep.done(report, now)), report=report, next_look=now)

    def _purge(self, sweep: Sweep, lease: Lease) -> CleanupReport:
        """Purge in one transaction or, where that would hold the lock for too long, in chunks that do not."""
        policy, pace = self._policy(), self._pace
        self._warn_of_expiry(policy)
        for _ in range(_TRIED_SMALLER):
            try:
                return self._cleanup(pace=pace).purge(policy, run_id=sweep.sweep_id, lease=lease)
            except LockBudgetError as error:
                if error.fitting_chunk is None:
                    raise
                logger.info("Too much for one transaction", extra={"chunk": error.fitting_chunk})
                pace = replace(pace, chunk=error.fitting_chunk)
        return self._cleanup(pace=pace).purge(policy, run_id=sweep.sweep_id, lease=lease)

    def _warn_of_expiry(self, policy: RetentionPolicy) -> None:
        try:
            self._warn(policy)
        except CleverAgentsError as error:
            logger.warning("Nobody could be warned of what expires", extra={"why": error.message})

    def _stopped(self, idle: Idle) -> SweepsStoppedError:
        if idle is Idle.STOP_FILE:
            return SweepsStoppedError(
                f"Sweeps are stopped by the file {self._book.stop_file}. Nothing was changed.",
                hints=["Remove it to let sweeps begin again."],
            )
        pause = self._book.turn().pause
        who = f" by {pause.who}" if pause else ""
        return SweepsStoppedError(
            f"Sweeps are paused{who}. Nothing was changed.", hints=["agents cleanup resume"]
        )

    def _not_ours(self) -> CleverAgentsError:
        turn = self._book.turn()
        if turn.pause is not None:
            return self._stopped(Idle.PAUSED)
        return SweepAtWorkError(turn.lease.holder if turn.lease else "")

    @contextmanager
    def _renewing(self, lease: Lease) -> Iterator[None]:
        """Renew the lease while the block works, and hand it back after it."""
        is_over = threading.Event()
        pause = self._lease.total_seconds() / _RENEWED_OFTENER

        def renew() -> None:
            while not is_over.wait(pause):
                try:
                    self._book.renew(lease, self._lease)
                except LeaseLostError:
                    logger.warning("The lease of the sweep is lost; what it has not committed is rolled back")
                    return
                except CleverAgentsError as error:
                    logger.info("The lease could not be renewed", extra={"why": error.message})

        renewing = threading.Thread(target=renew, name="cleveragents-lease", daemon=True)
        renewing.start()
        try:
            yield
        finally:
            is_over.set()
            renewing.join()
            self._book.hand_back(lease)
