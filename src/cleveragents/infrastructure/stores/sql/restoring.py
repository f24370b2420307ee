"""Putting rows of an archive back into a foreign database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    TableClause,
    and_,
    column,
    exists,
    false,
    insert,
    inspect,
    not_,
    or_,
    select,
)
from sqlalchemy import table as table_clause

from cleveragents.domain.errors import ArchiveRefusedError, DatabaseBusyError, PurgeMismatchError
from cleveragents.domain.restored import NotRestored
from cleveragents.domain.stored import Chosen, Dangling
from cleveragents.infrastructure.database.archive_rows import read_pair
from cleveragents.infrastructure.database.failures import as_sqlalchemy_tells, committing
from cleveragents.infrastructure.database.temporary import drop
from cleveragents.infrastructure.stores.sql.deleting import lock_tables
from cleveragents.infrastructure.stores.sql.keys import as_bytes, is_utf8
from cleveragents.infrastructure.stores.sql.layout import Part, SqlLayout
from cleveragents.infrastructure.stores.sql.rows import table_there
from cleveragents.infrastructure.stores.sql.taken import Taken

_AT_ONCE = 500
Plainly = Callable[[], AbstractContextManager[None]]


class SqlStoreReturn:
    def __init__(self, layout: SqlLayout, connection: Connection, plainly: Plainly) -> None:
        self._layout = layout
        self._connection = connection
        self._plainly = plainly
        self._is_postgresql = connection.dialect.name == "postgresql"
        self._beside: dict[tuple[str, bool], tuple[TableClause, int]] = {}

    def take(self, table: str, columns: Sequence[str], rows: Iterator[list[Any]], *, dangling: bool) -> int:
        self._require_known(table, columns)
        with self._plainly(), self._connection.begin():
            beside = self._make_beside(table, columns)
            with as_sqlalchemy_tells(self._connection, f"INSERT INTO {beside.name}"):
                taken = self._insert(beside, rows)
        self._beside[table, dangling] = beside, taken
        return taken

    def leave_dangling(self) -> None:
        self._beside = {key: held for key, held in self._beside.items() if not key[1]}

    def obstacles(self, session_ids: Iterable[str]) -> Mapping[str, NotRestored]:
        with self._plainly(), self._connection.begin():
            return self._obstacles(self._coming(session_ids))

    @contextmanager
    def putting_back(self, session_ids: Iterable[str]) -> Iterator[Dangling]:
        connection = self._connection
        with self._plainly():
            with connection.begin():
                coming = self._coming(session_ids)
            connection.execution_options(writes=True)
            try:
                with committing(connection):
                    if self._is_postgresql and self._layout.locks_tables:
                        lock_tables(connection, self._layout)
                    if self._obstacles(coming):
                        raise DatabaseBusyError(detail="A session of the archive was made in the meantime.")
                    for part in reversed(self._layout.parts):
                        self._put_back(part, coming)
                    yield Dangling(messages=self._put_back_dangling())
            finally:
                connection.execution_options(writes=False)

    def _put_back(self, part: Part, coming: Taken) -> None:
        if (part.table, False) not in self._beside:
            return
        beside, _ = self._beside[part.table, False]
        own = table_clause(part.table, *(column(each.name) for each in beside.c))
        is_coming = exists().where(part.belongs_to(beside, coming.table)).correlate(beside)
        came = self._insert_from(beside, own, is_coming)
        if part.is_session and came != coming.count:
            raise PurgeMismatchError(
                f"The table {part.table} took {came:,} rows where {coming.count:,} sessions were to be put "
                "back; everything was rolled back and nothing was changed."
            )

    def _put_back_dangling(self) -> int:
        came = 0
        for (name, dangling), (beside, _) in self._beside.items():
            if not dangling or self._is_kept_out(name):
                continue
            own = table_clause(name, *(column(each.name) for each in beside.c))
            is_hindered = or_(self._is_there(name, beside), self._has_session(name, beside))
            came += self._insert_from(beside, own, not_(is_hindered))
        return came

    def _is_kept_out(self, name: str) -> bool:
        """Whether a foreign key takes no row of the table without its session."""
        session = self._layout.session_part
        if session is None or not self._is_postgresql:
            return False
        keys = inspect(self._connection).get_foreign_keys(name)
        return any(key["referred_table"] == session.table for key in keys)

    def _insert_from(self, beside: TableClause, own: TableClause, which: ColumnElement[bool]) -> int:
        names = [each.name for each in beside.c]
        statement = insert(own).from_select(names, select(*beside.c).where(which))
        # For inserts SQLAlchemy throws the count away unless asked to keep it.
        return self._connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount

    def _is_there(self, name: str, beside: TableClause) -> ColumnElement[bool]:
        """Whether a row with the same primary key stands there."""
        keys = inspect(self._connection).get_pk_constraint(name)["constrained_columns"]
        own = table_clause(name, *map(column, keys))
        return exists().where(*(own.c[key] == beside.c[key] for key in keys)).correlate(beside)

    def _has_session(self, name: str, beside: TableClause) -> ColumnElement[bool]:
        """Whether its session is there: what once dangled must not become a part of another session."""
        session = self._layout.session_part
        part = next((part for part in self._layout.parts if part.table == name), None)
        if session is None or part is None:
            return false()
        own = session.clause
        pairs = zip(session.keys, part.keys, strict=True)
        return (
            exists().where(and_(*(own.c[one] == beside.c[other] for one, other in pairs))).correlate(beside)
        )

    def _coming(self, session_ids: Iterable[str]) -> Taken:
        coming = Taken(self._connection, self._layout, "cleanup_coming")
        coming.fill(Chosen(each, "") for each in session_ids)
        return coming

    def _obstacles(self, coming: Taken) -> Mapping[str, NotRestored]:
        found: dict[str, NotRestored] = {}
        for part in self._layout.parts:
            own = part.clause
            # As a join: without an index, looking each session up would read all rows as often.
            there = own.join(coming.table, part.belongs_to(own, coming.table))
            why = NotRestored.EXISTS if part.is_session else NotRestored.MESSAGES_LEFT
            if self._layout.session_part is None:
                why = NotRestored.EXISTS
            session_ids = select(coming.table.c.session_id).select_from(there).distinct()
            ids = self._connection.execute(session_ids).scalars()
            found.update(dict.fromkeys(ids, why))
        return found

    def _require_known(self, table: str, columns: Sequence[str]) -> None:
        with self._plainly(), self._connection.begin():
            known = (
                {each.name for each in table_there(self._connection, table).c} if self._has(table) else set()
            )
        unknown = sorted(set(columns) - known)
        if unknown:
            raise ArchiveRefusedError(
                f"The archive has rows of the table {table!r} with columns that the store does not have: "
                f"{', '.join(unknown)}.",
                hints=["Its library changed the tables since. Nothing was changed."],
            )

    def _has(self, table: str) -> bool:
        return inspect(self._connection).has_table(table)

    def _make_beside(self, table: str, columns: Sequence[str]) -> TableClause:
        """An empty temporary table; on SQLite without types, so that every value stays what it is."""
        quote = self._connection.dialect.identifier_preparer.quote
        name = f"cleanup_back_{len(self._beside)}"
        beside = table_clause(name, *map(column, columns))
        drop(self._connection, beside)
        listed = ", ".join(map(quote, columns))
        if self._is_postgresql:
            sql = f"CREATE TEMPORARY TABLE {name} AS SELECT {listed} FROM {quote(table)} WHERE false"
        else:
            sql = f"CREATE TEMPORARY TABLE {name} ({listed})"
        self._connection.exec_driver_sql(sql)
        return beside

    def _insert(self, beside: TableClause, rows: Iterator[list[Any]]) -> int:
        raw: Any = self._connection.connection.dbapi_connection
        quote = self._connection.dialect.identifier_preparer.quote
        listed = ", ".join(quote(each.name) for each in beside.c)
        count = 0
        if self._is_postgresql:
            with raw.cursor() as cursor, cursor.copy(f"COPY {beside.name} ({listed}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
                    count += 1
            return count
        into = f"INSERT INTO {beside.name} ({listed}) VALUES"
        whole = ([read_pair(value) for value in row] for row in rows)
        while batch := list(islice(whole, _AT_ONCE)):
            broken = [row for row in batch if not all(map(is_utf8, row))]
            if broken:
                batch = [row for row in batch if all(map(is_utf8, row))]
            raw.executemany(f"{into} ({', '.join('?' * len(beside.c))})", batch)
            for row in broken:
                # Only bytes can be bound as what no UTF-8 is; they become the text that they were.
                holders = ", ".join("?" if is_utf8(value) else "CAST(? AS TEXT)" for value in row)
                bound = [value if is_utf8(value) else as_bytes(value) for value in row]
                raw.execute(f"{into} ({holders})", bound)
            count += len(batch) + len(broken)
        return count
