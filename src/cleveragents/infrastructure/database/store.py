"""The product's own store: sessions in SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, NullPool, RootTransaction
from sqlalchemy.exc import DBAPIError

from cleveragents.domain.errors import (
    DatabaseError,
    DatabaseLockedError,
    InterruptedRunError,
    OutcomeUnknownError,
)
from cleveragents.domain.ports import Look, Purge, Restoration
from cleveragents.domain.progress import UNWATCHED, Progress
from cleveragents.infrastructure.database import schema
from cleveragents.infrastructure.database.engine import ConnectionOptions, displayed, parse_url
from cleveragents.infrastructure.database.expiry_warnings import SqlExpiryWarnings
from cleveragents.infrastructure.database.failures import commit, in_our_words, told_plainly
from cleveragents.infrastructure.database.ledger import SqlLedger
from cleveragents.infrastructure.database.purging import purge_on
from cleveragents.infrastructure.database.repositories.sessions import SqlSessionRepository
from cleveragents.infrastructure.database.restoring import restore_on
from cleveragents.infrastructure.database.rows import metadata
from cleveragents.infrastructure.database.scanning import find
from cleveragents.infrastructure.database.sqlite import (
    file_identity,
    is_empty_sqlite,
    sqlite_nowhere,
    sqlite_reader,
    sqlite_writer,
)
from cleveragents.infrastructure.database.stopping import Stopping
from cleveragents.infrastructure.database.sweeping import SqlSweeps


class SqlUnitOfWork:
    """One transaction on one connection; what a driver raises inside it comes out in our words."""

    sessions: SqlSessionRepository
    ledger: SqlLedger
    sweeps: SqlSweeps
    warnings: SqlExpiryWarnings

    def __init__(self, store: SqlSessionStore, engine: Engine, **options: object) -> None:
        self._store = store
        self._engine = engine
        self._options = options

    def __enter__(self) -> Self:
        with self._store.told_plainly():
            self._connection = self._engine.connect()
            try:
                self._store.stopping.spare_waiting(self._connection)
                self._connection.execution_options(**self._options)
                self._transaction: RootTransaction = self._connection.begin()
            except BaseException:
                self._connection.close()
                raise
        self.sessions = SqlSessionRepository(self._connection)
        self.ledger = SqlLedger(self._connection)
        self.sweeps = SqlSweeps(self._connection)
        self.warnings = SqlExpiryWarnings(self._connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Where the connection broke meanwhile, the server has rolled back by itself.
        with suppress(DBAPIError):
            self._connection.close()
        if isinstance(error, DBAPIError):
            raise self._store.in_our_words(error) from error

    def commit(self) -> bool:
        return commit(self._transaction)


class SqlSessionStore:
    """One database. `engine` writes whatever the schema; `agents db` starts there."""

    def __init__(self, url: str, options: ConnectionOptions) -> None:
        self.url = parse_url(url)
        self._options = options
        self._is_sqlite = self.url.get_backend_name() == "sqlite"
        self._known: tuple[int, int] | str | None = None
        self.stopping = Stopping()
        if self._is_sqlite:
            self.engine = self._run_engine = sqlite_writer(self.url, options)
            self._reading_engine = sqlite_reader(self.url, options)
        else:
            # Late: whoever has an embedded database needs no driver of a server.
            from cleveragents.infrastructure.database.postgresql import postgresql_engine

            self.engine = self._reading_engine = postgresql_engine(self.url, options)
            # A run keeps its connection for long, and throws it away: many runs shall not empty the pool.
            self._run_engine = postgresql_engine(self.url, options, poolclass=NullPool)

    @property
    def displayed_url(self) -> str:
        return displayed(self.url)

    @property
    def busy_timeout(self) -> timedelta:
        return self._options.busy_timeout

    def told_plainly(self) -> AbstractContextManager[None]:
        return told_plainly(self.url, self._options.busy_timeout)

    @contextmanager
    def told_when_stopped(self) -> Iterator[None]:
        """The same; what fails because runs were stopped was interrupted."""
        if self.stopping.is_asked:
            raise InterruptedRunError
        try:
            with self.told_plainly():
                yield
        except (DatabaseError, DatabaseLockedError) as error:
            if self.stopping.is_asked and not isinstance(error, OutcomeUnknownError):
                raise InterruptedRunError from error
            raise

    def in_our_words(self, error: DBAPIError) -> Exception:
        return in_our_words(error, self.url, self._options.busy_timeout)

    def stop_runs(self) -> None:
        self.stopping.ask()

    def allow_runs(self) -> None:
        self.stopping.take_back()

    def wait(self, seconds: float) -> None:
        if self.stopping.wait(seconds):
            raise InterruptedRunError

    def is_missing(self) -> bool:
        return self._is_sqlite and is_empty_sqlite(self.url)

    def reading(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self, self._reader(), **self._snapshot)

    def writing(self) -> SqlUnitOfWork:
        return SqlUnitOfWork(self, self._writer(), writes=True)

    @contextmanager
    def looking(self) -> Iterator[Look]:
        with self.told_when_stopped(), self._reader().connect() as connection:
            connection.execution_options(**self._snapshot)
            with self.stopping.reaching(connection), connection.begin():
                yield partial(find, connection)

    @contextmanager
    def peeking(self) -> Iterator[Connection]:
        """Read whatever is there, whatever its schema."""
        engine = sqlite_nowhere() if self.is_missing() else self._reading_engine
        with self.told_plainly(), engine.begin() as connection:
            yield connection

    @contextmanager
    def purging(self, progress: Progress = UNWATCHED) -> Iterator[Purge]:
        # A cleanup never makes a database: where there is none, there is nothing to purge.
        engine = nowhere() if self.is_missing() else self._run_engine_of_known_schema()
        with (
            self.told_when_stopped(),
            purge_on(engine, self.url, self.told_when_stopped, progress, self.stopping) as purge,
        ):
            yield purge

    @contextmanager
    def restoring(self, progress: Progress = UNWATCHED) -> Iterator[Restoration]:
        engine = self._run_engine_of_known_schema()
        with self.told_plainly(), restore_on(engine, self.url, progress) as restoration:
            yield restoration

    @property
    def ledger_is_apart(self) -> bool:
        return False

    def present(self, session_ids: Collection[str]) -> Collection[str]:
        with self.reading() as work:
            return {session.session_id for session in work.sessions.among(session_ids)}

    def make_ready(self) -> None:
        """A scan of a missing database makes none."""

    def make(self) -> None:
        """Make or migrate an embedded database now."""
        self._writer()

    def owns(self, path: Path) -> bool:
        """Whether a path names one of an embedded database's own files."""
        own = [Path(f"{self.url.database}{suffix}") for suffix in ("", "-wal", "-shm")]
        return self._is_sqlite and path.resolve() in own

    def close(self) -> None:
        self._known = None
        self.engine.dispose()
        self._run_engine.dispose()
        self._reading_engine.dispose()

    @property
    def _snapshot(self) -> dict[str, object]:
        if self._is_sqlite:
            return {}
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

    def _run_engine_of_known_schema(self) -> Engine:
        self._writer()
        return self._run_engine

    def _writer(self) -> Engine:
        """An engine on a database of this version's schema; an embedded one is made or migrated."""
        if not self._is_known():
            with self.told_plainly():
                if self._is_sqlite:
                    schema.migrate_embedded(self.engine, self.url)
                with self.engine.begin() as connection:
                    schema.require_head(connection, self.url)
                self._known = self._identity()
        return self.engine

    def _reader(self) -> Engine:
        """The same for reading; what is missing or has no table yet reads as empty, and stays so."""
        if self.is_missing():
            return nowhere()
        if not self._is_known():
            with self.peeking() as connection:
                if self._is_sqlite and not schema.holds_tables(connection):
                    return nowhere()
                schema.require_head(connection, self.url)
                self._known = self._identity()
        return self._reading_engine

    def _is_known(self) -> bool:
        """Whether the schema was looked at, and it is still the same file that stands there."""
        return self._known is not None and self._known == self._identity()

    def _identity(self) -> tuple[int, int] | str | None:
        return file_identity(self.url) if self._is_sqlite else displayed(self.url)


def nowhere() -> Engine:
    """An empty database in memory, with our tables."""
    engine = sqlite_nowhere()
    with engine.begin() as connection:
        metadata.create_all(connection)
        schema.mark_current(connection)
    return engine
