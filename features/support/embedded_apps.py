"""FastAPI applications in this process, served on an event loop of their own without a socket."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import threading
import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from dependency_injector import providers
from fastapi import BackgroundTasks, FastAPI

from cleveragents.container import Container
from cleveragents.integrations.fastapi import (
    EmptySessionCleanup,
    in_thread,
    schedule_empty_session_cleanup,
)

if TYPE_CHECKING:
    from support.driver import Driver

_PROBED_EVERY = 0.005


class Loop:
    """An event loop in a thread, until the scenario ends."""

    def __init__(self, driver: Driver) -> None:
        self._loop = asyncio.new_event_loop()
        thread = threading.Thread(target=self._loop.run_forever)
        thread.start()

        def end() -> None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            thread.join()
            self._loop.close()

        driver.at_the_end(end)
        self.longest_held_up = 0.0

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.start(work).result(60)

    def start(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def tasks(self) -> int:
        async def count() -> int:
            return len(asyncio.all_tasks())

        return int(self.run(count()))

    def begin_probing(self) -> None:
        """Keep from now on how long the loop was held up at most."""

        async def probe() -> None:
            while True:
                began = time.perf_counter()
                await asyncio.sleep(_PROBED_EVERY)
                held_up = time.perf_counter() - began - _PROBED_EVERY
                self.longest_held_up = max(self.longest_held_up, held_up)

        self.start(probe())


class EmbeddedApp:
    """One application with one database; `is_served` False leaves its cleanup out."""

    def __init__(self, driver: Driver, loop: Loop, *, url: str | None = None, is_served: bool = True) -> None:
        self.container = Container()
        self.container.flags.override({"database_url": url or driver.database.url})
        self.clock = StumblingClock(self.container)
        self.container.clock.override(providers.Object(self.clock))
        self.cleanup = EmptySessionCleanup(self.container)
        self.sessions = self.container.session_service()
        self._loop = loop
        self._app = _app_for(self.sessions)
        if is_served:
            self.cleanup.serve(self._app)
        self._heard: asyncio.Queue[Any] = asyncio.Queue()
        self._told: asyncio.Queue[Any] = asyncio.Queue()
        self._life: Any = None
        driver.at_the_end(self._end)

    def start(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        self._life = self._loop.start(self._app(scope, self._heard.get, self._told.put))
        self._say("lifespan.startup")

    def stop(self) -> float:
        """Shut it down; returns how long that took."""
        began = time.monotonic()
        self._say("lifespan.shutdown")
        self._life.result(60)
        self._life = None
        return time.monotonic() - began

    def post(self, path: str, times: int = 1) -> list[int]:
        """Answer as many requests at once; returns their statuses."""

        async def all_at_once() -> list[int]:
            return await asyncio.gather(*(self._answer(path) for _ in range(times)))

        statuses: list[int] = self._loop.run(all_at_once())
        return statuses

    async def _answer(self, path: str) -> int:
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
            "path": path, "raw_path": path.encode(), "root_path": "", "scheme": "http",
            "query_string": b"", "headers": [], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        json.loads(b"".join(message.get("body", b"") for message in sent[1:]))
        return int(sent[0]["status"])

    def _say(self, what: str) -> None:
        async def say() -> Any:
            await self._heard.put({"type": what})
            return await self._told.get()

        answer = self._loop.run(say())
        assert answer["type"] == f"{what}.complete", answer

    def _end(self) -> None:
        if self._life is not None:
            self.stop()
        self.container.store().close()


class StumblingClock:
    """The computer's clock, which can be made to break once, for a module of that name."""

    def __init__(self, container: Container) -> None:
        self._real = container.clock()
        self.breaks_in: str | None = None

    def now(self) -> Any:
        asked_by = sys._getframe(1).f_globals["__name__"]  # noqa: SLF001 - there is no other name for it
        if self.breaks_in is not None and asked_by.endswith(self.breaks_in):
            self.breaks_in = None
            raise ArithmeticError("the clock broke")
        return self._real.now()


class Told(logging.Handler):
    """What the program logs from WARNING on."""

    def __init__(self, driver: Driver) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        logging.getLogger("cleveragents").addHandler(self)
        driver.at_the_end(lambda: logging.getLogger("cleveragents").removeHandler(self))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.getMessage()}: {getattr(record, 'why', '')}")


def _app_for(sessions: Any) -> FastAPI:
    app = FastAPI()

    @app.post("/sessions")
    async def create(background_tasks: BackgroundTasks) -> str:
        session = await in_thread(sessions.create)
        schedule_empty_session_cleanup(background_tasks, session.session_id)
        return str(session.session_id)

    @app.post("/plainly/{name}")
    def create_in_a_thread(name: str, background_tasks: BackgroundTasks) -> str:
        session = sessions.create(name=name)
        schedule_empty_session_cleanup(background_tasks, session.session_id)
        return str(session.session_id)

    @app.post("/again/{session_id}")
    async def again(session_id: str, background_tasks: BackgroundTasks) -> str:
        schedule_empty_session_cleanup(background_tasks, session_id)
        return session_id

    @app.post("/without-an-id")
    async def without_an_id(background_tasks: BackgroundTasks) -> str:
        nothing: Any = None
        schedule_empty_session_cleanup(background_tasks, nothing)
        return "nothing"

    return app
