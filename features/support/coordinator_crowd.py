"""Many threads, or an event loop, at one coordinator on a real clock."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from datetime import timedelta
from threading import Barrier, Event, Lock, Thread

from cleveragents.container import Container
from cleveragents.domain.errors import SessionNotFoundError
from cleveragents.domain.session import Role, Session
from cleveragents.integrations.coordinator import SessionCoordinator
from support.driver import Driver

_TIMEOUT = timedelta(seconds=1)
_WORK_SECONDS = 1.5
_SHARED = 4
_PAUSE_SECONDS = 2.2
"""Longer than the timeout, so that what is active then is purged."""


class Written:
    """What the callers were told is written: each session's contents by their sequence."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.contents: dict[str, dict[int, str]] = defaultdict(dict)

    def add(self, session_id: str, sequence: int, content: str) -> None:
        with self._lock:
            assert sequence not in self.contents[session_id], "two messages have one sequence number"
            self.contents[session_id][sequence] = content

    def check(self, driver: Driver) -> None:
        """Every message is there, in order, and no other."""
        with driver.store() as store, store.reading() as work:
            for session_id, contents in self.contents.items():
                found = {each.sequence: each.content for each in work.sessions.messages(session_id)}
                assert found == contents, f"{session_id}: {len(found)} of {len(contents)} messages"
                assert list(found) == list(range(1, len(found) + 1)), list(found)


class Crowd:
    """Threads that create, switch to, append to and close sessions, some of them the same ones."""

    def __init__(self, driver: Driver, threads: int, most: int) -> None:
        self.container = Container()
        driver.at_the_end(lambda: self.container.store().close())
        self.written = Written()
        self.most_active = 0
        self.failures: list[BaseException] = []
        self._coordinator = SessionCoordinator(
            most, _TIMEOUT, timedelta(milliseconds=10), container=self.container
        )
        self._shared = [self._coordinator.create(name="shared").session_id for _ in range(_SHARED)]
        self._threads = threads
        self._pausing = Barrier(threads)
        self._is_over = Event()

    def work(self) -> None:
        threads = [Thread(target=self._work_safely, args=(number,)) for number in range(self._threads)]
        watcher = Thread(target=self._watch)
        with self._coordinator:
            for thread in [*threads, watcher]:
                thread.start()
            for thread in threads:
                thread.join()
            self._is_over.set()
            watcher.join()

    def put_back(self) -> int:
        """Undo what the background task purged; returns how many sessions came back."""
        entries = self.container.ledger_service().log(1_000).runs
        restore = self.container.restore_service().restore
        return sum(restore(run.run_id, dry_run=False).restored.sessions for run in entries)

    def _watch(self) -> None:
        while not self._is_over.wait(0.001):
            self.most_active = max(self.most_active, len(self._coordinator.active))

    def _work_safely(self, number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - which session is whose turn is no secret
        try:
            self._work(number, chance)
            self._pausing.wait(30)
            time.sleep(_PAUSE_SECONDS)
            self._work(number, chance)
        except BaseException as error:  # noqa: BLE001 - the step raises it
            self.failures.append(error)
            self._pausing.abort()

    def _work(self, number: int, chance: random.Random) -> None:
        known = list(self._shared)
        give_up = time.monotonic() + _WORK_SECONDS
        turn = 0
        while time.monotonic() < give_up:
            turn += 1
            try:
                self._take_turn(chance, known, f"{number} in turn {turn}")
            except SessionNotFoundError as gone:
                # Nobody used it for the whole timeout, so it was purged.
                known = [each for each in known if each not in gone.message] or self._created(known)

    def _take_turn(self, chance: random.Random, known: list[str], content: str) -> None:
        session_id = chance.choice(known)
        match chance.randrange(6):
            case 0:
                self._created(known)
            case 1:
                self._coordinator.switch(session_id)
            case 2:
                self._coordinator.close(session_id)
            case _:
                message = self._coordinator.append(session_id, Role.USER, content)
                self.written.add(session_id, message.sequence, content)

    def _created(self, known: list[str]) -> list[str]:
        known.append(self._coordinator.create(name="own").session_id)
        return known


class Loop:
    """A program whose event loop goes on while many of its tasks wait for the database."""

    def __init__(self, driver: Driver, sessions: int, held: float) -> None:
        self._driver = driver
        self._sessions = sessions
        self._held = held
        self.container = Container()
        driver.at_the_end(lambda: self.container.store().close())
        self.written = Written()
        self.longest_lag = 0.0

    def run(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        coordinator = SessionCoordinator(
            5, timedelta(hours=1), timedelta(milliseconds=10), container=self.container
        )
        async with coordinator:
            sessions = [await asyncio.to_thread(coordinator.create) for _ in range(self._sessions)]
            watching = asyncio.create_task(self._watch())
            has_written, may_end = asyncio.Barrier(self._sessions + 1), asyncio.Event()
            # Whoever begins, ends or closes anything now has to wait.
            self._hold_lock()
            async with asyncio.TaskGroup() as tasks:
                for each in sessions:
                    tasks.create_task(self._talk(coordinator, each, has_written, may_end))
                await has_written.wait()
                self._hold_lock()
                may_end.set()
            self._hold_lock()
        await asyncio.sleep(0.1)  # so that the watcher can tell what it saw at the end
        watching.cancel()

    def _hold_lock(self) -> None:
        lock = self._driver.hold_write_lock()
        asyncio.get_running_loop().call_later(self._held, lock.close)

    async def _talk(
        self,
        coordinator: SessionCoordinator,
        session: Session,
        has_written: asyncio.Barrier,
        may_end: asyncio.Event,
    ) -> None:
        async with coordinator.tool_run(session.session_id):
            for content in ("one", "two", "three"):
                message = await asyncio.to_thread(coordinator.append, session.session_id, Role.USER, content)
                self.written.add(session.session_id, message.sequence, content)
            await has_written.wait()
            await may_end.wait()

    async def _watch(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.01)
            self.longest_lag = max(self.longest_lag, time.monotonic() - before - 0.01)
