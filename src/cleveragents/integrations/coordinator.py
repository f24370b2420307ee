"""The sessions of a program that keeps several open at once, such as a chat CLI."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from threading import Lock
from types import TracebackType
from typing import Any, Self

from cleveragents.application.services.coordination import Coordination, InactiveCleanup
from cleveragents.container import Container, require_own_store
from cleveragents.domain.duration import LONGEST
from cleveragents.domain.errors import InvalidValueError
from cleveragents.domain.session import Message, Role, Session
from cleveragents.integrations.coordinator_task import CoordinatorTask
from cleveragents.integrations.tool_run import ToolRun


class SessionCoordinator:
    """Keeps at most `max_active_sessions` sessions open, and cleans up those that nobody uses any more.

    Every use of a session makes it active: its last access is written to the database with a lease
    that outlasts `session_timeout`, so that no other purge takes it meanwhile. One active session too
    many closes the least recently used, and so does `close`: a closed session stays in the database
    and can be used again.

    After `start`, and inside `with` or `async with`, a background task looks each `cleanup_interval`
    for sessions that were not used for `session_timeout`. All methods are safe from any thread; they
    wait for the database, so an event loop calls them through `asyncio.to_thread`.

    Without a `container` it makes one of its own from the settings. Raises InvalidValueError for a
    limit below one, a timeout below a second or an interval that is none.
    """

    def __init__(
        self,
        max_active_sessions: int,
        session_timeout: timedelta = timedelta(hours=1),
        cleanup_interval: timedelta = timedelta(minutes=5),
        *,
        container: Container | None = None,
    ) -> None:
        _check("session_timeout", session_timeout, least=timedelta(seconds=1))
        _check("cleanup_interval", cleanup_interval, least=timedelta(milliseconds=1))
        self._session_timeout = session_timeout
        self._interval = cleanup_interval
        self._container = Container() if container is None else container
        self._owns_container = container is None
        require_own_store(self._container)
        # A session is active until the cleanup that follows its timeout.
        hold = session_timeout + 2 * cleanup_interval
        self._open: Coordination = self._container.coordination(most=max_active_sessions, hold=hold)
        self._starting = Lock()
        self._task: CoordinatorTask | None = None

    # --- sessions -------------------------------------------------------------------------------

    @property
    def active(self) -> tuple[str, ...]:
        """The ids of the active sessions; the least recently used comes first."""
        return self._open.active

    @property
    def current(self) -> str | None:
        """The id of the session that was created or switched to last, as long as it is active."""
        return self._open.current

    def create(self, **columns: Any) -> Session:
        """Create a session, with the columns that `SessionService.create` takes, and switch to it."""
        return self._open.create(**columns)

    def switch(self, session_id: str) -> Session:
        """Make a session the current one, active or closed; raises SessionNotFoundError."""
        return self._open.switch(session_id)

    def touch(self, session_id: str) -> Session:
        """Use a session, and nothing else."""
        return self._open.touch(session_id)

    def append(self, session_id: str, role: Role, content: str, **columns: Any) -> Message:
        """Add a message, with the columns that `SessionService.append` takes."""
        return self._open.append(session_id, role, content, **columns)

    def change_state(self, session_id: str, state: Mapping[str, Any]) -> Session:
        """Put `state` into the session's metadata; what is None goes out of it."""
        return self._open.change_state(session_id, state)

    def tool_run(self, session_id: str) -> ToolRun:
        """A block, `with` or `async with`, around a tool that runs in a session: it is used all the while."""
        return ToolRun(self._open, session_id)

    def close(self, session_id: str) -> bool:
        """Release an active session; returns whether it was one. Takes its whole id."""
        return self._open.close(session_id)

    def cleanup_inactive_sessions(self, max_age: timedelta | None = None) -> InactiveCleanup:
        """Close what was not used for longer than `max_age`, and purge it; returns how many of each.

        Unless told, `max_age` is the `session_timeout`. What a protection, the session's own
        `stale_after` or another program's use keeps is closed and stays in the database, and so does
        everything in the mode `report`. Raises what `CleanupService.purge` raises; then all of them
        stay active, and the next cleanup tries again.
        """
        return self._open.clean_up(self._session_timeout if max_age is None else max_age)

    # --- the background task --------------------------------------------------------------------

    def start(self) -> None:
        """Begin to clean up in the background; does nothing where that goes on already."""
        with self._starting:
            if self._task is None:
                self._task = self._new_task()
                self._task.start()

    def stop(self, grace: timedelta | None = None) -> bool:
        """End the background task and close all sessions; returns whether all of that was done.

        A cleanup at work may finish within the grace, which is that of the settings, five seconds,
        unless given. After that it is rolled back.
        """
        with self._starting:
            task, self._task = self._task or self._new_task(), None
            return task.end(self._container.settings().sweep_grace if grace is None else grace)

    def _new_task(self) -> CoordinatorTask:
        return CoordinatorTask(
            self._open,
            self._session_timeout,
            self._interval,
            at_the_end=self._container.store().close if self._owns_container else None,
        )

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
        await asyncio.to_thread(self.stop)


def _check(what: str, asked_for: timedelta, *, least: timedelta) -> None:
    if not least <= asked_for <= LONGEST:
        raise InvalidValueError(
            f"{what} must be from {least.total_seconds():g} s to a hundred years, not {asked_for}."
        )
