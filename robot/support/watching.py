"""Services that sweep: what they write, and what the database remembers of them."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from robot.api.deco import keyword

from support.slowness import slow_down_on, speed_up_on

_PATIENCE = 30.0
_DONE = re.compile(r"^INFO Session cleanup complete (.*)$", re.MULTILINE)
_SESSION = re.compile(r"^DEBUG Session deleted session=\S+ session_id=(\S+) age_days=(\d+)$", re.MULTILINE)
_SWEEPS_ENDED = "SELECT count(*) FROM cleanup_sweeps WHERE outcome IN ('purged', 'reported')"
_HELD = "SELECT count(*) FROM cleanup_sweeper WHERE holder IS NOT NULL"
_SESSIONS = "SELECT count(*) FROM sessions"


@keyword
def sweeps_in_log(log: str) -> list[dict[str, str]]:
    """Return the facts in the line of each sweep that purged, oldest first."""
    return [dict(re.findall(r"(\w+)=(\S+)", facts)) for facts in _DONE.findall(log)]


@keyword
def lines_at(log: str, level: str) -> list[str]:
    return [line for line in log.splitlines() if line.startswith(f"{level} ")]


@keyword
def sessions_in_log(log: str) -> list[tuple[str, int]]:
    """Return the id and the age in days of each session that the log calls deleted, sorted."""
    return sorted((session, int(age)) for session, age in _SESSION.findall(log))


@keyword
def let_each_deletion_take(url: str, seconds: float) -> None:
    with _connected(url) as connection:
        slow_down_on(connection, "%", seconds)


@keyword
def let_no_deletion_take_long(url: str) -> None:
    with _connected(url) as connection:
        speed_up_on(connection)


@keyword
def sweeps_of(url: str) -> list[dict[str, Any]]:
    """Read how each sweep ended and what it counted, oldest first, with the bare driver."""
    names = ("sweep_id", "outcome", "sessions", "code", "token")
    with _connected(url) as connection:
        rows = connection.execute(f"SELECT {', '.join(names)} FROM cleanup_sweeps ORDER BY token")
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


@keyword
def wait_until_sweeps_ended(url: str, number: int) -> None:
    """Return when so many sweeps did what they should."""
    with _connected(url) as connection:
        _wait_until(connection, _SWEEPS_ENDED, number)


@keyword
def wait_until_no_session_is_left(url: str) -> None:
    with _connected(url) as connection:
        _wait_until(connection, _SESSIONS, 0, at_most=True)


@keyword
def wait_until_a_sweep_has_just_ended(url: str) -> None:
    """Return when nobody sweeps, and nobody will before the next is due."""
    with _connected(url) as connection:
        (before,) = connection.execute(_SWEEPS_ENDED).fetchone()
        _wait_until(connection, _SWEEPS_ENDED, before + 1)
        _wait_until(connection, _HELD, 0, at_most=True)


def _wait_until(connection: Any, count: str, number: int, *, at_most: bool = False) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        (found,) = connection.execute(count).fetchone()
        if found <= number if at_most else found >= number:
            return
        if time.monotonic() > deadline:
            raise AssertionError(f"{count}: {found} after {_PATIENCE:.0f} s.")
        time.sleep(0.02)


@contextmanager
def _connected(url: str) -> Iterator[Any]:
    """Connect with the bare driver, past every line of ours."""
    file = url.removeprefix("sqlite:///")
    connection: Any = (
        psycopg.connect(url, autocommit=True)
        if file == url
        else sqlite3.connect(file, isolation_level=None, timeout=_PATIENCE)
    )
    try:
        yield connection
    finally:
        connection.close()
