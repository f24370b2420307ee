"""One purge in a process of its own, so that its peak memory is its own: `arms.py` starts it.

python _purge_once.py service|FLOOR BACKEND URL CUTOFF; the service's settings come from the environment
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict
from datetime import datetime
from time import perf_counter
from typing import Any

from floors import FLOORS, Deleted, Stopwatch

_SHOWN = 90
_BETWEEN = "between statements"


class Laps:
    """Listens to SQLAlchemy and books the time under the statement that took it.

    An archive is read past SQLAlchemy, so its time stands between statements.
    """

    def __init__(self) -> None:
        self.stopwatch = Stopwatch()
        self._before = _BETWEEN

    def begun(self, *_arguments: object, **_named: object) -> None:
        self.stopwatch.lap(self._before)
        self._before = _BETWEEN

    def executed(self, _connection: object, _cursor: object, statement: str, *_others: object) -> None:
        self.stopwatch.lap(shortened(statement))

    def commits(self, *_arguments: object) -> None:
        self.begun()
        self._before = "commit"


def by_service() -> tuple[float, Deleted]:
    from sqlalchemy import Engine, event
    from sqlalchemy.pool import Pool

    from cleveragents.container import Container

    container = Container()
    service, policy = container.cleanup_service(), container.policy()
    laps = Laps()
    event.listen(Engine, "before_cursor_execute", laps.begun)
    event.listen(Engine, "after_cursor_execute", laps.executed)
    event.listen(Engine, "commit", laps.commits)
    event.listen(Pool, "invalidate", laps.begun)
    laps.stopwatch = Stopwatch()
    start = perf_counter()
    report = service.purge(policy)
    seconds = perf_counter() - start
    laps.stopwatch.lap("close")
    return seconds, Deleted(report.purged.sessions, report.purged.messages, laps.stopwatch.steps)


def by_floor(backend: str, name: str, url: str, cutoff: datetime) -> tuple[float, Deleted]:
    start = perf_counter()
    deleted = FLOORS[backend][name](url, cutoff)
    return perf_counter() - start, deleted


def shortened(statement: str) -> str:
    """The beginning of a statement; of one that begins with a CTE, what it is for."""
    words = re.sub(r"\s+", " ", statement).strip()
    start = words[:_SHOWN]
    purpose = re.search(r"INSERT INTO \w+|count\(\*\) AS scanned|ORDER BY", words)
    return start if not start.startswith("WITH") or purpose is None else f"{purpose[0]} … {start}"


def main() -> None:
    name, backend, url, cutoff = sys.argv[1:]
    seconds, deleted = (
        by_service() if name == "service" else by_floor(backend, name, url, datetime.fromisoformat(cutoff))
    )
    told: dict[str, Any] = {"seconds": seconds, **asdict(deleted)}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
