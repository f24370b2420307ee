"""Sweeping in the background until told to stop."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from cleveragents.application.services.purge_log import log_sweep
from cleveragents.application.services.sweep_observers import SweepObserver
from cleveragents.application.services.sweep_service import Looked, SweepService
from cleveragents.domain.errors import CleverAgentsError, SweepAtWorkError, SweepsStoppedError
from cleveragents.domain.ports import Clock, SessionStore, Timer
from cleveragents.domain.sweep import Idle

logger = logging.getLogger(__name__)

_FIRST_PATIENCE = timedelta(seconds=5)
_LONGEST_PATIENCE = timedelta(minutes=1)
_BETWEEN_STOPS = 0.05
_NOT_ITS_TURN = (SweepAtWorkError, SweepsStoppedError)
_SILENT = {None, Idle.NOT_DUE, Idle.ELSEWHERE}


class Sweeper:
    """Looks at the schedule again and again in a thread of its own, and never ends by itself."""

    def __init__(  # noqa: PLR0913 - its parts
        self,
        service: SweepService,
        store: SessionStore,
        clock: Clock,
        timer: Timer,
        *,
        grace: timedelta,
        observer: SweepObserver,
    ) -> None:
        self._service = service
        self._store = store
        self._clock = clock
        self._timer = timer
        self._grace = grace
        self._observer = observer
        self._working = threading.Lock()
        self._is_stopping = threading.Event()
        self._patience = _FIRST_PATIENCE
        self._idle: Idle | None = None

    def start(self) -> None:
        self._is_stopping.clear()
        self._store.allow_runs()
        self._timer.start(self._look)

    def stop(self, grace: timedelta | None = None) -> bool:
        """Begin no more sweep, and wait for the one at work, at most for the grace; then roll it back.

        Returns whether it came to its end by itself, or there was none.
        """
        self._is_stopping.set()
        self._timer.stop()
        return self._wait_or_roll_back(self._grace if grace is None else grace)

    def once(self, is_enough: threading.Event) -> Looked:
        """Sweep now, whatever the schedule says; once it `is_enough`, within the grace.

        Raises what SweepService.sweep_now raises.
        """
        ended: list[Looked | BaseException] = []
        self._store.allow_runs()
        worker = threading.Thread(target=self._once, args=(ended, is_enough), name="cleveragents-sweep")
        worker.start()
        is_enough.wait()
        if worker.is_alive():
            self._wait_or_roll_back(self._grace)
        worker.join()
        (result,) = ended
        if isinstance(result, BaseException):
            raise result
        return result

    def _once(self, ended: list[Looked | BaseException], is_enough: threading.Event) -> None:
        with self._working:
            try:
                looked = self._service.sweep_now()
                self._tell(looked)
                ended.append(looked)
            except BaseException as error:  # noqa: BLE001 - whoever waits for this thread raises it
                if isinstance(error, Exception) and not isinstance(error, _NOT_ITS_TURN):
                    self._observer.failed(error)
                ended.append(error)
        is_enough.set()

    def _wait_or_roll_back(self, grace: timedelta) -> bool:
        if is_done := self._working.acquire(timeout=grace.total_seconds()):
            self._working.release()
            return is_done
        while not self._working.acquire(timeout=_BETWEEN_STOPS):
            self._store.stop_runs()
        # Whoever shares the store may go on; this sweeper begins nothing any more.
        self._store.allow_runs()
        self._working.release()
        return False

    def _look(self) -> timedelta:
        with self._working:
            if self._is_stopping.is_set():
                return _LONGEST_PATIENCE
            try:
                looked = self._service.look()
                self._tell(looked)
            except CleverAgentsError as error:
                return self._again_after(error)
            except Exception as defect:
                # Whatever it is, the sessions must not pile up behind it.
                logger.exception("A sweep met a defect")
                return self._again_after(defect)
        self._patience = _FIRST_PATIENCE
        return max(looked.next_look - self._clock.now(), timedelta(0))

    def _again_after(self, error: Exception) -> timedelta:
        patience, self._patience = self._patience, min(self._patience * 2, _LONGEST_PATIENCE)
        why = error.message if isinstance(error, CleverAgentsError) else repr(error)
        logger.error("Looking for a sweep failed", extra={"why": why, "again_in": str(patience)})
        self._observer.failed(error)
        return patience

    def _tell(self, looked: Looked) -> None:
        if looked.idle is not self._idle and looked.idle not in _SILENT:
            logger.warning("No sweep", extra={"why": looked.idle})
        self._idle = looked.idle
        if looked.sweep is None:
            return
        log_sweep(looked.sweep, looked.report)
        self._observer.swept(looked.sweep, looked.report)
