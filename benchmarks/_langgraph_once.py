"""A database of LangGraph's checkpointers: filled, looked at, or rid of threads through LangGraph's own API.

python _langgraph_once.py make|find|delete|prune URL ABOUT

Runs in an environment where LangGraph is installed and we are not. `ABOUT` is in JSON: `[threads, turns,
bytes]` to make, half of them stale; the days of a threshold to find; the names of threads to delete.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, time
from typing import Any

sys.path.append(str(Path(__file__).resolve().parent.parent / "libraries" / "scripts"))

from langgraph_clock import clock_moved_back
from use_langgraph import (
    DAY,
    STALE,
    Application,
    config_of,
    saver_of,
    thread_of,
)

OF_FILE = {
    "checkpoints": (
        "checkpoint_ns",
        "checkpoint_id",
        "parent_checkpoint_id",
        "type",
        "checkpoint",
        "metadata",
    ),
    "writes": ("checkpoint_ns", "checkpoint_id", "task_id", "idx", "channel", "type", "value", "task_path"),
}
OF_SERVER = {
    "checkpoints": OF_FILE["checkpoints"],
    "checkpoint_blobs": ("checkpoint_ns", "channel", "version", "type", "blob"),
    "checkpoint_writes": (*OF_FILE["writes"][:6], "blob", "task_path"),
}
NUMBERS = {
    "sqlite": "(WITH RECURSIVE numbers(i) AS (VALUES (1) UNION ALL "
    "SELECT i + 1 FROM numbers WHERE i < {count}) SELECT i FROM numbers)",
    "postgresql": "generate_series(1, {count}) AS numbers(i)",
}


def make(saver: Any, about: list[int]) -> int:
    """Two threads by running an agent; the others are these again, under names of their own."""
    threads, turns, size = about
    application = Application(saver)
    saver.setup()
    for name, days in (("stale", STALE), ("fresh", 0)):
        with clock_moved_back(days * DAY):
            for turn in range(turns):
                said = f"turn {turn} {'x' * size}"
                state = {"messages": [said], "facts": {}, "status": "new", "asks": False}
                application.graph.invoke(state, config_of(f"{name}-0"))
        multiply(saver, name, threads // 2 - 1)
    return threads


def multiply(saver: Any, name: str, count: int) -> None:
    is_file = isinstance(saver.conn, sqlite3.Connection)
    numbers = NUMBERS["sqlite" if is_file else "postgresql"].format(count=count)
    for table, columns in (OF_FILE if is_file else OF_SERVER).items():
        listed = ", ".join(columns)
        saver.conn.execute(
            f"INSERT INTO {table} (thread_id, {listed}) "
            f"SELECT '{name}-' || i, {listed} FROM {table}, {numbers} WHERE thread_id = '{name}-0'"
        )
    saver.conn.commit()


def find(saver: Any, days: int) -> list[str]:
    """The threads whose youngest checkpoint is older: LangGraph lists all checkpoints, and decodes each."""
    youngest: dict[str, float] = {}
    for each in saver.list(None):
        moment = moment_of(each.checkpoint["id"])
        thread = thread_of(each.config)
        youngest[thread] = max(youngest.get(thread, moment), moment)
    return [thread for thread, moment in youngest.items() if moment < time() - days * DAY]


def moment_of(checkpoint_id: str) -> float:
    digits = checkpoint_id.replace("-", "")
    return (int(digits[:12] + digits[13:16], 16) - 0x01B2_1DD2_1381_4000) / 10_000_000


def delete(saver: Any, threads: list[str]) -> int:
    for thread in threads:
        saver.delete_thread(thread)
    return len(threads)


def prune(saver: Any, threads: list[str]) -> int:
    saver.prune(threads, strategy="delete")
    return len(threads)


def main() -> None:
    command, url, about = sys.argv[1:]
    commands: dict[str, Callable[[Any, Any], Any]] = {
        "make": make,
        "find": find,
        "delete": delete,
        "prune": prune,
    }
    told = json.loads(Path(about[1:]).read_text() if about.startswith("@") else about)
    with saver_of(url) as saver:
        start = perf_counter()
        answer = commands[command](saver, told)
        seconds = perf_counter() - start
    print(json.dumps({"seconds": seconds, "answer": answer}))


if __name__ == "__main__":
    main()
