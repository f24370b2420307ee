"""The OpenAI Agents SDK at work through its public API; see `library.py` for what is asked and answered.

python use_openai_agents.py SQLiteSession|AdvancedSQLiteSession|…|SQLAlchemySession|own-tables

The library has no call that lists sessions: their ids come from its table, and each is then read through
the library.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from agents import Agent, Runner, set_tracing_disabled  # type: ignore[import-not-found]
from agents.items import ModelResponse  # type: ignore[import-not-found]
from agents.models.interface import Model  # type: ignore[import-not-found]
from agents.usage import Usage  # type: ignore[import-not-found]
from answering import Commands, answer_requests
from openai.types.responses import (  # type: ignore[import-not-found]
    ResponseOutputMessage,
    ResponseOutputText,
)

STALE, RECENT = 90, 3
PAUSE = 0.03
"""A writer without any would be done before the purge begins."""
ODD = 'od\'d/%41 \u00fc \u2603 "x" :1'
OWN_TABLES = {"sessions_table": "talk_sessions", "messages_table": "talk_messages"}


class Parrot(Model):  # type: ignore[misc]
    """A model that answers at once, and says what it used."""

    async def get_response(self, *_: Any, **__: Any) -> Any:
        text = ResponseOutputText(text="so you say \u2603", type="output_text", annotations=[])
        message = ResponseOutputMessage(
            id="m1", type="message", role="assistant", status="completed", content=[text]
        )
        usage = Usage(requests=1, input_tokens=7, output_tokens=3, total_tokens=10)
        return ModelResponse(output=[message], usage=usage, response_id=None)

    def stream_response(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError


class OpenAiAgents:
    def __init__(self, kind: str, url: str) -> None:
        self.kind, self.url = kind, url
        self.file = url.partition("://")[2].removeprefix("/")
        self.tables = OWN_TABLES if kind == "own-tables" else {}
        self.agent = Agent(name="parrot", model=Parrot())
        self._engine: Any = None
        self._opened: list[Any] = []

    @property
    def is_advanced(self) -> bool:
        return self.kind == "AdvancedSQLiteSession"

    def session(self, session_id: str) -> Any:
        """A live object of the library; making one adds no session."""
        self._opened.append(self._session(session_id))
        return self._opened[-1]

    def _session(self, session_id: str) -> Any:
        if self.is_advanced:
            from agents.extensions.memory import AdvancedSQLiteSession  # type: ignore[import-not-found]

            return AdvancedSQLiteSession(session_id=session_id, db_path=self.file, create_tables=True)
        if self.kind == "AsyncSQLiteSession":
            from agents.extensions.memory import AsyncSQLiteSession

            return AsyncSQLiteSession(session_id, self.file)
        if self.kind == "SQLAlchemySession" or self.url.startswith("postgresql"):
            from agents.extensions.memory import SQLAlchemySession

            return SQLAlchemySession(session_id, engine=self._own_engine(), create_tables=True, **self.tables)
        from agents import SQLiteSession

        return SQLiteSession(session_id, self.file, **self.tables)

    async def close(self) -> None:
        for session in self._opened:
            closed = session.close() if hasattr(session, "close") else None
            if inspect.isawaitable(closed):
                await closed
        if self._engine is not None:
            await self._engine.dispose()

    def _own_engine(self) -> Any:
        from sqlalchemy.ext.asyncio import create_async_engine

        if self._engine is None:
            scheme, _, place = self.url.partition("://")
            driver = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}[scheme]
            self._engine = create_async_engine(f"{driver}://{place}")
        return self._engine

    async def make(self, sizes: dict[str, int]) -> list[dict[str, Any]]:
        made = [await self._begin(f"stale-{n}", 2, STALE, purged=True) for n in range(sizes["stale"])]
        made += [
            await self._begin("fresh", 1, 0, purged=False),
            await self._begin("younger", 2, 20, purged=False),
            await self._begin("emptied", 1, RECENT, purged=True, emptied=True),
            await self._begin("just-emptied", 1, 0, purged=False, emptied=True),
            await self._begin(ODD, 3, STALE, purged=True),
            await self._begin("x" * 200, 1, STALE, purged=True),
            await self._begin("zzz-fresh", 2, 0, purged=False),
        ]
        if self.is_advanced:
            made.append(await self._branched("branched", STALE, purged=True))
            made.append(await self._branched("branched-fresh", 0, purged=False))
        return made

    async def list_(self, _: None) -> list[list[str]]:
        listed = await self._ids()
        for session_id in listed:
            await self.session(session_id).get_items()
        return [[session_id] for session_id in listed]

    async def read(self, keys: list[list[str]]) -> list[Any]:
        there = set(await self._ids())
        return [await self._read(key, is_there=key in there) for (key,) in keys]

    async def continue_(self, key: list[str]) -> Any:
        await self._run(self.session(*key), "and on")
        return await self._read(*key, is_there=True)

    async def hold(self, keys: list[list[str]]) -> AsyncIterator[Any]:
        held = {session_id: self.session(session_id) for (session_id,) in keys}
        for session in held.values():
            await session.get_items()
        yield len(held)
        for line in sys.stdin:
            (session_id,) = json.loads(line)
            yield await self._raised(held[session_id])

    async def write(self, keys: list[list[str]]) -> AsyncIterator[Any]:
        held = [(key, self.session(*key)) for key in keys]
        for _, session in held:
            await session.get_items()
        yield len(held)
        written = []
        for key, session in held:
            written.append([key, await self._raised(session)])
            await asyncio.sleep(PAUSE)
        yield written

    async def delete(self, keys: list[list[str]]) -> int:
        for (session_id,) in keys:
            await self.session(session_id).clear_session()
        return len(keys)

    async def _begin(
        self, session_id: str, turns: int, days: int, *, purged: bool, emptied: bool = False
    ) -> dict[str, Any]:
        session = self.session(session_id)
        for number in range(turns):
            text = f"message {number} of {session_id}: \u2603 '\"\\ \U0001f600"
            await session.add_items(
                [{"role": "user", "content": text}, {"role": "assistant", "content": "so"}]
            )
        while emptied and await session.pop_item():
            pass
        messages = 0 if emptied else turns * 2
        return {"key": [session_id], "days": days, "purged": purged, "messages": messages}

    async def _branched(self, session_id: str, days: int, *, purged: bool) -> dict[str, Any]:
        """Two turns of a whole agent with their usage, and a branch that shares the first."""
        session = self.session(session_id)
        for text in ("one", "two"):
            await self._run(session, text)
        await session.create_branch_from_turn(2, "other")
        await self._run(session, "two, otherwise")
        # Those that both branches share are kept once.
        return {"key": [session_id], "days": days, "purged": purged, "messages": 6}

    async def _run(self, session: Any, text: str) -> None:
        result = await Runner.run(self.agent, text, session=session)
        if self.is_advanced:
            await session.store_run_usage(result)

    async def _read(self, session_id: str, *, is_there: bool) -> Any:
        session = self.session(session_id)
        messages = await session.get_items()
        if not messages and not is_there:
            return None
        told = {"messages": messages, "is_there": is_there}
        if self.is_advanced:
            told["branches"] = await self._branches(session)
            told["usage"] = await session.get_session_usage()
            told["messages"] = _once(told["branches"])
        return told

    async def _branches(self, session: Any) -> list[Any]:
        """Each branch, its messages, and what its turns used."""
        return [
            [
                {name: value for name, value in branch.items() if name != "is_current"},
                await session.get_items(branch_id=branch["branch_id"]),
                await session.get_turn_usage(branch_id=branch["branch_id"]),
            ]
            for branch in await session.list_branches()
        ]

    async def _raised(self, session: Any) -> str | None:
        try:
            await session.add_items([{"role": "user", "content": "still here"}])
        except Exception as error:  # noqa: BLE001 - which one it is, is the answer
            return type(error).__name__
        return None

    async def _ids(self) -> list[str]:
        """What is in the table of sessions; nothing before the library made it."""
        table = self.tables.get("sessions_table", "agent_sessions")
        statement = f"SELECT session_id FROM {table}"
        if self.url.startswith("postgresql"):
            from sqlalchemy import text

            async with self._own_engine().connect() as connection:
                return [row[0] for row in await connection.execute(text(statement))]
        with sqlite3.connect(self.file) as connection:
            return [row[0] for row in connection.execute(statement)]


def _once(branches: list[Any]) -> list[Any]:
    """The messages of all branches; those with which two branches begin are shared."""
    once: list[Any] = []
    for _, messages, _ in branches:
        pairs = zip(once, messages, strict=False)
        shared = next((place for place, (one, other) in enumerate(pairs) if one != other), len(once))
        once += messages[shared:]
    return once


def open_store(url: str) -> Commands:
    library = OpenAiAgents(sys.argv[1], url)

    def closing(command: Callable[[Any], Coroutine[Any, Any, Any]]) -> Callable[[Any], Any]:
        async def run(about: Any) -> Any:
            try:
                return await command(about)
            finally:
                await library.close()

        return run

    return {
        "make": closing(library.make),
        "list": closing(library.list_),
        "read": closing(library.read),
        "continue": closing(library.continue_),
        "hold": library.hold,
        "write": library.write,
        "delete": closing(library.delete),
    }


if __name__ == "__main__":
    set_tracing_disabled(True)
    answer_requests(open_store)
