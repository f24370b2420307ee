"""Finding the sessions nobody will come back to, and removing them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from cleveragents.application.services.session_service import resolve
from cleveragents.domain.ports import Clock, Purge, SessionStore
from cleveragents.domain.report import (
    LISTED,
    CleanupReport,
    Explanation,
    Findings,
    Outcome,
    RuleOutcome,
)
from cleveragents.domain.retention import Protection, Reason, RetentionPolicy, Verdict
from cleveragents.domain.session import Session

logger = logging.getLogger(__name__)

Approval = Callable[[CleanupReport], bool]
_INSTANT = timedelta(microseconds=1)


class CleanupService:
    """Scan and purge one store by a retention policy.

    `enabled` False makes `purge` report what it would have deleted, and delete nothing.
    """

    def __init__(self, store: SessionStore, clock: Clock, *, enabled: bool = True) -> None:
        self._store = store
        self._clock = clock
        self._enabled = enabled

    def scan(self, policy: RetentionPolicy, *, listed: int | None = LISTED) -> CleanupReport:
        """Count every session and find the candidates; changes nothing, creates nothing.

        `listed` bounds `report.found.sessions` (oldest first); None lists every candidate. Raises
        DatabaseError where the database cannot be read, or DatabaseLockedError.
        """
        report = self._begin(policy, dry_run=True)
        return self._timed(self._scan_sessions(report, self._look(listed)))

    def purge(
        self,
        policy: RetentionPolicy,
        *,
        approve: Approval | None = None,
        listed: int | None = LISTED,
    ) -> CleanupReport:
        """Scan, then delete the candidates in one transaction.

        `approve` sees the scan's report before anything is deleted; where it returns False, nothing
        is. What was used, pinned, leased or removed after the scan is skipped and named in
        `report.purged`. Raises PurgeMismatchError where the database did not delete exactly what was
        chosen, DatabaseLockedError where another process holds the lock, DatabaseError otherwise;
        in each case nothing was deleted.
        """
        report = self._begin(policy, dry_run=False)
        if not self._enabled:
            report = self._scan_sessions(report, self._look(listed))
            return self._timed(replace(report, outcome=Outcome.DISABLED))
        if logger.isEnabledFor(logging.DEBUG):
            listed = None
        with self._store.purging() as purge:
            report = self._scan_sessions(report, lambda p, now: purge.choose(p, now, listed=listed))
            report = self._timed(report)
            if approve is not None and not approve(report):
                return replace(report, outcome=Outcome.DECLINED)
            return self._purge_sessions(report, purge)

    def explain(self, asked_for: str, policy: RetentionPolicy) -> Explanation:
        """Say how each rule judges one session now; the id may be any unambiguous prefix."""
        now = self._clock.now()
        with self._store.reading() as work:
            session = resolve(work.sessions, asked_for)
            verdict = work.sessions.verdict(session.session_id, policy, now)
            is_orphan = session.parent_session_id is not None and not work.sessions.parent_exists(session)
        applies = {
            Reason.STALE: True,
            Reason.EMPTY: session.message_count == 0,
            Reason.ORPHANED: is_orphan,
        }
        rules = tuple(
            RuleOutcome(
                reason=reason,
                applies=applies[reason] and reason in policy.reasons,
                threshold=policy.threshold(reason, session.stale_after),
                selects=reason in verdict.reasons,
            )
            for reason in Reason
        )
        return Explanation(
            session=session,
            verdict=verdict,
            as_of=now,
            rules=rules,
            eligible_at=_eligible_at(session, verdict, rules),
        )

    def _begin(self, policy: RetentionPolicy, *, dry_run: bool) -> CleanupReport:
        return CleanupReport(
            policy=policy,
            as_of=self._clock.now(),
            dry_run=dry_run,
            database_missing=self._store.is_missing(),
        )

    def _look(self, listed: int | None) -> Callable[[RetentionPolicy, datetime], Findings]:
        def look(policy: RetentionPolicy, now: datetime) -> Findings:
            with self._store.looking() as find:
                return find(policy, now, listed=listed)

        return look

    def _scan_sessions(
        self, report: CleanupReport, look: Callable[[RetentionPolicy, datetime], Findings]
    ) -> CleanupReport:
        """Fill in what the one selection finds at the report's moment."""
        return replace(report, found=look(report.policy, report.as_of))

    def _purge_sessions(self, report: CleanupReport, purge: Purge) -> CleanupReport:
        """Delete what the report's scan chose and is still a candidate now, and fill in what went."""
        began = self._clock.now()
        purged = purge.delete(report.policy, began)
        # The scan's time and the purge's; how long a person thought in between is not ours.
        duration = report.duration + max(self._clock.now() - began, timedelta(0))
        report = replace(report, purged=purged, outcome=Outcome.PURGED, duration=duration)
        _log_purge(report)
        return report

    def _timed(self, report: CleanupReport) -> CleanupReport:
        return replace(report, duration=max(self._clock.now() - report.as_of, timedelta(0)))


def _log_purge(report: CleanupReport) -> None:
    skipped = {skip.session_id for skip in report.purged.skipped}
    for candidate in report.found.sessions if logger.isEnabledFor(logging.DEBUG) else ():
        if candidate.session_id not in skipped:
            age = report.as_of - candidate.last_accessed_at
            logger.debug(
                "Session deleted",
                extra={"session_id": candidate.session_id, "age_days": age.days},
            )
    logger.info(
        "Session cleanup complete",
        extra={
            "sessions_scanned": report.found.scanned,
            "sessions_deleted": report.purged.sessions,
            "sessions_skipped": report.purged.skipped_total,
            "bytes_freed": report.logical_bytes,
        },
    )


def _eligible_at(session: Session, verdict: Verdict, rules: tuple[RuleOutcome, ...]) -> datetime | None:
    """The first moment at which a rule selects it, unless a protection has no foreseeable end."""
    lasting = verdict.protections - {Protection.LEASED, Protection.FUTURE}
    thresholds = [rule.threshold for rule in rules if rule.applies]
    if lasting or not thresholds or not verdict.in_scope:
        return None
    try:
        moment = session.last_accessed_at + min(thresholds) + _INSTANT
    except OverflowError:  # dated near the year 9999
        return None
    if session.lease_expires_at is not None:
        moment = max(moment, session.lease_expires_at)
    return max(moment, session.created_at)
