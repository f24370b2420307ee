"""One purge in a process of its own, so that its peak memory is its own: `purge.py` starts it.

python _purge_once.py service|FLOOR BACKEND URL CUTOFF
"""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime
from time import perf_counter
from typing import Any

from floors import FLOORS, Deleted, Stopwatch

_SHOWN = 90


def by_service(url: str) -> tuple[float, Deleted]:
    from sqlalchemy import Engine, event
    from sqlalchemy.pool import Pool

    from cleveragents.container import Container

    container = Container()
    # The floors keep no archive, and ask nobody whether half of all sessions may go.
    container.flags.override({"database_url": url, "cleanup_archive": False, "cleanup_max_purge": "100%"})
    service, policy = container.cleanup_service(), container.policy()
    stopwatch = Stopwatch()

    def lap(step: str) -> Any:
        return lambda *_arguments, **_named: stopwatch.lap(step)

    def executed(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        stopwatch.lap(shortened(statement))

    event.listen(Engine, "before_cursor_execute", lap("between statements"))
    event.listen(Engine, "after_cursor_execute", executed)
    event.listen(Engine, "commit", lap("between statements"))
    event.listen(Pool, "invalidate", lap("commit"))
    start = perf_counter()
    stopwatch.lap("start")
    report = service.purge(policy)
    seconds = perf_counter() - start
    stopwatch.lap("close")
    del stopwatch.steps["start"]
    return seconds, Deleted(report.purged.sessions, report.purged.messages, stopwatch.steps)


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
        by_service(url) if name == "service" else by_floor(backend, name, url, datetime.fromisoformat(cutoff))
    )
    print(
        json.dumps(
            {
                "seconds": seconds,
                "sessions": deleted.sessions,
                "messages": deleted.messages,
                "steps": deleted.steps,
            }
        )
    )


if __name__ == "__main__":
    main()
