"""A foreign database as an adapter: which layout it has, and its connections."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import URL, Connection, func, select

from cleveragents.domain.errors import DatabaseUnavailableError, NotADatabaseError
from cleveragents.domain.preflight import Hazard, HazardCode, Inspected
from cleveragents.domain.progress import Progress
from cleveragents.domain.stored import Recognised
from cleveragents.infrastructure.database import postgresql_catalogue, sqlite_catalogue
from cleveragents.infrastructure.database.engine import ConnectionOptions, displayed
from cleveragents.infrastructure.database.failures import told_plainly
from cleveragents.infrastructure.database.footprint import size_of_file
from cleveragents.infrastructure.database.present import hanging_tables
from cleveragents.infrastructure.database.sqlite import file_identity, is_empty_sqlite
from cleveragents.infrastructure.database.stopping import Stopping
from cleveragents.infrastructure.stores.sql.connecting import check_references, reading_engine, writing_engine
from cleveragents.infrastructure.stores.sql.deleting import refers_from_outside, unindexed
from cleveragents.infrastructure.stores.sql.layout import SqlLayout
from cleveragents.infrastructure.stores.sql.restoring import SqlStoreReturn
from cleveragents.infrastructure.stores.sql.run import SqlStoreRun

_LONGEST_LOCK = timedelta(seconds=2)
"""Python's own SQLite, and so most libraries, gives up waiting for a lock after five."""
_PLACES = frozenset({"host", "hostaddr", "port", "options", "service"})


_NO_DATABASE = ("Check the location after --store; a damaged file is its own program's to mend.",)


class SqlAdapter(ABC):
    """One database of one library; a subclass says which layout it has."""

    def __init__(self, url: URL, busy_timeout: timedelta) -> None:
        self.url = url
        self._options = ConnectionOptions(busy_timeout=busy_timeout)
        self._is_sqlite = url.get_backend_name() == "sqlite"
        self._reading = reading_engine(url, self._options)
        self._writing = writing_engine(url, self._options)
        self._stopping = Stopping()

    @abstractmethod
    def layout(self, connection: Connection) -> SqlLayout:
        """Look which one it is; raises StoreNotRecognisedError where it is none that is known."""

    @property
    def displayed(self) -> str:
        return displayed(self.url)

    @property
    def identity(self) -> str:
        """A subclass adds the tables where several stores may share a database."""
        url = self.url
        # A socket, or the schema that a connection begins in, is said beside the name of the database.
        beside = [f"?{name}={url.query[name]}" for name in sorted(_PLACES & url.query.keys())]
        return f"{url.host or ''}:{url.port or ''}{''.join(beside)}/{url.database}"

    @property
    def longest_lock(self) -> timedelta | None:
        return _LONGEST_LOCK if self._is_sqlite else None

    def is_missing(self) -> bool:
        return self._is_sqlite and is_empty_sqlite(self.url)

    def recognise(self) -> Recognised:
        with self._peeking() as connection:
            return self.layout(connection).recognised(connection)

    def owns(self, path: str) -> bool:
        own = [f"{self.url.database}{suffix}" for suffix in ("", "-wal", "-shm", "-journal")]
        return self._is_sqlite and path in own

    def inspect(self) -> Inspected:
        with self._peeking() as connection:
            layout = self.layout(connection)
            quote = connection.dialect.identifier_preparer.quote
            catalogue = sqlite_catalogue if self._is_sqlite else postgresql_catalogue
            names = [part.table for part in layout.parts]
            hazards = [
                Hazard(
                    code=HazardCode.UNINDEXED_REFERENCE,
                    message=f"No index of the table {part.table} leads with {', '.join(part.keys)}.",
                    mend=f"CREATE INDEX {quote(f'ix_{part.table}_session')} ON {quote(part.table)} "
                    f"({', '.join(map(quote, part.keys))})",
                    cost="A session's rows are found by reading the whole table; newer versions of its "
                    "library make the index themselves.",
                )
                for part in unindexed(connection, layout)
            ]
            hazards += [
                Hazard(
                    code=HazardCode.TRIGGER,
                    message=f"The table {each.table} has a trigger: {each.name}.",
                    mend=each.mend,
                    cost="Whatever it does, it does for what is deleted, while the lock is held.",
                )
                for each in catalogue.triggers_on(connection, names)
            ]
            return Inspected(
                hazards=tuple(hazards),
                size_bytes=self._size(connection, names),
                log_folder=Path(self.url.database or "").parent if self._is_sqlite else None,
            )

    def hanging_tables(self) -> Sequence[str]:
        with self._peeking() as connection:
            names = {part.table for part in self.layout(connection).parts}
            quote = connection.dialect.identifier_preparer.quote
            return hanging_tables(
                connection, {(str.lower if self._is_sqlite else quote)(name) for name in names}
            )

    def stop(self) -> None:
        self._stopping.ask()

    def allow(self) -> None:
        self._stopping.take_back()

    @contextmanager
    def running(self, progress: Progress) -> Iterator[SqlStoreRun]:
        del progress
        with self._told(), ExitStack() as stack:
            file = file_identity(self.url)
            reading = stack.enter_context(self._reading.connect())
            if not self._is_sqlite:
                reading.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            stack.enter_context(self._stopping.reaching(reading))
            with reading.begin():
                layout = self.layout(reading)
                is_referred_to = refers_from_outside(reading, [part.table for part in layout.parts])

            def require_same() -> None:
                if self._is_sqlite and file_identity(self.url) != file:
                    raise DatabaseUnavailableError(
                        f"Another file took the place of {self.url.database} meanwhile. Nothing was changed.",
                        hints=["Run it again: it looks at that one then."],
                    )

            def writing() -> Connection:
                connection = stack.enter_context(self._writing.connect())
                require_same()
                stack.enter_context(self._stopping.reaching(connection))
                if self._is_sqlite and is_referred_to:
                    check_references(connection)
                return connection

            yield SqlStoreRun(layout, reading, writing, self._told, require_same)

    @contextmanager
    def returning(self, progress: Progress) -> Iterator[SqlStoreReturn]:
        del progress
        with self._told(), self._writing.connect() as connection:
            with connection.begin():
                layout = self.layout(connection)
            yield SqlStoreReturn(layout, connection, self._told)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """As everywhere, but for the advice to look into a database of ours."""
        try:
            with told_plainly(self.url, self._options.busy_timeout):
                yield
        except NotADatabaseError as error:
            error.hints = _NO_DATABASE
            raise

    @contextmanager
    def _peeking(self) -> Iterator[Connection]:
        with self._told(), self._reading.begin() as connection:
            yield connection

    def _size(self, connection: Connection, tables: Sequence[str]) -> int:
        if self._is_sqlite:
            return size_of_file(connection)
        quote = connection.dialect.identifier_preparer.quote
        return sum(
            connection.scalar(select(func.pg_total_relation_size(quote(name)))) or 0 for name in tables
        )
