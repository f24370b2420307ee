"""The empty-session path of an agent server: what was created and never used goes by itself.

`EmptySessionCleanup(container).serve(app)` serves an application; each request that creates a session
calls `schedule_empty_session_cleanup`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, Self, TypeVar

from starlette.applications import Starlette
from starlette.background import BackgroundTasks
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cleveragents.application.services.empty_session_timer import EmptySessionTimer
from cleveragents.application.services.empty_sessions import EmptySessions
from cleveragents.container import Container, require_own_store

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class EmptySessionCleanup:
    """One timer for all sessions that a server makes before their first message.

    It goes by the settings of the container: `cleanup.empty_after`, which is also known as
    SESSION_CLEANUP_TTL_MINUTES, is how long a session may stay empty, `sweep.grace` how long stopping may
    take, and where cleanup is disabled nothing is scheduled. `async with` starts and stops it.
    """

    def __init__(self, container: Container) -> None:
        require_own_store(container)
        self._is_enabled = container.safeguards().enabled
        sessions = EmptySessions(
            container.cleanup_service,
            container.session_service(),
            container.clock(),
            container.policy_without_history(),
        )
        self._timer = EmptySessionTimer(
            sessions, container.store(), container.clock(), grace=container.settings().sweep_grace
        )

    def serve(self, app: Starlette) -> Self:
        """Start and stop with an application, and be the one that its requests schedule with."""
        app.add_middleware(_Serving, cleanup=self)
        return self

    @property
    def waiting(self) -> int:
        """How many sessions are scheduled."""
        return self._timer.waiting

    def schedule(self, session_id: str) -> None:
        """Have a session purged once it was empty for long enough. Never fails, and never waits."""
        if not self._is_enabled:
            return
        if not isinstance(session_id, str):
            _cannot_schedule("its id is no text")
        elif not self._timer.is_running:
            _cannot_schedule("the server's lifespan has not begun, or is over")
        else:
            self._timer.schedule(session_id)

    async def __aenter__(self) -> Self:
        if self._is_enabled:
            self._timer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Begin no more purge; one at work has the grace to end by itself."""
        await in_thread(self._timer.stop)


_serving: ContextVar[EmptySessionCleanup | None] = ContextVar("cleveragents_empty_sessions", default=None)


def schedule_empty_session_cleanup(background_tasks: BackgroundTasks, session_id: str) -> None:
    """Schedule a session that was just made, after the response was sent.

    It goes unless it has a message by then; a session that was touched meanwhile goes later. Called
    outside of a request of a served application it logs an error and does nothing.
    """
    cleanup = _serving.get()
    if cleanup is None:
        _cannot_schedule("no EmptySessionCleanup serves this application")
    else:
        background_tasks.add_task(_schedule, cleanup, session_id)


async def in_thread(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call one of the services, all of which wait for the database, without blocking the event loop."""
    return await run_in_threadpool(call, *args, **kwargs)


async def _schedule(cleanup: EmptySessionCleanup, session_id: str) -> None:
    """As a coroutine, so that no thread is needed for what takes microseconds."""
    cleanup.schedule(session_id)


def _cannot_schedule(why: str) -> None:
    logger.error("An empty session cannot be scheduled", extra={"why": why})


class _Serving:
    """Tells requests which cleanup is theirs: several applications in one process do not mix."""

    def __init__(self, app: ASGIApp, cleanup: EmptySessionCleanup) -> None:
        self.app = app
        self._cleanup = cleanup

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        before = _serving.set(self._cleanup)
        try:
            await self.app(scope, receive, send)
        finally:
            _serving.reset(before)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def stop_first(message: Message) -> None:
            if message["type"].startswith("lifespan.shutdown."):
                # Whoever hears that all is shut down ends the process.
                await self._cleanup.stop()
            await send(message)

        async with self._cleanup:
            await self.app(scope, receive, stop_first)
