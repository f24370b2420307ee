"""One filled database per backend, fresh copies of it, and what is left in a copy afterwards."""

from __future__ import annotations

import os
import shutil
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import ClassVar

import psycopg
from postgresql_server import server
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from remains import REMAINING, Remains, remains_of
from sample import MESSAGE_COLUMNS, SESSION_COLUMNS, Sample

from cleveragents.infrastructure.database.engine import ConnectionOptions
from cleveragents.infrastructure.database.store import SqlSessionStore

SERVER_VARIABLE = "CLEVERAGENTS_TEST_POSTGRES_URL"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ROWS_AT_A_TIME = 5_000


class Databases(ABC):
    """A filled database that is built once, and copies of it to measure on."""

    backend: ClassVar[str]

    @abstractmethod
    def build(self, sample: Sample) -> None:
        """Make the schema by our own migrations and fill it."""

    @abstractmethod
    def fill(self, make: Callable[[str], object]) -> None:
        """Have another program, which is told the URL, make it and fill it."""

    @abstractmethod
    def fresh(self) -> str:
        """The URL of a new, warm copy of the filled database."""

    @abstractmethod
    def drop(self, url: str) -> None: ...

    @abstractmethod
    def remains(self, url: str) -> Remains: ...

    @abstractmethod
    def count(self, url: str, statement: str) -> int:
        """What a statement that counts says."""

    @abstractmethod
    def version(self) -> str: ...

    @abstractmethod
    def size(self) -> int: ...

    @abstractmethod
    def empty(self) -> None:
        """Forget the filled database, so that another can be built."""


class SqliteDatabases(Databases):
    backend = "sqlite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._filled = folder / "filled.db"
        self._copies = 0

    def build(self, sample: Sample) -> None:
        _make_schema(f"sqlite:///{self._filled}")
        with closing(sqlite3.connect(self._filled, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("BEGIN")
            _insert(connection, "sessions", SESSION_COLUMNS, sample.session_rows())
            _insert(connection, "session_messages", MESSAGE_COLUMNS, sample.message_rows())
            connection.execute("COMMIT")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def fill(self, make: Callable[[str], object]) -> None:
        make(f"sqlite:///{self._filled}")
        with closing(sqlite3.connect(self._filled)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def fresh(self) -> str:
        self._copies += 1
        path = self._folder / f"copy-{self._copies}.db"
        shutil.copyfile(self._filled, path)
        with path.open("rb+") as copy:
            os.fsync(copy.fileno())
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(sqlite_path(url) + suffix).unlink(missing_ok=True)

    def remains(self, url: str) -> Remains:
        with closing(sqlite3.connect(sqlite_path(url))) as connection:
            return remains_of([connection.execute(statement) for statement in REMAINING])

    def count(self, url: str, statement: str) -> int:
        with closing(sqlite3.connect(sqlite_path(url))) as connection:
            return int(connection.execute(statement).fetchone()[0])

    def version(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def size(self) -> int:
        return self._filled.stat().st_size

    def empty(self) -> None:
        self._filled.unlink(missing_ok=True)


class PostgresqlDatabases(Databases):
    backend = "postgresql"

    def __init__(self, server: str) -> None:
        self._server = server
        self._filled = f"cleveragents_filled_{os.getpid()}"
        self._copies = 0

    def build(self, sample: Sample) -> None:
        self._administer(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self._filled)))
        url = self._url(self._filled)
        _make_schema(url)
        with psycopg.connect(url) as connection:
            _copy(connection, "sessions", SESSION_COLUMNS, sample.session_rows())
            _copy(connection, "session_messages", MESSAGE_COLUMNS, sample.message_rows())
        _settle(url)

    def fill(self, make: Callable[[str], object]) -> None:
        self._administer(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self._filled)))
        make(self._url(self._filled))
        _settle(self._url(self._filled))

    def fresh(self) -> str:
        self._copies += 1
        name = f"{self._filled}_{self._copies}"
        self._administer(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(self._filled)
            )
        )
        url = self._url(name)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_prewarm(oid) FROM pg_class"
                " WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace"
            )
            connection.execute("CHECKPOINT")
        return url

    def drop(self, url: str) -> None:
        name = conninfo_to_dict(url)["dbname"]
        self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(str(name))))

    def remains(self, url: str) -> Remains:
        with psycopg.connect(url) as connection:
            return remains_of([connection.execute(statement) for statement in REMAINING])

    def count(self, url: str, statement: str) -> int:
        with psycopg.connect(url) as connection:
            (found,) = connection.execute(statement.encode()).fetchone() or (0,)
        return int(found)

    def version(self) -> str:
        with psycopg.connect(self._url("postgres")) as connection:
            shown = ("server_version", "shared_buffers", "fsync")
            values = [f"{name} {connection.execute(f'SHOW {name}').fetchone()[0]}" for name in shown]  # type: ignore[index]
        return "PostgreSQL: " + ", ".join(values)

    def size(self) -> int:
        with psycopg.connect(self._url("postgres")) as connection:
            found = connection.execute("SELECT pg_database_size(%s)", [self._filled]).fetchone()
        assert found is not None
        return int(found[0])

    def empty(self) -> None:
        self._administer(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(self._filled)))

    def _administer(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    def _url(self, database: str) -> str:
        head, _, query = self._server.partition("?")
        return f"{head.rpartition('/')[0]}/{database}" + (f"?{query}" if query else "")


def _settle(url: str) -> None:
    """Leave nothing to do for a copy, and nothing for the server to find out about it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm")
        connection.execute("VACUUM (FREEZE, ANALYZE)")


@contextmanager
def databases(backend: str, folder: Path) -> Iterator[Databases]:
    """Make databases in `folder`, on the server that the environment names or on one of our own."""
    with ExitStack() as stack:
        made: Databases = (
            SqliteDatabases(folder)
            if backend == "sqlite"
            else PostgresqlDatabases(os.environ.get(SERVER_VARIABLE) or stack.enter_context(server(folder)))
        )
        stack.callback(made.empty)
        yield made


def sqlite_path(url: str) -> str:
    return url.removeprefix("sqlite:///")


def _make_schema(url: str) -> None:
    """Migrate as `agents db upgrade` does."""
    from cleveragents.infrastructure.database.maintenance import SqlSchema

    store = SqlSessionStore(url, ConnectionOptions())
    SqlSchema(store).upgrade()
    with store.writing():
        pass
    store.close()


def _insert(
    connection: sqlite3.Connection, table: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]
) -> None:
    places = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places})"
    remaining = (tuple(map(_as_stored, row)) for row in rows)
    while batch := list(islice(remaining, _ROWS_AT_A_TIME)):
        connection.executemany(statement, batch)


def _as_stored(value: object) -> object:
    return (value - _EPOCH) // _MICROSECOND if isinstance(value, datetime) else value


def _copy(
    connection: psycopg.Connection, table: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]
) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
