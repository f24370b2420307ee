"""One thread that waits until sessions that were created and never used may go."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from heapq import heappop, heappush

from cleveragents.application.services.empty_sessions import EmptySessions
from cleveragents.domain.errors import CleverAgentsError, InterruptedRunError
from cleveragents.domain.ports import Clock, SessionStore

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 500
_GATHERED_FOR = 10
_LONGEST_GATHERING = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(seconds=30)
"""After that the clock is looked at again: it may have been set."""
_FIRST_PATIENCE = timedelta(seconds=1)
_LONGEST_PATIENCE = timedelta(minutes=5)
_BETWEEN_STOPS = 0.05
_ASKED_TO_STOP = 20


class EmptySessionTimer:
    """Purges each scheduled session that is empty when its time has come.

    A session that waits costs an entry in a heap. Those that come due within a tenth of the time
    that they wait, at most five minutes, go together: each purge leaves an archive and an entry in
    the ledger. What waits when the process ends is lost; any purge of the same policy finds it.
    """

    def __init__(
        self, sessions: EmptySessions, store: SessionStore, clock: Clock, *, grace: timedelta
    ) -> None:
        self._sessions = sessions
        self._store = store
        self._clock = clock
        self._grace = grace
        self._gather = min(sessions.empty_after / _GATHERED_FOR, _LONGEST_GATHERING)
        self._changed = threading.Condition()
        self._heap: list[tuple[datetime, str]] = []
        self._waiting: set[str] = set()
        self._failures: dict[str, int] = {}
        self._patience = _FIRST_PATIENCE
        self._not_before: datetime | None = None
        self._thread: threading.Thread | None = None

    @property
    def is_running(self) -> bool:
        return self._thread is not None

    @property
    def waiting(self) -> int:
        """How many sessions are scheduled."""
        return len(self._heap)

    def schedule(self, session_id: str) -> None:
        """Look at a session when it is due; one that is scheduled already keeps its time."""
        self._add([(self._clock.now() + self._sessions.empty_after, session_id)])

    def start(self) -> None:
        if self._thread is not None:
            return
        self._store.allow_runs()
        self._thread = threading.Thread(target=self._run, name="cleveragents-empty-sessions", daemon=True)
        self._thread.start()

    def stop(self) -> bool:
        """End the thread; a purge at work has the grace to come to its end, else it is rolled back.

        Returns whether the thread ended. One that still waits for the database is left to itself: it
        begins nothing more, and with its process it ends.
        """
        with self._changed:
            thread, self._thread = self._thread, None
            self._changed.notify()
        if thread is None:
            return True
        thread.join(self._grace.total_seconds())
        for _ in range(_ASKED_TO_STOP):
            if not thread.is_alive():
                break
            self._store.stop_runs()
            thread.join(_BETWEEN_STOPS)
        if thread.is_alive():
            logger.warning("Purging empty sessions still waits for the database; it is left to itself")
            return False
        self._store.allow_runs()
        return True

    def _add(self, entries: Iterable[tuple[datetime, str]]) -> None:
        with self._changed:
            for due, session_id in entries:
                if session_id not in self._waiting:
                    self._waiting.add(session_id)
                    heappush(self._heap, (due, session_id))
            self._changed.notify()

    def _run(self) -> None:
        while (due := self._wait_for_due()) is not None:
            try:
                self._look(due)
            except InterruptedRunError as error:
                if self._is_over:
                    logger.info("Purging empty sessions was interrupted", extra={"sessions": len(due)})
                else:
                    # Somebody else who shares the store ended what was at work.
                    self._try_again(due, error.message)
            except CleverAgentsError as error:
                self._try_again(due, error.message)
            except Exception as defect:
                # Whatever it is, the sessions must not pile up behind it.
                logger.exception("Purging empty sessions met a defect")
                self._try_again(due, repr(defect))
            else:
                self._patience = _FIRST_PATIENCE

    def _wait_for_due(self) -> Collection[str] | None:
        """Those whose time has come; None at the end."""
        with self._changed:
            while not self._is_over and (wait := self._time_left()) > timedelta(0):
                self._changed.wait(wait.total_seconds())
            return None if self._is_over else self._take_due()

    @property
    def _is_over(self) -> bool:
        """Whether the thread at hand is to end; another one may have taken its place."""
        return self._thread is not threading.current_thread()

    def _time_left(self) -> timedelta:
        now = self._clock.now()
        if not self._heap:
            return _LONGEST_WAIT
        moment = self._heap[0][0] + self._gather
        if self._not_before is not None:
            moment = max(moment, self._not_before)
        return min(moment - now, _LONGEST_WAIT)

    def _take_due(self) -> Collection[str]:
        now, due = self._clock.now(), list[str]()
        while self._heap and self._heap[0][0] < now and len(due) < MOST_AT_ONCE:
            _, session_id = heappop(self._heap)
            self._waiting.discard(session_id)
            due.append(session_id)
        return due

    def _look(self, due: Collection[str]) -> None:
        looked = self._sessions.purge(due)
        now = self._clock.now()
        self._failures = {each: count for each, count in self._failures.items() if each not in due} | {
            each: self._failures.get(each, 0) + 1 for each in looked.failed
        }
        self._add((moment, each) for each, moment in looked.again.items())
        self._add((now + _patience_after(self._failures[each]), each) for each in looked.failed)

    def _try_again(self, due: Collection[str], why: str) -> None:
        """Put all back, and wait longer each time: what is wrong is not about some of them."""
        patience, self._patience = self._patience, min(self._patience * 2, _LONGEST_PATIENCE)
        logger.warning("Empty sessions could not be purged", extra={"why": why, "again_in": str(patience)})
        now = self._clock.now()
        self._not_before = now + patience
        self._add((now, each) for each in due)


def _patience_after(failures: int) -> timedelta:
    return min(_FIRST_PATIENCE * (1 << min(failures - 1, 16)), _LONGEST_PATIENCE)
