"""The moments of a purge in chunks: something can happen at each, and the waits are recorded, not waited."""

from __future__ import annotations

import os
import re
import signal
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from dependency_injector import providers
from sqlalchemy import Engine, event

from cleveragents.container import Container
from support.driver import Driver

Act = Callable[[], object]
PAUSE = "in the pause after"
COMMIT = "while committing"
_STATEMENTS = {
    "while archiving": re.compile(r"INSERT INTO cleanup_archived\b"),
    "while deleting": re.compile(r"DELETE FROM sessions\b"),
    "right after committing": re.compile(
        r"SELECT cleanup_victims\.session_id\s+FROM cleanup_victims JOIN sessions ON"
    ),
    "while putting back": re.compile(r"INSERT INTO sessions\b"),
}
_ENTRY = "INSERT INTO cleanup_runs"


class Moments:
    """Counts the chunks of the run under test; what other programs do meanwhile is not counted."""

    def __init__(self, driver: Driver) -> None:
        self.waits: list[float] = []
        self.chunk_takes = timedelta(0)
        self._driver = driver
        self._acts: dict[tuple[str, int], list[Act]] = defaultdict(list)
        self._seen: dict[str, int] = defaultdict(int)
        self._commits_next = False
        self._is_acting = False
        self._listen(driver)

    def at(self, phase: str, chunk: int, act: Act) -> None:
        self._acts[phase, chunk].append(act)

    def wait(self, seconds: float) -> None:
        """Let the time go by, and have happen what is to happen meanwhile."""
        if self._is_acting:
            return
        self.waits.append(seconds)
        self._driver.clock.advance(timedelta(seconds=seconds))
        self._reach(PAUSE)

    def _listen(self, driver: Driver) -> None:
        make = driver.container

        def container() -> Container:
            made = make()
            made.wait.override(providers.Object(self.wait))
            return made

        driver.container = container  # type: ignore[method-assign]  # only this driver's time goes by so
        for name, listener in (("before_cursor_execute", self._statement), ("commit", self._commit)):
            event.listen(Engine, name, listener)
            driver.at_the_end(lambda name=name, listener=listener: event.remove(Engine, name, listener))

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if self._is_acting:
            return
        for phase, pattern in _STATEMENTS.items():
            if pattern.match(statement):
                self._reach(phase)
        if statement.startswith(_ENTRY):
            self._commits_next = True
            self._driver.clock.advance(self.chunk_takes)

    def _commit(self, _connection: Any) -> None:
        if self._commits_next and not self._is_acting:
            self._commits_next = False
            self._reach(COMMIT)

    def _reach(self, phase: str) -> None:
        self._seen[phase] += 1
        self._is_acting = True
        try:
            for act in self._acts.pop((phase, self._seen[phase]), ()):
                act()
        finally:
            self._is_acting = False


def moments_of(driver: Driver) -> Moments:
    if "moments" not in driver.remembered:
        driver.remembered["moments"] = Moments(driver)
    moments = driver.remembered["moments"]
    assert isinstance(moments, Moments)
    return moments


def press_ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)
