"""The product's own store: sessions in SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, RootTransaction
from sqlalchemy.exc import DBAPIError

from cleveragents.domain.ports import Purge
from cleveragents.domain.report import Findings
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.infrastructure.database import schema
from cleveragents.infrastructure.database.engine import (
    ConnectionOptions,
    displayed,
    is_empty_sqlite,
    make_private_file,
    parse_url,
    postgresql_engine,
    sqlite_nowhere,
    sqlite_reader,
    sqlite_writer,
)
from cleveragents.infrastructure.database.failures import commit, in_our_words, told_plainly
from cleveragents.infrastructure.database.purging import purge_on
from cleveragents.infrastructure.database.repositories.sessions import SqlSessionRepository
from cleveragents.infrastructure.database.rows import metadata
from cleveragents.infrastructure.database.scanning import find


class SqlUnitOfWork:
    """One transaction on one connection; what a driver raises inside it comes out in our words."""

    sessions: SqlSessionRepository

    def __init__(self, store: SqlSessionStore, engine: Engine, **options: object) -> None:
        self._store = store
        self._engine = engine
        self._options = options

    def __enter__(self) -> Self:
        with self._store.told_plainly():
            self._connection = self._engine.connect()
            try:
                self._connection.execution_options(**self._options)
                self._transaction: RootTransaction = self._connection.begin()
            except BaseException:
                self._connection.close()
                raise
        self.sessions = SqlSessionRepository(self._connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        if isinstance(error, DBAPIError):
            raise self._store.in_our_words(error) from error

    def commit(self) -> None:
        commit(self._transaction)


class SqlSessionStore:
    def __init__(self, url: str, options: ConnectionOptions) -> None:
        self.url = parse_url(url)
        self._options = options
        self._is_sqlite = self.url.get_backend_name() == "sqlite"

    @property
    def displayed_url(self) -> str:
        return displayed(self.url)

    def told_plainly(self) -> AbstractContextManager[None]:
        return told_plainly(self.url, self._options.busy_timeout)

    def in_our_words(self, error: DBAPIError) -> Exception:
        return in_our_words(error, self.url, self._options.busy_timeout)

    def is_missing(self) -> bool:
        return self._is_sqlite and is_empty_sqlite(self.url)

    def reading(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self, self._reader(), **self._snapshot)

    def writing(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self, self._writer, writes=True)

    def scan(self, policy: RetentionPolicy, now: datetime, *, listed: int | None) -> Findings:
        with self.told_plainly(), self._reader().connect() as connection:
            connection.execution_options(**self._snapshot)
            with connection.begin():
                return find(connection, policy, now, listed=listed)

    @contextmanager
    def peeking(self) -> Iterator[Connection]:
        """Read whatever is there, whatever its schema."""
        with self.told_plainly(), self._peeker().begin() as connection:
            yield connection

    @contextmanager
    def purging(self) -> Iterator[Purge]:
        # A cleanup never makes a database: where there is none, there is nothing to purge.
        engine = self._nowhere() if self.is_missing() else self._writer
        with self.told_plainly(), purge_on(engine) as purge:
            yield purge

    def discard(self) -> None:
        """Delete an embedded database's files; only for one that is ours alone, such as a demo's."""
        self.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.url.database}{suffix}").unlink(missing_ok=True)

    def close(self) -> None:
        for name in ("_opened_peeker", "_opened_reader", "_writer", "engine"):
            engine: Engine | None = self.__dict__.pop(name, None)
            if engine is not None:
                engine.dispose()

    @property
    def _snapshot(self) -> dict[str, object]:
        if self._is_sqlite:
            return {}
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    @cached_property
    def engine(self) -> Engine:
        """An engine that writes, whatever the schema; `agents db` starts here."""
        if self._is_sqlite:
            with self.told_plainly():
                make_private_file(self.url)
            return sqlite_writer(self.url, self._options)
        return postgresql_engine(self.url, self._options)

    @cached_property
    def _writer(self) -> Engine:
        with self.told_plainly():
            if self._is_sqlite:
                schema.migrate_embedded(self.engine, self.url)
            with self.engine.begin() as connection:
                schema.require_head(connection, self.url)
        return self.engine

    def _reader(self) -> Engine:
        return self._nowhere() if self.is_missing() else self._opened_reader

    @cached_property
    def _opened_reader(self) -> Engine:
        with self.peeking() as connection:
            if self._is_sqlite and not schema.holds_tables(connection):
                return self._nowhere()
            schema.require_head(connection, self.url)
        return self._peeker()

    def _peeker(self) -> Engine:
        if not self._is_sqlite:
            return self.engine
        return sqlite_nowhere() if self.is_missing() else self._opened_peeker

    @cached_property
    def _opened_peeker(self) -> Engine:
        return sqlite_reader(self.url, self._options)

    @staticmethod
    def _nowhere() -> Engine:
        engine = sqlite_nowhere()
        metadata.create_all(engine)
        return engine
