"""A store of the OpenAI Agents SDK: filled, or rid of its stale sessions through the library's own API.

python _openai_once.py make|delete SQLiteSession|SQLAlchemySession|AdvancedSQLiteSession FILE …

`make` takes SESSIONS MESSAGES MESSAGE_BYTES besides. Runs in an environment where the library is installed
and we are not. It makes the tables and one session with one message; SQL multiplies them, which it would
take long to do. `delete` is told by a file beside the database which are stale: it cannot find them.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

TEMPLATE = "template"
STALE = "datetime('now', '-90 days')"


def opener(kind: str, file: str) -> Callable[[str], Any]:
    """What opens a session by its id, as a program does that has opened the store before."""
    if kind == "SQLiteSession":
        from agents import SQLiteSession  # type: ignore[import-not-found]

        return lambda session_id: SQLiteSession(session_id, file)
    if kind == "AdvancedSQLiteSession":
        from agents.extensions.memory import AdvancedSQLiteSession  # type: ignore[import-not-found]

        is_new = not Path(file).exists()
        return lambda session_id: AdvancedSQLiteSession(
            session_id=session_id, db_path=file, create_tables=is_new
        )
    from agents.extensions.memory import SQLAlchemySession
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(f"sqlite+aiosqlite:///{file}")
    return lambda session_id: SQLAlchemySession(session_id, engine=engine, create_tables=True)


def make(kind: str, file: str, sessions: int, messages: int, message_bytes: int) -> float:
    start = perf_counter()
    item = {"role": "user", "content": "x" * message_bytes}
    asyncio.run(opener(kind, file)(TEMPLATE).add_items([item]))
    ids = [f"session-{number:08d}" for number in range(sessions)]
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(
            f"INSERT INTO agent_sessions VALUES (?, {STALE}, CASE ? WHEN 1 THEN {STALE} ELSE datetime() END)",
            ((session_id, 1 - number % 2) for number, session_id in enumerate(ids)),
        )
        connection.executemany(
            "INSERT INTO agent_messages (session_id, message_data, created_at) "
            f"SELECT ?, message_data, {STALE} FROM agent_messages WHERE session_id = '{TEMPLATE}'",
            ([session_id] for session_id in ids for _ in range(messages)),
        )
        tables = ["agent_messages", "agent_sessions"]
        if kind == "AdvancedSQLiteSession":
            connection.execute(
                "INSERT INTO message_structure (session_id, message_id, message_type, sequence_number, "
                f"created_at) SELECT session_id, id, 'user', id, {STALE} FROM agent_messages "
                f"WHERE session_id <> '{TEMPLATE}'"
            )
            tables.append("message_structure")
        for table in tables:
            connection.execute(f"DELETE FROM {table} WHERE session_id = '{TEMPLATE}'")
    Path(f"{file}.stale").write_text(json.dumps(ids[::2]))
    return perf_counter() - start


def delete(kind: str, file: str) -> float:
    stale = json.loads(Path(f"{file}.stale").read_text())
    opened = opener(kind, file)

    async def each() -> float:
        start = perf_counter()
        for session_id in stale:
            session = opened(session_id)
            await session.clear_session()
            if hasattr(session, "close"):
                session.close()
        return perf_counter() - start

    return asyncio.run(each())


def main() -> None:
    command, kind, file, *sizes = sys.argv[1:]
    seconds = make(kind, file, *map(int, sizes)) if command == "make" else delete(kind, file)
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main()
