"""A program with a coordinator, and what it came to."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from threading import enumerate as threads

from cleveragents.application.services.coordination import InactiveCleanup
from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.session import Role
from cleveragents.integrations.coordinator import SessionCoordinator
from cleveragents.integrations.tool_run import ToolRun
from support.driver import Driver

_OPENED_IN_TURN = Path(__file__).parents[2] / "benchmarks" / "opened_in_turn.py"
TASK = "cleveragents-coordinator"
PATIENCE_SECONDS = 15
# Not the logger of all our code: each command line gives that one a new handler.
_LOGGERS = ("cleveragents.integrations", "cleveragents.application.services.coordination")
_IMPOSSIBLE: Mapping[str, tuple[int, timedelta, timedelta]] = {
    "no sessions": (0, timedelta(hours=1), timedelta(minutes=5)),
    "a timeout of nothing": (3, timedelta(0), timedelta(minutes=5)),
    "an interval of nothing": (3, timedelta(hours=1), timedelta(0)),
    "a timeout for ever": (3, timedelta.max, timedelta(minutes=5)),
}


class CoordinatingProgram:
    """Keeps what the last call came to: `cleaned`, or `error` where it was refused."""

    def __init__(self, driver: Driver, most: int, interval: timedelta = timedelta(minutes=5)) -> None:
        self._driver = driver
        self._container = driver.container()
        driver.at_the_end(lambda: self._container.store().close())
        self.coordinator = SessionCoordinator(most, cleanup_interval=interval, container=self._container)
        self.cleaned = InactiveCleanup()
        self.error: Exception | None = None
        self.was_active = False
        self.stopping_took = 0.0
        self.has_ended = False
        self.log = Log()
        self._tools: defaultdict[str, list[ToolRun]] = defaultdict(list)
        self._ids: dict[str, str] = {}
        driver.at_the_end(self.stop)
        driver.at_the_end(self.log.remove)

    def use(self, deed: str, name: str) -> None:
        """Do one of the deeds of the features to the session of that name."""
        self._keep(lambda: self._deeds()[deed](self._id_of(name)))

    def _deeds(self) -> Mapping[str, Callable[[str], object]]:
        coordinator = self.coordinator
        return {
            "creates": self._create,
            "switches to": coordinator.switch,
            "touches": coordinator.touch,
            "appends to": lambda session_id: coordinator.append(session_id, Role.USER, "Hello."),
            "runs a tool in": self._run_tool,
            "begins a tool run in": self._begin_tool,
            "changes the state of": lambda session_id: coordinator.change_state(
                session_id, {"mood": "sunny"}
            ),
            "closes": self._close,
        }

    def change_state(self, name: str, state: Mapping[str, str | None]) -> None:
        self._keep(lambda: self.coordinator.change_state(self._id_of(name), state))

    def end_tool(self, name: str, error: Exception | None = None) -> None:
        tool = self._tools[name].pop()

        def end() -> None:
            tool.__exit__(type(error) if error else None, error, None)
            if error is not None:
                raise error

        self._keep(end)

    def clean_up(self, max_age: timedelta | None = None) -> None:
        def clean_up() -> None:
            self.cleaned = self.coordinator.cleanup_inactive_sessions(max_age)

        self._keep(clean_up)

    def create_many(self, number: int) -> None:
        for index in range(number):
            self.coordinator.create(name=f"opened {index}")

    def die(self) -> None:
        """Be gone as after a kill: nothing is released."""
        self.coordinator = SessionCoordinator(1, container=self._container)

    def stop(self, grace: timedelta | None = None) -> None:
        began = time.monotonic()
        self.has_ended = self.coordinator.stop() if grace is None else self.coordinator.stop(grace)
        self.stopping_took = time.monotonic() - began

    def active(self) -> list[str]:
        """The names of the active sessions."""
        names = {session_id: name for name, session_id in self._ids.items()}
        return [names.get(session_id, session_id) for session_id in self.coordinator.active]

    def current(self) -> str | None:
        names = {session_id: name for name, session_id in self._ids.items()}
        return names.get(self.coordinator.current or "")

    def _id_of(self, name: str) -> str:
        return self._ids.setdefault(name, self._driver.id_of(name))

    def _create(self, session_id: str) -> None:
        self._ids[session_id] = self.coordinator.create(name=session_id).session_id

    def _run_tool(self, session_id: str) -> None:
        with self.coordinator.tool_run(session_id):
            pass

    def _begin_tool(self, session_id: str) -> None:
        self._tools[session_id].append(self.coordinator.tool_run(session_id).__enter__())

    def _close(self, session_id: str) -> None:
        self.was_active = self.coordinator.close(session_id)

    def _keep(self, call: Callable[[], object]) -> None:
        self.error = None
        try:
            call()
        except (CleverAgentsError, ToolFailedError) as error:
            self.error = error


class ToolFailedError(Exception):
    """What a tool of a scenario raises."""


class Log(logging.Handler):
    """What a coordinator logs, from whichever thread."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(message)s"))
        for name in _LOGGERS:
            logging.getLogger(name).addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def remove(self) -> None:
        for name in _LOGGERS:
            logging.getLogger(name).removeHandler(self)


def make_impossible(what: str, driver: Driver) -> SessionCoordinator:
    most, timeout, interval = _IMPOSSIBLE[what]
    return SessionCoordinator(most, timeout, interval, container=driver.container())


def open_in_turn(driver: Driver, sessions: int, most: int) -> None:
    """Run the benchmark, which ends with an error where memory grew."""
    finished = subprocess.run(  # noqa: S603 - the words are ours
        [sys.executable, str(_OPENED_IN_TURN), f"--sessions={sessions}", f"--most={most}"],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    driver.exit_code, driver.stdout, driver.stderr = finished.returncode, finished.stdout, finished.stderr


def tasks_at_work() -> int:
    return sum(thread.name == TASK for thread in threads())


def wait_until(holds: Callable[[], bool], what: str) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < give_up, what
        time.sleep(0.05)
