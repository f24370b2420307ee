"""Hosts that sweep one database: each a container of its own, all with the scenario's clock."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from dependency_injector import providers

from cleveragents.application.services.sweep_service import Looked
from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.sweep import Sweep
from cleveragents.sweep_container import sweep_container_of
from support.driver import Driver

_OF_SWEEPS = {"every", "at", "jitter", "grace", "stop_file"}


class Host:
    """One process on one host, as `agents cleanup watch` with these options; it looks when told to.

    `looked` is what the last look led to, `error` what kept it from finding out.
    """

    def __init__(self, driver: Driver, options: str, *, lease: timedelta | None = None) -> None:
        self._driver = driver
        container = driver.container()
        container.flags.override(_flags(options))
        driver.at_the_end(lambda: container.store().close())
        self.store = container.store()
        self.sweeps = sweep_container_of(container)
        if lease is not None:
            self.sweeps.lease.override(providers.Object(lease))
        self._service = self.sweeps.service()
        self.book = self.sweeps.book()
        self.looked: Looked | None = None
        self.error: CleverAgentsError | None = None
        self.swept: list[Looked] = []

    def look(self) -> Looked | None:
        self.looked = self.error = None
        try:
            self.looked = self._service.look()
        except CleverAgentsError as error:
            self.error = error
            return None
        if self.looked.sweep is not None:
            self.swept.append(self.looked)
        return self.looked

    @property
    def sweep(self) -> Sweep:
        """The sweep that the last look led to."""
        assert self.looked is not None, self.error
        assert self.looked.sweep is not None, self.looked
        return self.looked.sweep

    def sweeps_for(self, length: timedelta, step: timedelta) -> None:
        """Look, and let the time go by to the next look, at least so much, until that long has gone by."""
        clock = self._driver.clock
        end = clock.now() + length
        while clock.now() < end:
            looked = self.look()
            wait = looked.next_look - clock.now() if looked else step
            clock.advance(min(max(wait, step), end - clock.now()))


def host(driver: Driver, name: str) -> Host:
    found = driver.remembered["hosts"][name]
    assert isinstance(found, Host)
    return found


def add_host(driver: Driver, name: str, options: str, *, lease: timedelta | None = None) -> Host:
    """Start a process on the host; one that was there under this name is gone."""
    made = driver.remembered.setdefault("hosts", {})[name] = Host(driver, options, lease=lease)
    return made


def records(driver: Driver) -> list[dict[str, Any]]:
    """Every sweep that the database remembers, oldest first."""
    columns = "sweep_id, token, host, outcome, sessions, messages, backlog, code, message"
    connection = driver.database.connect()
    try:
        rows = connection.execute(f"SELECT {columns} FROM cleanup_sweeps ORDER BY started_at, sweep_id")
        return [dict(zip(columns.split(", "), row, strict=True)) for row in rows.fetchall()]
    finally:
        connection.close()


def token(driver: Driver) -> int:
    connection = driver.database.connect()
    try:
        (number,) = connection.execute("SELECT token FROM cleanup_sweeper").fetchone()
        return int(number)
    finally:
        connection.close()


@contextmanager
def ruled_by(zone: str) -> Iterator[None]:
    """The host's clock shows the time of that zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("TZ")
        else:
            os.environ["TZ"] = before
        time.tzset()


def _flags(options: str) -> dict[str, str]:
    """Read `--every 24h --mode purge` as the command reads it."""
    words = options.split()
    flags = {}
    for option, value in zip(words[::2], words[1::2], strict=True):
        name = option.removeprefix("--").replace("-", "_")
        flags[f"{'sweep' if name in _OF_SWEEPS else 'cleanup'}_{name}"] = value
    return flags


class ManualTimer:
    """A scheduler whose time goes by when a scenario says so.

    `waits` is how long each call wanted to wait for the next.
    """

    def __init__(self) -> None:
        self.waits: list[timedelta] = []
        self.call: Callable[[], timedelta] | None = None

    def start(self, call: Callable[[], timedelta]) -> None:
        self.call = call

    def stop(self) -> None:
        self.call = None

    def fire(self) -> None:
        assert self.call is not None, "it is not started"
        self.waits.append(self.call())


class Daemon:
    """What `agents cleanup watch` runs in the background, called when the scenario says so."""

    def __init__(self, driver: Driver, options: str) -> None:
        self.host = Host(driver, options)
        self.timer = ManualTimer()
        sweeps = self.host.sweeps
        sweeps.timer.override(providers.Object(self.timer))
        self.tally = sweeps.tally()
        self.sweeper = sweeps.sweeper()
        self.sweeper.start()

    def run(self, number: int) -> None:
        """Have it look so many times, each when it wants to."""
        for _each in range(number):
            self.timer.fire()

    def run_late(self, stop: Callable[[], object]) -> None:
        """Stop it while a call of the scheduler is on its way already."""
        call = self.timer.call
        assert call is not None
        stop()
        call()
