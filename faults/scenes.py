"""One database and one archive folder, which can be put back as they were and compared row by row."""

from __future__ import annotations

import shutil
import sqlite3
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy import make_url

from cleveragents.infrastructure.database.rows import metadata
from support.backends import migrate
from support.embedded_server import EmbeddedServer

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]
"""Every column of every row of some tables; each value as the database stores it."""

CONTENT = ("sessions", "session_messages", "dangling_sessions")
LEDGER = ("cleanup_database", "cleanup_runs", "cleanup_archives")
TABLES = (*CONTENT, *LEDGER, "cleanup_attempts")
_PATIENCE_SECONDS = 20
_PUT_BACKS_BETWEEN_VACUUMS = 25


@dataclass(frozen=True, slots=True)
class Kept:
    """A moment of a scene: a copy of its database, and of each file in its archive folder."""

    database: Any
    archives: dict[str, bytes]


class Scene(ABC):
    backend: ClassVar[str]

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url
        self.archives = folder / "archives"
        self.patience = timedelta(seconds=1)
        """How long a foreign program's connection waits for a lock."""

    @abstractmethod
    def connect(self) -> Any:
        """Open a connection of the bare driver that enforces no foreign key, as a foreign program does."""

    @abstractmethod
    def rows(self, tables: Sequence[str] = TABLES) -> Rows: ...

    @abstractmethod
    def _kept_database(self) -> Any: ...

    @abstractmethod
    def _put_database_back(self, kept: Any) -> None: ...

    @abstractmethod
    def wait_until_alone(self) -> None:
        """Wait until the database noticed that a killed process is gone."""

    @abstractmethod
    def close(self) -> None: ...

    def execute(self, statement: str) -> int:
        """Run one statement as a foreign program; returns how many rows it changed."""
        with closing(self.connect()) as connection:
            return int(connection.execute(statement).rowcount)

    def keep(self) -> Kept:
        return Kept(self._kept_database(), self.archive_files())

    def put_back(self, kept: Kept) -> None:
        self._put_database_back(kept.database)
        shutil.rmtree(self.archives, ignore_errors=True)
        self.archives.mkdir(parents=True, mode=0o700)
        for name, content in kept.archives.items():
            (self.archives / name).write_bytes(content)

    def archive_files(self) -> dict[str, bytes]:
        if not self.archives.is_dir():
            return {}
        return {path.name: path.read_bytes() for path in sorted(self.archives.iterdir())}


class SqliteScene(Scene):
    backend = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._path = folder / "sessions.db"
        super().__init__(folder, f"sqlite:///{self._path}")

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, isolation_level=None, timeout=self.patience.total_seconds())

    def rows(self, tables: Sequence[str] = TABLES) -> Rows:
        with closing(self.connect()) as connection:
            # Bytes that are no UTF-8 must be told apart too, and Python's escapes do that.
            connection.text_factory = _told_apart
            return {table: connection.execute(_every_column(table)).fetchall() for table in tables}

    def _kept_database(self) -> bytes:
        with closing(self.connect()) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self._path.read_bytes()

    def _put_database_back(self, kept: bytes) -> None:
        for suffix in ("-wal", "-shm"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        self._path.write_bytes(kept)

    def wait_until_alone(self) -> None:
        """A dead process holds no lock on a file."""

    def close(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresqlScene(Scene):
    backend = "postgresql"

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder, url)
        self._own = self.connect()
        self._copies = count(1)
        self._put_backs = 0

    def connect(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(self.url, autocommit=True)
        connection.execute("SET TimeZone TO 'UTC'")
        connection.execute(f"SET lock_timeout = {self.patience // timedelta(milliseconds=1)}".encode())
        connection.execute("SET session_replication_role = replica")
        return connection

    def rows(self, tables: Sequence[str] = TABLES) -> Rows:
        return {
            table: self._own.execute(_every_column(table, as_text=True).encode()).fetchall()
            for table in tables
        }

    def _kept_database(self) -> str:
        schema = f"kept_{next(self._copies)}"
        self._own.execute(SQL("CREATE SCHEMA {}").format(Identifier(schema)))
        for table in TABLES:
            names = Identifier(schema, table), Identifier("public", table)
            self._own.execute(SQL("CREATE TABLE {} AS TABLE {}").format(*names))
        return schema

    def _put_database_back(self, kept: str) -> None:
        self.wait_until_alone()
        with self._own.transaction():
            for table in TABLES:
                own = Identifier("public", table)
                self._own.execute(SQL("DELETE FROM {}").format(own))
                copied = SQL("INSERT INTO {} SELECT * FROM {}").format(own, Identifier(kept, table))
                self._own.execute(copied)
        self._put_backs += 1
        if not self._put_backs % _PUT_BACKS_BETWEEN_VACUUMS:
            for table in TABLES:
                self._own.execute(SQL("VACUUM (ANALYZE) {}").format(Identifier("public", table)))

    def wait_until_alone(self) -> None:
        others = (
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self._own.execute(others).fetchone() is not None:
            if time.monotonic() > deadline:
                raise TimeoutError("A server process outlives its client.")
            time.sleep(0.001)

    def close(self) -> None:
        self._own.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Scenes(ABC):
    """Makes fresh scenes of one backend, each with a migrated database without sessions."""

    backend: ClassVar[str]

    @abstractmethod
    def fresh(self) -> Scene: ...


class SqliteScenes(Scenes):
    backend = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fresh(self) -> SqliteScene:
        folder = _fresh_folder(self._folder)
        scene = SqliteScene(folder)
        migrate(scene.url)
        return scene


class PostgresqlScenes(Scenes):
    backend = "postgresql"

    def __init__(self, folder: Path, server: str) -> None:
        self._folder = folder
        self._server = server

    def fresh(self) -> PostgresqlScene:
        name = f"cleveragents_faults_{uuid4().hex}"
        with psycopg.connect(self._server, autocommit=True) as connection:
            statement: Composed = SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name))
            connection.execute(statement)
        url = make_url(self._server).set(database=name).render_as_string(hide_password=False)
        migrate(url)
        return PostgresqlScene(_fresh_folder(self._folder), url)


@contextmanager
def scenes_on(backend: str, folder: Path) -> Iterator[Scenes]:
    if backend == "sqlite":
        yield SqliteScenes(folder)
        return
    server = EmbeddedServer()
    try:
        yield PostgresqlScenes(folder, server.url)
    finally:
        server.stop()


def difference(expected: Rows, found: Rows) -> str:
    """The first difference in words, or nothing where there is none."""
    for table, rows in expected.items():
        if rows == found[table]:
            continue
        lost = [row for row in rows if row not in found[table]]
        extra = [row for row in found[table] if row not in rows]
        return (
            f"{table}: {len(lost)} rows differ or are missing, {len(extra)} are there instead; "
            f"expected {str(lost[:1])[:600]}, found {str(extra[:1])[:600]}"
        )
    return ""


def columns_of(table: str) -> list[str]:
    return [column.name for column in metadata.tables[table].columns]


def _every_column(table: str, *, as_text: bool = False) -> str:
    names = [f'"{name}"::text' if as_text else f'"{name}"' for name in columns_of(table)]
    keys = ", ".join(str(place + 1) for place in range(len(names)))
    return f'SELECT {", ".join(names)} FROM "{table}" ORDER BY {keys}'


def _told_apart(raw: bytes) -> str:
    return raw.decode(errors="surrogateescape")


def _fresh_folder(parent: Path) -> Path:
    folder = parent / uuid4().hex[:12]
    folder.mkdir()
    return folder
