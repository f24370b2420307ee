"""The two kinds of database every scenario runs on, both real: a SQLite file, a PostgreSQL server."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from cleveragents.infrastructure.database import schema
from cleveragents.infrastructure.database.engine import ConnectionOptions
from cleveragents.infrastructure.database.store import SqlSessionStore

COUNT_MESSAGES = "SELECT count(*) FROM session_messages"
TAKE_MESSAGE = """
    DELETE FROM session_messages WHERE session_id = %(id)s AND sequence =
    (SELECT max(sequence) FROM session_messages WHERE session_id = %(id)s)
"""


class Database(Protocol):
    """One database of one scenario."""

    url: str

    def connect(self) -> Any:
        """Open a connection of the bare driver, as a program that is not ours would."""
        ...

    def hold_write_lock(self) -> Any:
        """Open a connection and keep everybody else from writing until it is closed."""
        ...

    def snapshot(self) -> object:
        """All that a change would change: the bytes of the file, or every row with its place."""
        ...

    def leave_messages_behind(self, session_id: str) -> None:
        """Delete a session as a program does that does not enforce foreign keys."""
        ...

    def hold_row(self, session_id: str) -> Any:
        """Open a connection and lock one session until it is closed; SQLite knows only whole files."""
        ...

    def take_message(self, session_id: str) -> None:
        """Delete a session's last message and leave its counters as they were."""
        ...

    def refuse_to_delete(self, session_id: str) -> None:
        """Have a trigger keep a session without an error, as some auditing tools do."""
        ...

    def count_messages(self) -> int: ...

    def exists(self) -> bool: ...

    def drop(self) -> None:
        """Remove the database itself; it may be gone already."""
        ...


class Backend(Protocol):
    name: str

    def create(self, folder: Path, *, migrated: bool = True) -> Database:
        """Make a fresh database with no sessions in it or, not `migrated`, with nothing in it."""
        ...

    def stop(self) -> None: ...


def start_backend(name: str) -> Backend:
    if name == "sqlite":
        return SqliteBackend()
    if name == "postgresql":
        # Late: whoever runs on SQLite needs neither the server nor its driver.
        from support.postgresql_backend import PostgresqlBackend

        return PostgresqlBackend()
    raise ValueError(f"-D backend={name}: known are sqlite and postgresql.")


def migrate(url: str) -> None:
    store = SqlSessionStore(url, ConnectionOptions())
    try:
        if store.url.get_backend_name() == "sqlite":
            schema.use_write_ahead_log(store.engine)
        with store.engine.begin() as connection:
            schema.migrate(connection, store.url)
    finally:
        store.close()


class SqliteDatabase:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"

    def connect(self) -> sqlite3.Connection:
        # Without the pragma, as most programs do it: this connection enforces no foreign keys.
        return sqlite3.connect(self.path, isolation_level=None)

    def hold_write_lock(self) -> sqlite3.Connection:
        connection = self.connect()
        connection.execute("BEGIN IMMEDIATE")
        return connection

    def snapshot(self) -> dict[str, bytes]:
        # The -shm file is shared memory, not content; SQLite drops and rebuilds it at will.
        files = [self.path.with_name(f"{self.path.name}{suffix}") for suffix in ("", "-wal")]
        return {file.name: file.read_bytes() for file in files if file.exists()}

    def leave_messages_behind(self, session_id: str) -> None:
        connection = self.connect()
        connection.execute("DELETE FROM sessions WHERE session_id = ?", (session_id,))
        connection.close()

    def restore(self, snapshot: dict[str, bytes]) -> None:
        for name, content in snapshot.items():
            self.path.with_name(name).write_bytes(content)

    def hold_row(self, session_id: str) -> sqlite3.Connection:  # noqa: ARG002 - a server knows rows
        return self.hold_write_lock()

    def take_message(self, session_id: str) -> None:
        connection = self.connect()
        connection.execute(TAKE_MESSAGE.replace("%(id)s", ":id"), {"id": session_id})
        connection.close()

    def refuse_to_delete(self, session_id: str) -> None:
        connection = self.connect()
        connection.execute(
            "CREATE TRIGGER refuse BEFORE DELETE ON sessions "
            f"WHEN OLD.session_id = '{session_id}' BEGIN SELECT RAISE(IGNORE); END"
        )
        connection.close()

    def count_messages(self) -> int:
        connection = self.connect()
        (count,) = connection.execute(COUNT_MESSAGES).fetchone()
        connection.close()
        return int(count)

    def exists(self) -> bool:
        return any(self.path.parent.glob(f"{self.path.name}*"))

    def drop(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)


class SqliteBackend:
    name = "sqlite"

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="cleveragents-sqlite-"))
        self._template = self._folder / "template.db"
        migrate(f"sqlite:///{self._template}")

    def create(self, folder: Path, *, migrated: bool = True) -> SqliteDatabase:
        path = folder / f"sessions-{uuid4().hex[:8]}.db"
        if migrated:
            shutil.copyfile(self._template, path)
        else:
            path.touch()
        return SqliteDatabase(path)

    def stop(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
