"""A database for a library to fill, which can be compared with what it was, row by row."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from support.embedded_server import EmbeddedServer

_OF_SERVER = """
    SELECT 'column', table_schema, table_name, column_name, data_type, is_nullable, column_default
    FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema')
    UNION ALL SELECT 'index', schemaname, tablename, indexname, indexdef, '', '' FROM pg_indexes
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
    UNION ALL SELECT 'constraint', connamespace::regnamespace::text, conrelid::regclass::text, conname::text,
    pg_get_constraintdef(oid), '', '' FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'object', relnamespace::regnamespace::text, relname::text, relkind::text, '', '', ''
    FROM pg_class WHERE relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace,
    'pg_toast'::regnamespace)
    ORDER BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """All that a foreign database holds: its schema, and each row of each table as it is stored."""

    schema: tuple[Any, ...]
    rows: Mapping[str, Counter[tuple[Any, ...]]]

    def difference(self, later: Fingerprint) -> str:
        """What is otherwise there, in words; nothing where nothing is."""
        if self.schema != later.schema:
            return f"the schema: {set(self.schema) ^ set(later.schema)}"[:900]
        for table, rows in self.rows.items():
            if gone := rows - later.rows[table]:
                return f"{table}: {gone.total()} rows gone or changed, such as {next(iter(gone))}"[:900]
        return self.added(later)

    def added(self, later: Fingerprint) -> str:
        """What is there later and was not: where rows were only deleted, nothing."""
        if self.schema != later.schema:
            return f"the schema: {set(self.schema) ^ set(later.schema)}"[:900]
        for table, rows in later.rows.items():
            if new := rows - self.rows[table]:
                return f"{table}: {new.total()} rows are new or changed, such as {next(iter(new))}"[:900]
        return ""

    def count(self, table: str) -> int:
        return self.rows[table].total()


class ForeignDatabase(ABC):
    backend: ClassVar[str]

    def __init__(self, url: str) -> None:
        self.url = url

    @abstractmethod
    def connect(self) -> Any:
        """Open a connection of the bare driver that commits each statement."""

    @abstractmethod
    def fingerprint(self) -> Fingerprint: ...

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
        with closing(self.connect()) as connection:
            cursor = connection.execute(statement, parameters)
            return list(cursor.fetchall()) if cursor.description else []


class SqliteFile(ForeignDatabase):
    backend = "sqlite"

    def __init__(self, path: Path) -> None:
        super().__init__(f"sqlite:///{path}")
        self.path = path

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, isolation_level=None, timeout=30)

    def fingerprint(self) -> Fingerprint:
        with closing(self.connect()) as connection:
            connection.text_factory = lambda raw: raw.decode(errors="surrogateescape")
            schema = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2")
            pragmas = [
                (name, connection.execute(f"PRAGMA {name}").fetchone()[0])
                for name in ("journal_mode", "user_version", "application_id", "auto_vacuum", "encoding")
            ]
            objects = schema.fetchall()
            names = [name for kind, name, _, _ in objects if kind == "table"]
            return Fingerprint(
                (*objects, *pragmas), {name: Counter(_rows(connection, name)) for name in names}
            )


class ServerDatabase(ForeignDatabase):
    backend = "postgresql"

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url, autocommit=True)

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> list[Any]:
        return super().execute(statement.replace("%", "%%").replace("?", "%s"), parameters)

    def fingerprint(self) -> Fingerprint:
        with closing(self.connect()) as connection:
            schema = tuple(connection.execute(_OF_SERVER).fetchall())
            tables = connection.execute(
                "SELECT schemaname, tablename FROM pg_tables"
                " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
            ).fetchall()
            # As text: what a driver makes of a value may hide a difference.
            rows = {
                name if place == "public" else f"{place}.{name}": Counter(
                    connection.execute(SQL("SELECT t::text FROM {} t").format(Identifier(place, name)))
                )
                for place, name in tables
            }
            return Fingerprint(schema, rows)


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[Any, ...]]:
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
    told = ", ".join(f'typeof("{name}"), quote("{name}")' for name in columns)
    return connection.execute(f'SELECT {told} FROM "{table}"').fetchall()


class Places(ABC):
    """Makes fresh databases of one backend with nothing in them."""

    @abstractmethod
    def fresh(self, folder: Path) -> ForeignDatabase: ...


class SqlitePlaces(Places):
    def fresh(self, folder: Path) -> SqliteFile:
        return SqliteFile(folder / f"foreign-{uuid4().hex[:8]}.db")


class ServerPlaces(Places):
    def __init__(self, server: str) -> None:
        self._server = server

    def fresh(self, folder: Path) -> ServerDatabase:  # noqa: ARG002 - a file needs it
        name = f"foreign_{uuid4().hex}"
        with psycopg.connect(self._server, autocommit=True) as connection:
            statement = SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name))
            connection.execute(statement)
        return ServerDatabase(make_url(self._server).set(database=name).render_as_string(hide_password=False))


@contextmanager
def places_on(backend: str) -> Iterator[Places]:
    if backend == "sqlite":
        yield SqlitePlaces()
        return
    server = EmbeddedServer()
    try:
        yield ServerPlaces(server.url)
    finally:
        server.stop()
