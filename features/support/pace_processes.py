"""Runs in chunks in processes of their own, which are stopped at a moment that the database shows."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

from support.driver import Driver
from support.slowness import somebody_deletes

_SIGNALS = {"Ctrl-C": signal.SIGINT, "kill -9": signal.SIGKILL}
_PATIENCE_SECONDS = 30
_WELL_INSIDE = 0.3
_OTHERS = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_OUR_RUNS = f"{_OTHERS} AND application_name = 'cleveragents'"


def stop_in_pause(driver: Driver, words: str, how: str, chunk: int) -> None:
    process = driver.start(words)
    wait_until(process, lambda connection: _chunks(connection) >= chunk, driver)
    _stop(driver, process, how)


def stop_while_deleting(driver: Driver, words: str, how: str, chunk: int) -> None:
    process = driver.start(words)
    wait_until(
        process, lambda connection: _chunks(connection) >= chunk and somebody_deletes(connection), driver
    )
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
