"""Another framework's sessions on its own database, deleted through its own API, one by one.

python _delete_elsewhere.py adk-database|adk-sqlite|openai FILE SESSIONS MESSAGES MESSAGE_BYTES

Runs in an environment of its own, where the framework is installed and we are not. The framework
makes the schema and one session with one message; SQL multiplies them, which it would take hours to do.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import sqlite3
import sys
from collections.abc import Callable, Coroutine
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from time import perf_counter
from typing import Any

APP, USER = "application", "user"


@dataclass(frozen=True)
class Framework:
    """`make` writes one session with one message; `deleter` gives what deletes one session by its id."""

    package: str
    sessions: str
    messages: str
    session_key: str
    make: Callable[[str, str], Coroutine[Any, Any, None]]
    deleter: Callable[[str], Callable[[str], Coroutine[Any, Any, None]]]


def adk(file: str, *, embedded: bool) -> Any:
    if embedded:
        from google.adk.sessions.sqlite_session_service import SqliteSessionService  # type: ignore[import-not-found]

        return SqliteSessionService(file)
    from google.adk.sessions import (  # type: ignore[import-not-found]
        DatabaseSessionService,
        database_session_service,
    )

    is_asynchronous = "create_async_engine" in inspect.getsource(database_session_service)
    return DatabaseSessionService(f"sqlite{'+aiosqlite' if is_asynchronous else ''}:///{file}")


def adk_framework(*, embedded: bool) -> Framework:
    async def make(file: str, text: str) -> None:
        from google.adk.events import Event  # type: ignore[import-not-found]
        from google.genai import types  # type: ignore[import-not-found]

        service = adk(file, embedded=embedded)
        session = await service.create_session(app_name=APP, user_id=USER)
        content = types.Content(role=USER, parts=[types.Part(text=text)])
        await service.append_event(session, Event(author=USER, invocation_id="one", content=content))

    def deleter(file: str) -> Callable[[str], Coroutine[Any, Any, None]]:
        service = adk(file, embedded=embedded)

        async def delete(session_id: str) -> None:
            await service.delete_session(app_name=APP, user_id=USER, session_id=session_id)

        return delete

    return Framework("google-adk", "sessions", "events", "id", make, deleter)


def openai_framework() -> Framework:
    async def make(file: str, text: str) -> None:
        from agents import SQLiteSession  # type: ignore[import-not-found]

        await SQLiteSession("template", file).add_items([{"role": "user", "content": text}])

    def deleter(file: str) -> Callable[[str], Coroutine[Any, Any, None]]:
        from agents import SQLiteSession

        async def delete(session_id: str) -> None:
            session = SQLiteSession(session_id, file)
            await session.clear_session()
            session.close()

        return delete

    return Framework("openai-agents", "agent_sessions", "agent_messages", "session_id", make, deleter)


FRAMEWORKS = {
    "adk-database": adk_framework(embedded=False),
    "adk-sqlite": adk_framework(embedded=True),
    "openai": openai_framework(),
}


def multiply(framework: Framework, file: str, sessions: int, messages: int) -> list[str]:
    """Copy the one session and its message; returns the ids, the template's own is gone."""
    ids = [f"session-{number:08d}" for number in range(sessions)]
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for table, key, each in (
            (framework.sessions, framework.session_key, 1),
            (framework.messages, "session_id", messages),
        ):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            values = [
                "?" if column == key else "lower(hex(randomblob(16)))" if column == "id" else column
                for column in columns
                if not is_counted(connection, table, column)
            ]
            kept = [column for column in columns if not is_counted(connection, table, column)]
            connection.execute(f"CREATE TEMPORARY TABLE template AS SELECT * FROM {table} LIMIT 1")
            connection.execute(f"DELETE FROM {table}")
            statement = f"INSERT INTO {table} ({', '.join(kept)}) SELECT {', '.join(values)} FROM template"
            connection.executemany(statement, ([one] for one in ids for _ in range(each)))
            connection.execute("DROP TABLE template")
        connection.execute("COMMIT")
    return ids


def is_counted(connection: sqlite3.Connection, table: str, column: str) -> bool:
    """Whether SQLite numbers the rows by this column itself."""
    declared = {row[1]: row[2] for row in connection.execute(f"PRAGMA table_info({table})")}
    return declared[column] == "INTEGER" and column == "id"


def count(file: str, table: str) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


async def delete_every_second(framework: Framework, file: str, ids: list[str]) -> float:
    delete = framework.deleter(file)
    start = perf_counter()
    for session_id in ids[::2]:
        await delete(session_id)
    return perf_counter() - start


def main() -> None:
    name, file, *sizes = sys.argv[1:]
    framework = FRAMEWORKS[name]
    sessions, messages, message_bytes = map(int, sizes)
    asyncio.run(framework.make(file, "x" * message_bytes))
    ids = multiply(framework, file, sessions, messages)
    before = count(file, framework.sessions), count(file, framework.messages)
    seconds = asyncio.run(delete_every_second(framework, file, ids))
    told = {
        "seconds": seconds,
        "sessions": before[0] - count(file, framework.sessions),
        "messages": before[1] - count(file, framework.messages),
        "version": version(framework.package),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
