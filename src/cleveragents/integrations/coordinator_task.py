"""What a coordinator does beside its callers."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

from cleveragents.application.services.coordination import Coordination
from cleveragents.domain.errors import CleverAgentsError

logger = logging.getLogger(__name__)
_TO_ROLL_BACK = timedelta(seconds=1)
_BETWEEN_REQUESTS = 0.02


class CoordinatorTask(Thread):
    """Cleans up at each interval until it is ended, and closes all sessions then.

    It is a daemon: a program that forgets to end it can end all the same.
    """

    def __init__(
        self,
        open_sessions: Coordination,
        session_timeout: timedelta,
        interval: timedelta,
        *,
        at_the_end: Callable[[], None] | None,
    ) -> None:
        super().__init__(name="cleveragents-coordinator", daemon=True)
        self._open = open_sessions
        self._session_timeout = session_timeout
        self._interval = interval.total_seconds()
        self._at_the_end = at_the_end
        self._is_ending = Event()

    def run(self) -> None:
        while not self._is_ending.wait(self._interval):
            self._clean_up()
        self._open.close_all()
        if self._at_the_end is not None:
            self._at_the_end()

    def end(self, grace: timedelta) -> bool:
        """Return whether it ended: within the grace, or soon after its cleanup was rolled back."""
        self._is_ending.set()
        if not self.ident:
            self.start()  # Only its end is wanted; it too must not take longer than the grace.
        self.join(grace.total_seconds())
        if self.is_alive():
            self._roll_back()
        return not self.is_alive()

    def _roll_back(self) -> None:
        give_up = time.monotonic() + _TO_ROLL_BACK.total_seconds()
        try:
            while self.is_alive() and time.monotonic() < give_up:
                self._open.stop_cleanup()
                self.join(_BETWEEN_REQUESTS)
        finally:
            self._open.allow_cleanup()

    def _clean_up(self) -> None:
        try:
            self._open.renew()
            self._open.clean_up(self._session_timeout)
        except CleverAgentsError as error:
            logger.error(  # noqa: TRY400 - what went wrong is known; where in the code tells nobody more
                "Cleaning up inactive sessions failed", extra={"code": error.code, "why": error.message}
            )
        except Exception:
            # Whatever it was must not be the last cleanup.
            logger.exception("Cleaning up inactive sessions met a defect")
