"""What a coordinator keeps in memory of sessions that were opened in turn.

    python benchmarks/opened_in_turn.py --sessions 100000 --most 100

Creates so many sessions, one after another, of which at most so many are active, in the database of the
settings, or in a new one. Every tenth of the way it tells how many are active, what the process holds,
and how many sessions a second it opened. It ends with an error where the last half needed more.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import time
from pathlib import Path

from cleveragents.container import Container
from cleveragents.domain.session import Role
from cleveragents.integrations.coordinator import SessionCoordinator

MIB = 1024 * 1024
PARTS = 10
MAY_GROW = 4 * MIB
URL = "CLEVERAGENTS_DATABASE_URL"


def resident_bytes() -> int:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE")


def measure(sessions: int, most: int) -> list[int]:
    """Open them all; returns the resident bytes after each tenth."""
    store = Container().own_store()
    seen = []
    with SessionCoordinator(most) as coordinator, store.engine.connect() as idle:
        coordinator.create(name="first")
        # As in a program that does more than this: with its last connection SQLite ends its log, too.
        idle.exec_driver_sql("SELECT count(*) FROM sessions")
        idle.rollback()
        for part in range(1, PARTS + 1):
            began = time.perf_counter()
            for number in range(sessions // PARTS):
                session = coordinator.create(name="opened")
                if number % 100 == 0:
                    coordinator.append(session.session_id, Role.USER, "Hello.")
            seconds = time.perf_counter() - began
            active = len(coordinator.active)
            assert active <= most, f"{active} were active"
            seen.append(resident_bytes())
            print(
                f"{part * (sessions // PARTS):>8} opened, {active} active, "
                f"{seen[-1] / MIB:.1f} MiB resident, {sessions / PARTS / seconds:.0f} sessions/s",
                flush=True,
            )
    store.close()
    return seen


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--most", type=int, default=100, help="active at once")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="opened-in-turn-") as folder:
        os.environ.setdefault(URL, f"sqlite:///{folder}/sessions.db")
        seen = measure(options.sessions, options.most)
    grown = seen[-1] - seen[PARTS // 2 - 1]
    print(f"grew by {grown / MIB:.2f} MiB over the last {options.sessions // 2} sessions")
    return 1 if grown > MAY_GROW else 0


if __name__ == "__main__":
    sys.exit(main())
