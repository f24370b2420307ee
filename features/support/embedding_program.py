"""A program that embeds the services and keeps its container, as a daemon does."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

from cleveragents.application.services.cleanup_service import Approval
from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.retention import RetentionPolicy
from support.driver import Driver


class EmbeddingProgram:
    """Keeps what the last call came to: `report`, or `error` where it was refused."""

    def __init__(self, driver: Driver) -> None:
        self._container = driver.container()
        driver.at_the_end(lambda: self._container.store().close())
        self.report: CleanupReport | None = None
        self.error: CleverAgentsError | None = None

    def scan(self) -> None:
        self._keep(lambda: self._container.cleanup_service().scan(RetentionPolicy()))

    def scan_in_another_thread(self) -> None:
        self.report = None
        thread = Thread(target=self.scan)
        thread.start()
        thread.join()
        assert self.report is not None, self.error

    def purge(self, approve: Approval | None = None) -> None:
        self._keep(lambda: self._container.cleanup_service().purge(RetentionPolicy(), approve=approve))

    def create(self, name: str) -> None:
        self._container.session_service().create(name=name)

    def take_every_connection(self, driver: Driver) -> None:
        """Hold as many connections as the program may have, and be told at once that there is no other."""
        pool: Any = self._container.store().engine.pool
        # Half a minute, the usual wait, is too long for a scenario.
        vars(pool).update(_timeout=0.1)
        for _ in range(pool.size() + pool._max_overflow):  # noqa: SLF001 - the pool has no name for it
            held = self._container.store().engine.connect()
            driver.at_the_end(held.close)

    def _keep(self, call: Callable[[], CleanupReport]) -> None:
        self.report = self.error = None
        try:
            self.report = call()
        except CleverAgentsError as error:
            self.error = error
