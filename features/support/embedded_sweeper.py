"""A server that sweeps in its background, in this process or in one of its own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from typing import Any

from cleveragents.application.services.expiry_warner import Hook
from cleveragents.integrations.sweeper import CleanupSweeper
from support.driver import Driver
from support.slowness import somebody_deletes

PATIENCE_SECONDS = 60
_PROBED = """
import asyncio, json, sys, time
from cleveragents.application.services.expiry_warner import Hook
from cleveragents.integrations.sweeper import CleanupSweeper

async def main(url):
    lags = []
    async def probe():
        while True:
            due = time.perf_counter() + 0.01
            await asyncio.sleep(0.01)
            lags.append(time.perf_counter() - due)
    flags = {"database_url": url, "cleanup_mode": "purge", "cleanup_max_purge": "100%", "sweep_jitter": "0s"}
    probing = asyncio.create_task(probe())
    async with CleanupSweeper(flags) as sweeper:
        while sweeper.last is None:
            await asyncio.sleep(0.01)
    probing.cancel()
    sweep, _ = sweeper.last
    print(json.dumps({"sessions": sweep.sessions, "message": sweep.message, "lags": sorted(lags)}))

asyncio.run(main(sys.argv[1]))
"""


class EmbeddedSweeper:
    def __init__(self, driver: Driver, on_expiring: Hook | None = None, **flags: Any) -> None:
        self._driver = driver
        settings = {"database_url": driver.database.url, "sweep_jitter": "0s", **flags}
        self.sweeper = CleanupSweeper(settings, on_expiring=on_expiring)
        self.is_whole: bool | None = None
        self.end_seconds = 0.0
        driver.at_the_end(self.sweeper.stop)

    def start(self) -> None:
        self.sweeper.start()

    def start_and_lock(self) -> None:
        """Take the write lock once it has begun its sweep."""
        connection = self._driver.another_connection()
        self.sweeper.start()
        begun = "SELECT 1 FROM cleanup_sweeps WHERE outcome = 'begun'"
        self._wait_until(lambda: connection.execute(begun).fetchone())
        self._driver.at_the_end(self._driver.hold_write_lock().close)
        time.sleep(0.2)

    def wait_for_a_sweep(self) -> None:
        self.wait_for_sweeps(1)

    def wait_for_sweeps(self, count: int) -> None:
        self._wait_until(lambda: self.sweeper.parts.tally().sweeps >= count)

    def wait_until_it_deletes(self) -> None:
        connection = self._driver.another_connection()
        self._wait_until(lambda: somebody_deletes(connection))

    def end(self) -> None:
        began = time.monotonic()
        self.is_whole = self.sweeper.stop()
        self.end_seconds = time.monotonic() - began

    def wait_until_nothing_remains(self) -> None:
        self._wait_until(lambda: not self._driver.remaining())

    def live_until_swept(self) -> None:
        async def live() -> None:
            async with self.sweeper.lifespan(object()):
                await asyncio.to_thread(self.wait_for_a_sweep)

        asyncio.run(live())

    def _wait_until(self, has_come: Any) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not has_come():
            assert time.monotonic() < deadline, f"it never came; last: {self.sweeper.last}"
            time.sleep(0.02)


def probe_event_loop(driver: Driver) -> dict[str, Any]:
    """Sweep in an asyncio program that measures how late its event loop is, in seconds."""
    # Measured line by line it would be the measuring that is late.
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    finished = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _PROBED, driver.database.url],
        env=unmeasured,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS * 2,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    told: dict[str, Any] = json.loads(finished.stdout)
    return told


def add_stale(driver: Driver, count: int) -> None:
    """Add bare sessions by one statement: a hundred thousand through the repository take a minute."""
    connection = driver.another_connection()
    row = "'stale-' || n, 'local', 'cli', {then}, {then}, 0, 0, 0, 0, '{{}}'"
    columns = (
        "session_id, namespace, source, created_at, last_accessed_at, "
        "message_count, content_bytes, input_tokens, output_tokens, metadata"
    )
    if driver.backend.name == "sqlite":
        steps = f"s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count})"
        numbers = f"(WITH RECURSIVE {steps} SELECT n FROM s)"
        then = "(unixepoch() - 3456000) * 1000000"
    else:
        numbers, then = f"generate_series(1, {count}) AS n", "now() - interval '40 days'"
    connection.execute(f"INSERT INTO sessions ({columns}) SELECT {row.format(then=then)} FROM {numbers}")
