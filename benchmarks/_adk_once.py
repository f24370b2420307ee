"""A session database of Google ADK: filled, or rid of its stale sessions through ADK's own API.

python _adk_once.py make|delete adk-database|adk-sqlite FILE SESSIONS MESSAGES MESSAGE_BYTES

Runs in an environment where ADK is installed and we are not. `delete` is told by a file beside the
database which sessions are stale: ADK itself cannot find them.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from time import perf_counter

from _delete_elsewhere import FRAMEWORKS, Framework, multiply

_AGES = {
    "REAL": "update_time - 90 * 86400",
    "DATETIME": "strftime('%Y-%m-%d %H:%M:%f', update_time, '-90 days') || '000'",
}


def make(framework: Framework, file: str, sessions: int, messages: int, message_bytes: int) -> float:
    start = perf_counter()
    asyncio.run(framework.make(file, "x" * message_bytes))
    stale = multiply(framework, file, sessions, messages)[::2]
    with closing(sqlite3.connect(file)) as connection, connection:
        types = {row[1]: row[2] for row in connection.execute("PRAGMA table_info(sessions)")}
        connection.executemany(
            f"UPDATE sessions SET update_time = {_AGES[types['update_time']]} WHERE id = ?",
            ([one] for one in stale),
        )
    Path(f"{file}.stale").write_text(json.dumps(stale))
    return perf_counter() - start


def delete(framework: Framework, file: str) -> float:
    stale = json.loads(Path(f"{file}.stale").read_text())
    deleted = framework.deleter(file)

    async def each() -> float:
        start = perf_counter()
        for session_id in stale:
            await deleted(session_id)
        return perf_counter() - start

    return asyncio.run(each())


def main() -> None:
    command, name, file, *sizes = sys.argv[1:]
    framework = FRAMEWORKS[name]
    seconds = make(framework, file, *map(int, sizes)) if command == "make" else delete(framework, file)
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main()
