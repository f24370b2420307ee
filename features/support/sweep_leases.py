"""The lease as other hosts have it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from dependency_injector import providers
from sqlalchemy import Engine, event

from cleveragents.application.services.sweep_book import SweepBook
from cleveragents.domain.run import Origin, StartedFrom
from cleveragents.domain.sweep import Lease
from cleveragents.sweep_container import sweep_container_of
from support.driver import Driver

_HOW_MANY_FAILED = "SELECT count(*) AS count_1 \nFROM cleanup_sweeps"
ELSEWHERE = "elsewhere"
_ORIGIN = Origin(who="somebody", host=ELSEWHERE, version="1", started_from=StartedFrom.SWEEP)


def _book(driver: Driver) -> SweepBook:
    container = driver.container()
    driver.at_the_end(lambda: container.store().close())
    sweeps = sweep_container_of(container)
    sweeps.book.add_kwargs(origin=providers.Object(_ORIGIN))
    made = sweeps.book()
    assert isinstance(made, SweepBook)
    return made


def take(driver: Driver, length: timedelta) -> Lease:
    """Another host takes the lease, and keeps it until it expires."""
    lease = _book(driver).take_lease(length)
    assert lease is not None, "somebody else has it"
    driver.remembered["lease"] = lease
    return lease


def begin(driver: Driver, length: timedelta) -> None:
    """Another host takes the lease and begins a sweep."""
    _book(driver).begin(take(driver, length))


def older(driver: Driver) -> Lease:
    """A lease that somebody had before the one in force."""
    lease = driver.remembered["lease"]
    return Lease(holder="late", token=lease.token - 1, expires_at=lease.expires_at)


def holder(driver: Driver) -> Lease | None:
    return _book(driver).turn().holder


def once_it_is_due(driver: Driver, act: Callable[[], object]) -> None:
    """Have something done when somebody has read the past sweeps, and has not acted on it yet."""
    acts = [act]

    def read(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if acts and statement.startswith(_HOW_MANY_FAILED):
            acts.pop()()

    event.listen(Engine, "after_cursor_execute", read)
    driver.at_the_end(lambda: event.remove(Engine, "after_cursor_execute", read))


def lock(driver: Driver) -> Any:
    """Another program that lets nobody write about sweeps, until its connection is closed."""
    if driver.backend.name == "sqlite":
        return driver.hold_write_lock()
    connection = psycopg.connect(driver.database.url, options="-c lock_timeout=5s")
    driver.at_the_end(connection.close)
    connection.execute("LOCK TABLE cleanup_sweeper, cleanup_sweeps IN EXCLUSIVE MODE")
    return connection


def expire(driver: Driver) -> None:
    """Let the time of the lease in force be over."""
    moment = datetime.now(UTC) - timedelta(seconds=1)
    connection = driver.database.connect()
    written = int(moment.timestamp() * 1_000_000) if driver.backend.name == "sqlite" else f"'{moment}'"
    try:
        connection.execute(f"UPDATE cleanup_sweeper SET expires_at = {written}")
    finally:
        connection.close()
