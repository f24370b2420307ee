"""Sweeps in the background of a server, for threads and for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from dependency_injector import providers

from cleveragents.application.services.expiry_warner import USUAL_NOTICE, Hook
from cleveragents.container import Container
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.domain.sweep import Sweep
from cleveragents.sweep_container import SweepContainer, sweep_container_of


class CleanupSweeper:
    """Does in a thread what `agents cleanup watch` does in a process, by the same settings.

    `flags` win over the settings' other sources, under their full names: `database_url`, `sweep_every`,
    `cleanup_mode`. Without a mode there or in the settings it only reports. `narrowed_as` is a policy
    whose classes and filters it keeps to. `on_expiring` is called at each sweep, in its thread, with the
    sessions that become eligible within `warn_before`, as ExpiryWarner.warn says; where it fails, the
    sweep goes on. It makes services of its own: ending its runs ends no other's.
    """

    def __init__(
        self,
        flags: Mapping[str, Any] | None = None,
        *,
        narrowed_as: RetentionPolicy | None = None,
        on_expiring: Hook | None = None,
        warn_before: timedelta = USUAL_NOTICE,
    ) -> None:
        self._container = Container()
        self._container.flags.override(dict(flags or {}))
        self.parts: SweepContainer = sweep_container_of(self._container, narrowed_as)
        self.parts.on_expiring.override(providers.Object(on_expiring))
        self.parts.warn_before.override(providers.Object(warn_before))
        self._sweeper = self.parts.sweeper()
        self._last = self.parts.last()

    @property
    def last(self) -> tuple[Sweep, CleanupReport | None] | None:
        """The last sweep of this process, and its report unless it failed."""
        return self._last.seen

    def start(self) -> None:
        """Begin to look at the schedule, in a thread of its own; raises nothing that a sweep may meet."""
        self._sweeper.start()

    def stop(self, grace: timedelta | None = None) -> bool:
        """Begin no more sweep, wait for the one at work, and roll it back after the grace.

        Returns whether it came to its end, or there was none. The grace is that of the settings, five
        seconds, unless given.
        """
        is_whole = self._sweeper.stop(grace)
        self._container.store().close()
        return is_whole

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A server that is being cancelled still waits for what must not be left half-done.
        await asyncio.shield(asyncio.to_thread(self.stop))

    @asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        """What FastAPI and Starlette take as their `lifespan`."""
        async with self:
            yield
