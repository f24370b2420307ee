"""Purging sessions that were created and never used, a few that are named at a time."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cleveragents.application.services.cleanup_service import CleanupService
from cleveragents.application.services.session_service import SessionService
from cleveragents.domain.errors import (
    CleverAgentsError,
    DatabaseError,
    LockBudgetError,
    PurgeMismatchError,
    TooManyError,
)
from cleveragents.domain.ports import Clock
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.retention import Reason, RetentionPolicy
from cleveragents.domain.session import Session

logger = logging.getLogger(__name__)

_INSTANT = timedelta(microseconds=1)
# Fewer at once may pass where these stop all of them.
_OF_SOME = (LockBudgetError, PurgeMismatchError, TooManyError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What became of sessions that were due.

    `again` says when to look at those that may still become candidates by themselves; `failed` are
    those that could be purged, were it not for something about them.
    """

    purged: int = 0
    again: Mapping[str, datetime] = field(default_factory=dict)
    failed: Sequence[str] = ()


class EmptySessions:
    """Purges those of the sessions asked for that are empty, by the policy it is made with, and no others."""

    def __init__(
        self,
        cleanup: Callable[[], CleanupService],
        sessions: SessionService,
        clock: Clock,
        policy: RetentionPolicy,
    ) -> None:
        self._cleanup = cleanup
        self._sessions = sessions
        self._clock = clock
        self._policy = replace(policy, reasons=frozenset({Reason.EMPTY}), dangling=False)

    @property
    def empty_after(self) -> timedelta:
        return self._policy.empty_after

    def purge(self, session_ids: Collection[str]) -> Looked:
        """Purge what may go; raises what keeps all of them from being purged, or from being looked at."""
        failed: list[str] = []
        purged = sum(report.purged.sessions for report in self._purge(sorted(session_ids), failed))
        now = self._clock.now()
        left = self._sessions.find(session_ids)
        again = {each.session_id: moment for each in left if (moment := self._next_look(each, now))}
        still_due = {each.session_id for each in left if not each.message_count} - again.keys()
        return Looked(purged=purged, again=again, failed=[each for each in failed if each in still_due])

    def _purge(self, session_ids: Sequence[str], failed: list[str]) -> list[CleanupReport]:
        """Purge all at once, or where one of them is in the way, the others without it."""
        try:
            report = self._cleanup().purge(self._policy, among=session_ids)
        except CleverAgentsError as error:
            if not (isinstance(error, _OF_SOME) or type(error) is DatabaseError):
                raise
            if len(session_ids) == 1:
                logger.warning("An empty session cannot be purged", extra={"why": error.message})
                failed.extend(session_ids)
                return []
            half = len(session_ids) // 2
            return self._purge(session_ids[:half], failed) + self._purge(session_ids[half:], failed)
        failed.extend(skip.session_id for skip in report.purged.skipped)
        return [report]

    def _next_look(self, session: Session, now: datetime) -> datetime | None:
        """When a session that is still there becomes empty unless it is used; None where it does not."""
        if session.message_count:
            return None
        lease = session.lease_expires_at
        moment = session.last_accessed_at + self.empty_after + _INSTANT
        moment = moment if lease is None else max(moment, lease)
        return moment if moment > now else None
