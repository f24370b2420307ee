"""A tool at work in a session."""

from __future__ import annotations

import asyncio
import logging
from types import TracebackType
from typing import Self

from cleveragents.application.services.coordination import Coordination
from cleveragents.domain.errors import CleverAgentsError

logger = logging.getLogger(__name__)


class ToolRun:
    """The session is used when the block begins and when it ends, and is not inactive in between."""

    def __init__(self, open_sessions: Coordination, session_id: str) -> None:
        self._open = open_sessions
        self._session_id = session_id

    def __enter__(self) -> Self:
        self._session_id = self._open.begin_tool(self._session_id).session_id
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._open.end_tool(self._session_id)
        except CleverAgentsError as unmarked:
            if error is None:
                raise
            # What the tool met is what its caller must hear of.
            logger.warning("A session could not be marked as used", extra={"why": unmarked.message})

    async def __aenter__(self) -> Self:
        return await asyncio.to_thread(self.__enter__)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.__exit__, kind, error, trace)
