"""Google ADK at work through its public API; see `library.py` for what is asked and answered.

python use_adk.py DatabaseSessionService|SqliteSessionService
"""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

from answering import Commands, answer_requests
from google.adk.events import Event, EventActions  # type: ignore[import-not-found]
from google.genai import types  # type: ignore[import-not-found]

SHOP, DESK = "shop", "desk/ü"
ANNA, BO, ODD = "anna", "bo", "o'x/%7c \u00fcber"
PLACES = [(app, user) for app in (SHOP, DESK) for user in (ANNA, BO, ODD)]
STALE, RECENT = 90, 3
PAUSE = 0.01
# App, user, id, messages, days, whether a purge takes it, state.
SOME = (
    (SHOP, ANNA, "fresh", 3, 0, False, None),
    (SHOP, BO, "empty", 0, RECENT, True, None),
    (SHOP, BO, "new", 0, 0, False, None),
    (SHOP, ANNA, "state", 0, RECENT, False, {"cart": [1, "\u00fc"]}),
    (SHOP, ANNA, "old-state", 0, STALE, True, {"cart": [2]}),
    (DESK, ODD, "od'd/%41 \u00fc", 2, STALE, True, None),
    (DESK, ODD, "odd-fresh", 1, 0, False, {"user:tone": "kind"}),
    (DESK, BO, "shared", 1, STALE, True, {"app:tax": 0.19}),
    (DESK, BO, "zzz-fresh", 2, 0, False, None),
)
SYNCHRONOUS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg2"}
ASYNCHRONOUS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


def service_of(kind: str, url: str) -> Any:
    scheme, _, place = url.partition("://")
    if kind == "SqliteSessionService":
        from google.adk.sessions.sqlite_session_service import (  # type: ignore[import-not-found]
            SqliteSessionService,
        )

        return SqliteSessionService(place.removeprefix("/"))
    from google.adk.sessions import (  # type: ignore[import-not-found]
        DatabaseSessionService,
        database_session_service,
    )

    is_asynchronous = "create_async_engine" in inspect.getsource(database_session_service)
    drivers = ASYNCHRONOUS if is_asynchronous else SYNCHRONOUS
    return DatabaseSessionService(f"{drivers[scheme]}://{place}")


class Adk:
    def __init__(self, kind: str, url: str) -> None:
        self.service = service_of(kind, url)

    async def make(self, sizes: dict[str, int]) -> list[dict[str, Any]]:
        stale = [(SHOP, (ANNA, BO)[n % 2], f"stale-{n}", 2, STALE, True, None) for n in range(sizes["stale"])]
        made = [await self._begin(*one) for one in (*stale, *SOME)]
        if keeps_apps_apart():
            made.append(await self._begin(SHOP, BO, "shared", 1, 0, False, None))
        return made

    async def list_(self, _: None) -> list[list[str]]:
        keys = []
        for app, user in PLACES:
            answer = await self.service.list_sessions(app_name=app, user_id=user)
            keys += [[app, user, session.id] for session in answer.sessions]
        return keys

    async def read(self, keys: list[list[str]]) -> list[Any]:
        return [read(await self._load(key)) for key in keys]

    async def continue_(self, key: list[str]) -> Any:
        await self._append(await self._load(key), "and on")
        return read(await self._load(key))

    async def hold(self, keys: list[list[str]]) -> AsyncIterator[Any]:
        held = {json.dumps(key): await self._load(key) for key in keys}
        yield len(held)
        for line in sys.stdin:
            yield await self._raised(held[json.dumps(json.loads(line))])

    async def write(self, keys: list[list[str]]) -> AsyncIterator[Any]:
        held = [(key, await self._load(key)) for key in keys]
        yield len(held)
        raised = []
        for key, session in held:
            raised.append([key, await self._raised(session)])
            await asyncio.sleep(PAUSE)
        yield raised

    async def delete(self, keys: list[list[str]]) -> int:
        for app, user, session_id in keys:
            await self.service.delete_session(app_name=app, user_id=user, session_id=session_id)
        return len(keys)

    async def _begin(self, *one: Any) -> dict[str, Any]:
        app, user, name, messages, days, purged, state = one
        session = await self.service.create_session(app_name=app, user_id=user, session_id=name, state=state)
        for number in range(messages):
            await self._append(session, f"message {number} of {name}: \u2603 '\"\\")
        counted = int(bool(state) and not messages)
        return {
            "key": [app, user, name],
            "messages": messages,
            "counted": counted,
            "days": days,
            "purged": purged,
        }

    async def _append(self, session: Any, text: str) -> None:
        content = types.Content(role="user", parts=[types.Part(text=text)])
        actions = EventActions(state_delta={"last": text})
        event = Event(author="user", invocation_id="one", content=content, actions=actions)
        await self.service.append_event(session, event)

    async def _load(self, key: list[str]) -> Any:
        app, user, session_id = key
        return await self.service.get_session(app_name=app, user_id=user, session_id=session_id)

    async def _raised(self, session: Any) -> str | None:
        try:
            await self._append(session, "still here")
        except Exception as error:  # noqa: BLE001 - which one it is, is the answer
            return type(error).__name__
        return None


def keeps_apps_apart() -> bool:
    """Whether it reads only a session's own messages where other apps have sessions of the same id."""
    from google.adk.version import __version__  # type: ignore[import-not-found]

    return not str(__version__).startswith("1.0.")


def read(session: Any) -> Any:
    """All that is stored of a session, except how the library names the fields of its version."""
    if session is None:
        return None
    told = json.loads(session.model_dump_json())
    told["messages"] = told.pop("events")
    return told


def open_store(url: str) -> Commands:
    adk = Adk(sys.argv[1], url)
    return {
        "make": adk.make,
        "list": adk.list_,
        "read": adk.read,
        "continue": adk.continue_,
        "hold": adk.hold,
        "write": adk.write,
        "delete": adk.delete,
    }


if __name__ == "__main__":
    answer_requests(open_store)
