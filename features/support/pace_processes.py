"""Runs in chunks in processes of their own, which are stopped at a moment that the database shows."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from typing import Any

from support.driver import Driver

_SIGNALS = {"Ctrl-C": signal.SIGINT, "kill -9": signal.SIGKILL}
_PATIENCE_SECONDS = 30
_WELL_INSIDE = 0.3
_ON_SQLITE = """
CREATE TRIGGER slow BEFORE {event} ON sessions WHEN {row}.session_id LIKE '{ids}' BEGIN
  SELECT count(*) FROM (
    WITH RECURSIVE steps(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM steps WHERE n < {steps})
    SELECT n FROM steps
  );
END
"""
_ON_POSTGRESQL = """
CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_sleep({seconds}); RETURN {row}; END $$;
CREATE TRIGGER slow BEFORE {event} ON sessions FOR EACH ROW
  WHEN ({row}.session_id LIKE '{ids}') EXECUTE FUNCTION slowly()
"""
_STEPS_A_SECOND = 10_000_000
_OTHERS = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_SLEEPING = f"{_OTHERS} AND wait_event = 'PgSleep'"
_OUR_RUNS = f"{_OTHERS} AND application_name = 'cleveragents'"


def slow_down(driver: Driver, ids: str, seconds: float, *, event: str = "DELETE") -> None:
    """Have the deletion of each session whose id is like that take about so long, or another event."""
    connection = driver.another_connection()
    slow = _ON_SQLITE if driver.backend.name == "sqlite" else _ON_POSTGRESQL
    row = "NEW" if event == "INSERT" else "OLD"
    steps = int(seconds * _STEPS_A_SECOND)
    connection.execute(slow.format(ids=ids, event=event, row=row, seconds=seconds, steps=steps))


def speed_up(driver: Driver) -> None:
    driver.another_connection().execute(
        "DROP TRIGGER slow" if driver.backend.name == "sqlite" else "DROP TRIGGER slow ON sessions"
    )


def stop_in_pause(driver: Driver, words: str, how: str, chunk: int) -> None:
    process = driver.start(words)
    wait_until(process, lambda connection: _chunks(connection) >= chunk, driver)
    _stop(driver, process, how)


def stop_while_deleting(driver: Driver, words: str, how: str, chunk: int) -> None:
    process = driver.start(words)
    wait_until(process, lambda connection: _chunks(connection) >= chunk and _is_deleting(connection), driver)
    _stop(driver, process, how)


def wait_until(process: subprocess.Popen[str], has_come: Callable[[Any], bool], driver: Driver) -> None:
    connection = driver.another_connection()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not has_come(connection):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "the moment never came"
        time.sleep(0.02)


def _stop(driver: Driver, process: subprocess.Popen[str], how: str) -> None:
    time.sleep(_WELL_INSIDE)
    assert process.poll() is None, process.communicate()
    process.send_signal(_SIGNALS[how])
    driver.finish(process)
    _wait_until_gone(driver)


def _wait_until_gone(driver: Driver) -> None:
    """A server notices only after a while that a killed process is gone."""
    if driver.backend.name == "sqlite":
        return
    connection = driver.another_connection()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while connection.execute(_OUR_RUNS).fetchone() is not None:
        assert time.monotonic() < deadline, "a server process outlives its client"
        time.sleep(0.02)


def _chunks(connection: Any) -> int:
    (count,) = connection.execute("SELECT count(*) FROM cleanup_runs WHERE length(run_id) > 26").fetchone()
    return int(count)


def _is_deleting(connection: Any) -> bool:
    if not isinstance(connection, sqlite3.Connection):
        return connection.execute(_SLEEPING).fetchone() is not None
    try:
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    return False
