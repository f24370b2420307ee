"""The sessions that one process has open: few in memory, leased in the store, cleaned up when left."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from threading import Lock
from typing import Any

from cleveragents.application.services.cleanup_service import CleanupService
from cleveragents.application.services.session_service import SessionService
from cleveragents.domain.active_sessions import ActiveSession, ActiveSessions
from cleveragents.domain.errors import CleverAgentsError, SessionNotFoundError
from cleveragents.domain.ports import Clock, SessionRepository, SessionStore
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.retention import Reason, RetentionPolicy
from cleveragents.domain.session import Message, Role, Session

logger = logging.getLogger(__name__)
_RELEASED_AT_ONCE = 100
_PURGED_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class InactiveCleanup:
    """What a cleanup of inactive sessions did.

    `closed` are no longer active. Of these `purged` are gone, by the database's own count, and `kept`
    are still in it, or were gone before. `reports` are those of the purges.
    """

    closed: int = 0
    purged: int = 0
    reports: tuple[CleanupReport, ...] = ()

    @property
    def kept(self) -> int:
        return self.closed - self.purged


class Coordination:
    """Safe from several threads. No lock is held while the database works, except that cleanups queue.

    What uses a session writes to the store first, and then into memory: of two threads the later use
    counts, whichever tells it first.
    """

    def __init__(  # noqa: PLR0913 - what it works on, and two figures
        self,
        store: SessionStore,
        clock: Clock,
        *,
        sessions: SessionService,
        cleanup: CleanupService,
        policy: RetentionPolicy,
        most: int,
        hold: timedelta,
    ) -> None:
        self._store = store
        self._clock = clock
        self._sessions = sessions
        self._cleanup = cleanup
        self._policy = policy
        self._hold = hold
        self._active = ActiveSessions(most)
        self._looking = Lock()
        self._cleaning = Lock()

    @property
    def active(self) -> tuple[str, ...]:
        with self._looking:
            return self._active.ids

    @property
    def current(self) -> str | None:
        with self._looking:
            return self._active.current

    def create(self, **columns: Any) -> Session:
        return self._used(self._sessions.create(**columns, hold=self._hold), is_current=True)

    def switch(self, session_id: str) -> Session:
        with self._forgetting_what_is_gone(session_id):
            return self._used(self._sessions.touch(session_id, hold=self._hold), is_current=True)

    def touch(self, session_id: str) -> Session:
        with self._forgetting_what_is_gone(session_id):
            return self._used(self._sessions.touch(session_id, hold=self._hold))

    def append(self, session_id: str, role: Role, content: str, **columns: Any) -> Message:
        with self._forgetting_what_is_gone(session_id):
            session, message = self._sessions.append(session_id, role, content, **columns, hold=self._hold)
        self._used(session)
        return message

    def change_state(self, session_id: str, state: Mapping[str, Any]) -> Session:
        with self._forgetting_what_is_gone(session_id):
            return self._used(self._sessions.change_state(session_id, state, hold=self._hold))

    def begin_tool(self, session_id: str) -> Session:
        session = self.touch(session_id)
        with self._looking:
            self._active.begin_tool(session.session_id)
        return session

    def end_tool(self, session_id: str) -> None:
        with self._looking:
            self._active.end_tool(session_id)
        self.touch(session_id)

    def renew(self) -> None:
        """Use each session in which a tool runs, so that its lease does not run out meanwhile."""
        with self._looking:
            with_tools = self._active.with_tools
        for session_id in with_tools:
            try:
                self.touch(session_id)
            except SessionNotFoundError:  # somebody deleted it; the tool will learn it at its end
                continue

    def close(self, session_id: str) -> bool:
        with self._looking:
            closed = self._active.close(session_id)
        if closed is not None:
            self._release_if_possible([closed])
        return closed is not None

    def close_all(self) -> None:
        with self._looking:
            closed = [each for each in map(self._active.close, self._active.ids) if each is not None]
        self._release_if_possible(closed)

    def clean_up(self, max_age: timedelta) -> InactiveCleanup:
        policy = replace(self._policy, stale_after=max_age, reasons=frozenset({Reason.STALE}), dangling=False)
        cleaned = InactiveCleanup()
        with self._cleaning:
            with self._looking:
                inactive = iter(self._active.inactive(self._clock.now(), max_age))
            while batch := list(islice(inactive, _PURGED_AT_ONCE)):
                cleaned = self._clean_up_some(batch, policy, cleaned)
        if cleaned.closed:
            logger.info(
                "Inactive sessions closed",
                extra={"sessions_closed": cleaned.closed, "sessions_deleted": cleaned.purged},
            )
        return cleaned

    def _clean_up_some(
        self, inactive: Sequence[ActiveSession], policy: RetentionPolicy, cleaned: InactiveCleanup
    ) -> InactiveCleanup:
        self._release(inactive)
        report = self._cleanup.purge(policy, among=[each.session_id for each in inactive])
        # Where that failed they are active all the same, so that the next cleanup tries again.
        with self._looking:
            closed = self._active.close_unused(inactive)
        return InactiveCleanup(
            closed=cleaned.closed + closed,
            purged=cleaned.purged + report.purged.sessions,
            reports=(*cleaned.reports, report),
        )

    def stop_cleanup(self) -> None:
        """Have the purge at work rolled back; to be asked again until it has ended."""
        self._store.stop_runs()

    def allow_cleanup(self) -> None:
        self._store.allow_runs()

    def _used(self, session: Session, *, is_current: bool = False) -> Session:
        used = ActiveSession(
            session_id=session.session_id,
            last_accessed_at=session.last_accessed_at,
            leased_until=session.last_accessed_at + self._hold,
        )
        with self._looking:
            closed = self._active.use(used)
            if is_current:
                self._active.current = session.session_id
        if closed is not None:
            self._release_if_possible([closed])
        return session

    @contextmanager
    def _forgetting_what_is_gone(self, session_id: str) -> Iterator[None]:
        try:
            yield
        except SessionNotFoundError:
            with self._looking:
                self._active.close(session_id)
            raise

    def _release_if_possible(self, closed: Sequence[ActiveSession]) -> None:
        try:
            self._release(closed)
        except CleverAgentsError as error:
            # They are closed all the same: a lease that nobody renews runs out by itself.
            logger.warning("Leases could not be released", extra={"why": error.message})

    def _release(self, closed: Sequence[ActiveSession]) -> None:
        """End the leases of this process, and no other's; it is no use, so no clock is reset."""
        # In one order everywhere, so that two processes that release the same do not wait for each other.
        remaining = iter(sorted(closed, key=lambda each: each.session_id))
        while batch := list(islice(remaining, _RELEASED_AT_ONCE)):
            with self._store.writing() as work:
                for each in batch:
                    _release_one(work.sessions, each)
                work.commit()


def _release_one(sessions: SessionRepository, closed: ActiveSession) -> None:
    try:
        session = sessions.lock(closed.session_id)
    except SessionNotFoundError:
        return
    if session.lease_expires_at == closed.leased_until:
        sessions.change(session, replace(session, lease_expires_at=None))
