"""Finding the sessions nobody will come back to, and removing them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

from cleveragents.application.services.archive_keeper import ArchiveKeeper
from cleveragents.application.services.brake import Brake
from cleveragents.application.services.chunked_purge import ChunkedPurge, Wait
from cleveragents.application.services.deleter import Deleter
from cleveragents.application.services.lock_brake import LockBrake
from cleveragents.application.services.order import Approval, Order
from cleveragents.application.services.purge_log import log_purge, tells_each_session
from cleveragents.application.services.resolving import resolve
from cleveragents.application.services.run_recorder import RunRecorder
from cleveragents.application.services.space_giver import SpaceGiver
from cleveragents.domain.errors import StoreMissingError
from cleveragents.domain.explanation import Explanation, explain
from cleveragents.domain.pace import Pace
from cleveragents.domain.plan import Plan
from cleveragents.domain.ports import Clock, Purge, SessionStore
from cleveragents.domain.progress import Progress, Stage
from cleveragents.domain.report import LISTED, SKIPS_NAMED, CleanupReport, Outcome, PlanUsed
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.domain.sweep import Lease


class CleanupService:
    """Scan and purge one store by a retention policy, within its safeguards, at its pace."""

    def __init__(  # noqa: PLR0913 - a purge has many parts
        self,
        store: SessionStore,
        clock: Clock,
        *,
        keeper: ArchiveKeeper,
        recorder: RunRecorder,
        brake: Brake,
        pace: Pace,
        space: SpaceGiver,
        wait: Wait,
        progress: Progress,
    ) -> None:
        self._store = store
        self._clock = clock
        self._keeper = keeper
        self._recorder = recorder
        self._brake = brake
        self._pace = pace
        self._progress = progress
        self._lock_brake = LockBrake(clock, pace)
        self._deleter = Deleter(clock, keeper, recorder)
        self._in_chunks = ChunkedPurge(
            clock, self._deleter, recorder, pace=pace, wait=wait, progress=progress
        )
        self._space = space

    def scan(
        self,
        policy: RetentionPolicy,
        *,
        listed: int | None = LISTED,
        among: Collection[str] | None = None,
    ) -> CleanupReport:
        """Count every session and find the candidates; changes nothing, creates nothing.

        With `among`, only sessions of these full ids are looked at, and no dangling message. `listed`
        bounds `report.found.sessions` (oldest first); None lists every candidate. Raises DatabaseError
        where the database cannot be read, or DatabaseLockedError.
        """
        report = self._begin(policy, dry_run=True)
        return self._brake.preview(
            self._timed(self._scan_sessions(report, self._look(listed, among))), at_once=self._pace.chunk
        )

    def purge(  # noqa: PLR0913 - the ways a purge may go
        self,
        policy: RetentionPolicy,
        *,
        approve: Approval | None = None,
        listed: int | None = LISTED,
        ignore_clock: bool = False,
        among: Collection[str] | None = None,
        run_id: str | None = None,
        lease: Lease | None = None,
    ) -> CleanupReport:
        """Scan, archive the candidates, then delete them, in one transaction unless the pace has chunks.

        `approve` sees the scan's report before anything is deleted; where it returns False, nothing
        is. What was used, pinned, leased or removed after the scan is skipped and named in
        `report.purged`. Raises PurgeRefusedError where a brake stops it, ArchiveUnwritableError where
        no archive can be kept, PurgeMismatchError where the database did not delete exactly what was
        chosen, DatabaseLockedError where another process holds the lock, DatabaseError otherwise;
        in each case nothing was deleted. What stops a purge between two chunks is no error but stands
        in `report.chunks`.

        `among` narrows what the policy selects to sessions of these full ids, however many others there
        are: no dangling message goes, all go in one transaction, where none of them is a candidate nothing
        is recorded, and what interrupted runs left is for other purges to tidy up. At most 1,000 of them
        may go unless `max_purge` is set to another number; a percentage says nothing of them. `run_id`,
        new from `container.ids()`, names the run beforehand.
        With a `lease` it raises LeaseLostError where that is lost before the commit.
        """
        report = self._begin(policy, dry_run=False)
        if self._brake.allows_only_reports:
            look = self._look(listed, among)
            return self._brake.only_report(
                self._timed(self._scan_sessions(report, look)), at_once=self._pace.chunk
            )
        order = Order(
            choose=self._choosing(listed, among),
            approve=approve,
            ignore_clock=ignore_clock,
            run_id=run_id,
            lease=lease,
        )
        return self._run(report, order)

    def rehearse(self, policy: RetentionPolicy, *, listed: int | None = LISTED) -> CleanupReport:
        """Do all that `purge` does, archive included, then roll it back and remove the archive."""
        report = self._begin(policy, dry_run=True)
        order = Order(choose=self._choosing(listed), is_rehearsal=True)
        return self._run(report, order)

    def apply(
        self,
        plan: Plan,
        *,
        approve: Approval | None = None,
        listed: int | None = LISTED,
        ignore_clock: bool = False,
    ) -> CleanupReport:
        """Purge those sessions of a plan that are as they were planned and still candidates.

        Dangling messages are no part of a plan. `listed` bounds the drift that is named too. Raises
        PlanRefusedError for a plan that is too old, edited, or another database's.
        """
        report = self._begin(plan.head.policy, dry_run=False)
        run_id = self._recorder.new_id(report.as_of)
        with self._recorder.recording_failures(report.as_of, run_id, report.policy):
            self._brake.check(plan, report.as_of)
        order = Order(choose=self._choosing_from(plan, listed), approve=approve, ignore_clock=ignore_clock)
        return self._run(report, order)

    def explain(self, asked_for: str, policy: RetentionPolicy) -> Explanation:
        """Say how each rule judges one session now; the id may be any unambiguous prefix."""
        now = self._clock.now()
        with self._store.reading() as work:
            session = resolve(work.sessions, asked_for)
            verdict = work.sessions.verdict(session.session_id, policy, now)
            is_orphan = session.parent_session_id is not None and not work.sessions.parent_exists(session)
        return explain(session, verdict, policy, now, is_orphan=is_orphan)

    def _begin(self, policy: RetentionPolicy, *, dry_run: bool) -> CleanupReport:
        is_missing = self._store.is_missing()
        if is_missing and self._store.ledger_is_apart:
            # Ours comes into being with the first session; where another's is not, it is elsewhere.
            raise StoreMissingError(self._store.displayed_url)
        return CleanupReport(
            policy=policy, as_of=self._clock.now(), dry_run=dry_run, database_missing=is_missing
        )

    def _look(
        self, listed: int | None, among: Collection[str] | None = None
    ) -> Callable[[CleanupReport], CleanupReport]:
        def look(report: CleanupReport) -> CleanupReport:
            with self._progress.stage(Stage.SCAN, None), self._store.looking() as find:
                return replace(report, found=find(report.policy, report.as_of, listed=listed, among=among))

        return look

    def _choosing(
        self, listed: int | None, among: Collection[str] | None = None
    ) -> Callable[[CleanupReport, Purge], CleanupReport]:
        every = None if tells_each_session() else listed

        def choose(report: CleanupReport, purge: Purge) -> CleanupReport:
            found = purge.choose(report.policy, report.as_of, listed=every, among=among)
            return replace(report, found=found)

        return choose

    def _choosing_from(
        self, plan: Plan, listed: int | None
    ) -> Callable[[CleanupReport, Purge], CleanupReport]:
        named = None if listed is None else SKIPS_NAMED

        def choose(report: CleanupReport, purge: Purge) -> CleanupReport:
            found = purge.choose_planned(plan.sessions(), report.policy, report.as_of, listed=listed)
            drift = purge.drift(self._keeper.session_ids_since(plan.head.created_at), named=named)
            used = PlanUsed(
                digest=plan.digest,
                created_at=plan.head.created_at,
                planned=plan.head.candidates,
                drift=drift,
            )
            return replace(report, found=found, plan=used)

        return choose

    def _run(self, report: CleanupReport, order: Order) -> CleanupReport:
        """Carry out one order, and record how it failed where it does."""
        if report.database_missing:
            return self._timed(replace(report, outcome=order.outcome))
        run_id = order.run_id or self._recorder.new_id(report.as_of)
        with ExitStack() as stack:
            if not order.is_rehearsal:
                recording = self._recorder.recording_failures(report.as_of, run_id, report.policy)
                stack.enter_context(recording)
            purge = stack.enter_context(self._store.purging(self._progress))
            return self._run_on(purge, run_id, report, order)

    def _run_on(self, purge: Purge, run_id: str, report: CleanupReport, order: Order) -> CleanupReport:
        report = self._timed(self._scan_sessions(report, lambda begun: order.choose(begun, purge)))
        if report.found.only_named and not report.found.candidates:
            # Whoever names sessions asks often; a ledger full of nothing would tell nobody anything.
            return replace(report, outcome=order.outcome)
        if order.is_rehearsal:
            report = self._brake.preview(report)
        elif self._brake.allows_only_reports:
            return self._brake.only_report(report, at_once=self._pace.chunk)
        else:
            at_once = self._at_once(report)
            report = self._brake.hold(report, ignore_clock=order.ignore_clock, at_once=at_once)
        fitting = None if order.is_rehearsal else self._lock_brake.hold(report, purge)
        if order.approve is not None and not order.approve(report):
            return replace(report, outcome=Outcome.DECLINED)
        with self._lock_brake.advising(fitting, is_rehearsal=order.is_rehearsal):
            return self._purge_sessions(report, purge, run_id, order)

    def _scan_sessions(
        self, report: CleanupReport, look: Callable[[CleanupReport], CleanupReport]
    ) -> CleanupReport:
        """Fill in what the one selection finds at the report's moment."""
        return look(report)

    def _purge_sessions(
        self, report: CleanupReport, purge: Purge, run_id: str, order: Order
    ) -> CleanupReport:
        """Archive and delete what the report's scan chose and is still a candidate now."""
        is_empty = not (report.found.candidates or report.found.dangling_messages)
        max_lock = None if is_empty else self._pace.max_lock
        if order.is_rehearsal:
            return self._deleter.delete(report, purge, run_id, order, max_lock)
        if not report.found.only_named:
            # Reads what is kept of every archive; whoever names sessions purges often.
            report = replace(report, leftovers=self._keeper.tidy_up())
        if self._at_once(report) is not None and not is_empty:
            report = self._in_chunks.purge(report, purge, run_id, order)
        else:
            if max_lock is not None:
                purge.take(None)
            report = self._deleter.delete(report, purge, run_id, order, max_lock)
        if report.chunks is None or report.chunks.stopped is None:
            with self._progress.stage(Stage.GIVE_BACK, None):
                report = self._space.given_back(report, purge, self._pace.max_lock)
        log_purge(report)
        return report

    def _at_once(self, report: CleanupReport) -> int | None:
        """How many sessions go in one transaction; None means all."""
        return None if report.found.only_named else self._pace.chunk

    def _timed(self, report: CleanupReport) -> CleanupReport:
        return replace(report, duration=max(self._clock.now() - report.as_of, timedelta(0)))
