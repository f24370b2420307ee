"""Makes stores of the tables that a library made, as they were recorded, for the checks of adapters.

Their rows are written as the library writes them. What the libraries themselves say of it all is another
program's: `python libraries`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import make_url

from cleveragents.conformance import Maker, Wanted
from cleveragents.domain.stored import id_of_key, key_of_id
from support.foreign_databases import ForeignDatabase, ServerDatabase, SqliteFile
from support.recorded_stores import FOLDER

Statement = tuple[str, Sequence[object]]


class OpenServerDatabase(ServerDatabase):
    """With one connection that stays: each takes a server as long as a check does."""

    @cached_property
    def _own(self) -> Any:
        return super().connect()

    def connect(self) -> Any:
        return _Kept(self._own)

    def close(self) -> None:
        if "_own" in self.__dict__:
            self._own.close()


class _Kept:
    def __init__(self, connection: Any) -> None:
        self.execute = connection.execute

    def close(self) -> None:
        """It is closed with its database."""


class RecordedMaker(Maker):
    """`keys` are the tables that belong to sessions, with the columns of their key, the session's own first.

    `session` and `message` write a row of each; `spoken` is the table and the column of last access.
    """

    keys: ClassVar[dict[str, tuple[str, ...]]]
    content: ClassVar[tuple[str, str, str]]
    """The table of messages, a column of it, and an expression for what it holds, edited."""

    def __init__(self, driver: Any, recorded: str) -> None:
        self.backend = driver.backend
        path = FOLDER / f"{recorded}.{self.backend.name}.sql"
        self.is_sqlite = self.backend.name == "sqlite" or not path.exists()
        self.script = (path if path.exists() else FOLDER / f"{recorded}.sqlite.sql").read_text("utf-8")
        module = import_module(f"cleveragents.infrastructure.stores.{self.module}.kind")
        self.kind = module.KIND
        self._made: dict[str, Any] = {}
        self._opened: dict[str, OpenServerDatabase] = {}
        self._number = 0

    module: ClassVar[str]

    @abstractmethod
    def session(self, key: tuple[str, ...], at: datetime) -> Statement: ...

    @abstractmethod
    def message(self, key: tuple[str, ...], at: datetime, text: str) -> Sequence[Statement]:
        """The statements of one message, which is the use of its session too."""

    @abstractmethod
    def key(self, hint: str) -> tuple[str, ...]: ...

    def place(self, folder: Path) -> str:
        if self.is_sqlite:
            return f"sqlite:///{folder}/store.db"
        made = self.backend.create(folder, migrated=False)
        url = make_url(made.url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._made[url] = made
        return url

    def dispose(self, location: str) -> None:
        if location in self._opened:
            self._opened.pop(location).close()
        if location in self._made:
            self._made.pop(location).drop()

    def make(self, location: str, wanted: Sequence[Wanted]) -> Sequence[str]:
        database = self.database(location)
        now = datetime.now(UTC)
        with closing(database.connect()) as connection:
            if not self._has_tables(database):
                self._make_tables(connection, database)
            connection.execute("BEGIN")
            keys = [self.key(each.hint) for each in wanted]
            for key, each in zip(keys, wanted, strict=True):
                at = now - each.age
                self.execute_all(connection, [self.session(key, at)])
                for number in range(each.messages):
                    self.execute_all(connection, self.message(key, at, f"message {number}"))
            connection.execute("COMMIT")
        return [id_of_key(*key) for key in keys]

    def ids(self, location: str) -> Sequence[str]:
        table, columns = next(iter(self.keys.items()))
        rows = self.database(location).execute(f"SELECT DISTINCT {', '.join(columns)} FROM {table}")
        return [id_of_key(*row) for row in rows]

    def read(self, location: str, session_id: str) -> object:
        database, found = self.database(location), {}
        for table, columns in self.keys.items():
            is_own = " AND ".join(f"{name} = ?" for name in columns)
            whole = "*" if self.is_sqlite else "t::text"
            rows = database.execute(f"SELECT {whole} FROM {table} t WHERE {is_own}", key_of_id(session_id))
            found[table] = sorted(map(str, rows))
        return found if any(found.values()) else None

    def append(self, location: str, session_id: str) -> None:
        with closing(self.database(location).connect()) as connection:
            connection.execute("BEGIN")
            self.execute_all(connection, self.message(key_of_id(session_id), datetime.now(UTC), "one more"))
            connection.execute("COMMIT")

    def edit(self, location: str, session_id: str) -> bool:
        table, column, edited = self.content
        is_own = " AND ".join(f"{name} = ?" for name in self.keys[table])
        statement = f"UPDATE {table} SET {column} = {edited} WHERE {is_own}"
        self.database(location).execute(statement, key_of_id(session_id))
        return True

    def spoil(self, location: str) -> None:
        table = next(iter(self.keys))
        self.database(location).execute(f"ALTER TABLE {table} ADD COLUMN mood TEXT")

    def database(self, location: str) -> ForeignDatabase:
        if self.is_sqlite:
            return SqliteFile(Path(location.removeprefix("sqlite:///")))
        return self._opened.setdefault(location, OpenServerDatabase(location))

    def _has_tables(self, database: ForeignDatabase) -> bool:
        query = "SELECT count(*) FROM pg_tables WHERE tablename = ?"
        if self.is_sqlite:
            query = "SELECT count(*) FROM sqlite_schema WHERE name = ?"
        return bool(database.execute(query, (next(iter(self.keys)),))[0][0])

    def _make_tables(self, connection: Any, database: ForeignDatabase) -> None:
        if self.is_sqlite:
            connection.executescript(self.script)
        else:
            (name,) = database.execute("SELECT current_database()")[0]
            connection.execute(f"ALTER DATABASE \"{name}\" SET timezone = 'UTC'")
            connection.execute(self.script)
            connection.execute("SET search_path = public")
        for table in reversed(self.keys):
            connection.execute(f"DELETE FROM {table}")

    def execute_all(self, connection: Any, statements: Sequence[Statement]) -> None:
        for statement, values in statements:
            mine = statement if self.is_sqlite else statement.replace("?", "%s")
            connection.execute(mine, values)

    def next_number(self) -> int:
        self._number += 1
        return self._number
