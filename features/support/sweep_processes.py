"""Sweeps in processes of their own, with the computer's clock, which are stopped, killed and woken up."""

from __future__ import annotations

import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from cleveragents.domain.sweep import Idle
from support.driver import Driver
from support.pace_processes import wait_until
from support.slowness import somebody_deletes
from support.sweeps import Host, add_host, records

_PROGRAM = Path(__file__).with_name("sweep_program.py")
_PATIENCE_SECONDS = 30
_PATIENCE_WITH_FAILURES = timedelta(minutes=5)
_WATCH = "cleanup watch --every 24h --jitter 0s --mode purge"


def start(driver: Driver, *, lease: int = 60_000, dies: str = "never", options: str = "") -> Any:
    """Start `agents cleanup watch`; its lease lasts so many milliseconds."""
    words = shlex.split(f"{_WATCH} {options}")
    process = subprocess.Popen(  # noqa: S603 - the words are a scenario's
        [sys.executable, str(_PROGRAM), str(lease), dies, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )

    def end() -> None:
        process.kill()
        process.communicate()

    driver.at_the_end(end)
    driver.remembered["process"] = process
    return process


def process_of(driver: Driver) -> subprocess.Popen[str]:
    process = driver.remembered["process"]
    assert isinstance(process, subprocess.Popen)
    return process


def wait_until_it_deletes(driver: Driver) -> None:
    """Return when the process is in the middle of the deleting transaction of its sweep."""
    wait_until(
        process_of(driver), lambda connection: _has_begun(driver) and somebody_deletes(connection), driver
    )


def wait_for_sweeps(driver: Driver, number: int, outcome: str) -> None:
    wait_until(
        process_of(driver),
        lambda _: sum(row["outcome"] == outcome for row in records(driver)) >= number,
        driver,
    )


def look_until_swept(driver: Driver, name: str) -> None:
    """Have another host look until the lease and the patience that somebody left behind are over."""
    other = add_host(driver, name, "--every 24h --jitter 0s --mode purge --max-lock 30s")
    driver.clock.show_real_time()
    if any(row["outcome"] == "failed" for row in records(driver)):
        driver.clock.advance(_PATIENCE_WITH_FAILURES)
    _wait(lambda: _has_had_its_turn(other))


def _has_had_its_turn(other: Host) -> bool:
    looked = other.look()
    return looked is not None and looked.idle != Idle.ELSEWHERE


def chunks(connection: Any) -> int:
    (count,) = connection.execute("SELECT count(*) FROM cleanup_runs WHERE length(run_id) > 26").fetchone()
    return int(count)


def _has_begun(driver: Driver) -> bool:
    connection = driver.database.connect()
    try:
        began = connection.execute("SELECT 1 FROM cleanup_attempts WHERE outcome = 'begun'").fetchone()
        return began is not None
    finally:
        connection.close()


def _wait(has_come: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not has_come():
        assert time.monotonic() < deadline, "that never came"
        time.sleep(0.1)


def send(driver: Driver, how: str) -> None:
    signals = {"stopped": signal.SIGSTOP, "woken up": signal.SIGCONT, "killed": signal.SIGKILL,
               "told to end": signal.SIGTERM, "interrupted": signal.SIGINT}  # fmt: skip
    process_of(driver).send_signal(signals[how])
