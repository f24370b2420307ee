"""A program that warns of expiring sessions; as a script, one that dies in its hook."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

from cleveragents.application.services.expiry_warner import Hook
from cleveragents.container import Container
from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.listing import ExpiringSession
from cleveragents.domain.retention import RetentionPolicy

if TYPE_CHECKING:
    from support.driver import Driver

DIED = 9


class WarningProgram:
    """A host of its own: `calls` are what its hook was called with in one go, `error` how that ended."""

    def __init__(self, driver: Driver) -> None:
        self._container = driver.container()
        driver.at_the_end(lambda: self._container.store().close())
        self.calls: list[list[ExpiringSession]] = []
        self.warned = 0
        self.error: BaseException | None = None

    def warn(self, before: timedelta | None = None, then: Hook = lambda _: None) -> None:
        """Warn, with a hook that does something more after it has heard."""

        def hook(sessions: Sequence[ExpiringSession]) -> None:
            self.calls.append(list(sessions))
            then(sessions)

        options = {} if before is None else {"warn_before": before}
        self.calls, self.warned, self.error = [], 0, None
        try:
            self.warned = self._container.expiry_warner().warn(RetentionPolicy(), hook, **options)
        except (CleverAgentsError, KeyboardInterrupt) as error:
            self.error = error

    @property
    def told(self) -> list[ExpiringSession]:
        return [entry for call in self.calls for entry in call]


def warn_at_once(driver: Driver, number: int, before: timedelta) -> list[WarningProgram]:
    """So many hosts that begin at the same moment."""
    programs = [WarningProgram(driver) for _ in range(number)]
    start = Barrier(number)

    def warn(program: WarningProgram) -> None:
        start.wait()
        program.warn(before)

    threads = [Thread(target=warn, args=(program,)) for program in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return programs


if __name__ == "__main__":
    Container().expiry_warner().warn(RetentionPolicy(), lambda _: os._exit(DIED))
    sys.exit("The hook was not called.")
