"""Putting an archive back: load it beside the tables, then insert it in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Table,
    and_,
    case,
    column,
    delete,
    exists,
    false,
    func,
    insert,
    literal_column,
    not_,
    select,
)
from sqlalchemy import table as table_clause

from cleveragents.domain.archive import Section
from cleveragents.domain.errors import ArchiveRefusedError, PurgeMismatchError
from cleveragents.domain.ports import ArchiveReader, Ledger
from cleveragents.domain.progress import Progress, Stage, Step, counted_in
from cleveragents.domain.report import SKIPS_NAMED
from cleveragents.domain.restored import NotRestored, Restored
from cleveragents.infrastructure.database.archive_rows import read_pair
from cleveragents.infrastructure.database.deleting import take_lock_of_runs
from cleveragents.infrastructure.database.failures import as_sqlalchemy_tells, committing
from cleveragents.infrastructure.database.functions import whole_sum
from cleveragents.infrastructure.database.ledger import SqlLedger
from cleveragents.infrastructure.database.present import make_beside
from cleveragents.infrastructure.database.rows import session_messages, sessions
from cleveragents.infrastructure.database.schema import require_head
from cleveragents.infrastructure.database.temporary import (
    asked_for,
    count_rows_of,
    fill,
    restorable,
    restored_dangling,
    restored_messages,
    restored_sessions,
    rows_in,
)

_TABLES = {
    Section.SESSIONS: restored_sessions,
    Section.MESSAGES: restored_messages,
    Section.DANGLING_MESSAGES: restored_dangling,
    Section.STILL_ALIVE: asked_for,
}
_OURS = {
    Section.SESSIONS: sessions,
    Section.MESSAGES: session_messages,
    Section.DANGLING_MESSAGES: session_messages,
}
_AT_ONCE = 500


class SqlRestoration:
    def __init__(self, connection: Connection, url: URL, progress: Progress) -> None:
        self._connection = connection
        self._progress = progress
        self._url = url
        self._is_postgresql = connection.dialect.name == "postgresql"
        self._columns: dict[Section, Sequence[str]] = {}

    def load(self, reader: ArchiveReader, rows: int) -> None:
        with self._progress.stage(Stage.READ_ARCHIVE, rows) as step, self._connection.begin():
            self._load(reader, step)

    def _load(self, reader: ArchiveReader, step: Step) -> None:
        connection = self._connection
        there = {section: make_beside(connection, ours, _TABLES[section]) for section, ours in _OURS.items()}
        asked_for.create(connection, checkfirst=False)
        for (section, columns, _), rows in reader.sections():
            unknown = sorted(set(columns) - set(there.get(section, columns)))
            if unknown:
                raise ArchiveRefusedError(
                    f"The archive has columns that the database does not have: {', '.join(unknown)}.",
                    hints=["It was written when the tables had more columns, or by a newer version."],
                )
            self._columns[section] = columns
            with as_sqlalchemy_tells(connection, f"INSERT INTO {_TABLES[section].name}"):
                self._insert_raw(_TABLES[section], columns, counted_in(step, rows))
        for table in _TABLES.values():
            count_rows_of(connection, table)
        was_not_deleted = select(asked_for.c.session_id)
        for table in (restored_messages, restored_sessions):
            connection.execute(delete(table).where(table.c.session_id.in_(was_not_deleted)))

    def narrow_to(self, session_ids: Sequence[str]) -> Sequence[str]:
        with self._connection.begin():
            connection = self._connection
            connection.execute(delete(asked_for))
            connection.execute(
                insert(asked_for), [{"session_id": each} for each in dict.fromkeys(session_ids)]
            )
            wanted = select(asked_for.c.session_id)
            for table in (restored_messages, restored_sessions, restored_dangling):
                connection.execute(delete(table).where(table.c.session_id.not_in(wanted)))
            is_there = exists().where(restored_sessions.c.session_id == asked_for.c.session_id)
            missing = select(asked_for.c.session_id).where(not_(is_there)).order_by(asked_for.c.session_id)
            return connection.execute(missing).scalars().all()

    def preview(self) -> Restored:
        connection = self._connection
        transaction = connection.begin()
        try:
            sorted_out = self._sort_out()
            is_coming = restored_messages.c.session_id.in_(select(restorable.c.session_id))
            messages = connection.scalar(select(func.count()).where(is_coming)) or 0
            can_dangle = select(func.count()).select_from(restored_dangling).where(self._can_dangle())
            dangling = connection.scalar(can_dangle) or 0
            return self._counted(sorted_out, messages, dangling)
        finally:
            transaction.rollback()  # what can be put back is looked up again when it is

    @contextmanager
    def putting_back(self) -> Iterator[tuple[Restored, Ledger]]:
        connection = self._connection
        if not self._is_postgresql:
            # Dangling messages have no session to refer to; what the key would check is checked here.
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys = OFF")
            connection.execution_options(writes=True)
        with committing(connection):
            take_lock_of_runs(connection)
            require_head(connection, self._url)
            with self._progress.stage(Stage.RESTORE, None):
                restored = self._put_back()
            yield restored, SqlLedger(connection)

    def _put_back(self) -> Restored:
        sorted_out = self._sort_out()
        can_come = select(restorable.c.session_id)
        came = self._copy_back(Section.SESSIONS, restored_sessions.c.session_id.in_(can_come))
        if came != sorted_out.sessions:
            raise PurgeMismatchError(
                f"The database took {came:,} sessions where {sorted_out.sessions:,} were to be put back; "
                "everything was rolled back and nothing was changed."
            )
        dangling = self._copy_back(Section.DANGLING_MESSAGES, self._can_dangle())
        is_coming = restored_messages.c.session_id.in_(can_come)
        messages = self._copy_back(Section.MESSAGES, is_coming)
        return self._counted(sorted_out, messages, dangling)

    def _copy_back(self, section: Section, is_coming: ColumnElement[bool]) -> int:
        """Insert what can come back, in the columns that the archive has."""
        names = self._columns.get(section, ())
        source = _TABLES[section]
        # Columns of other programs are none of `source`'s own: they are named, no more.
        values: list[ColumnElement[Any]] = [literal_column(f'{source.name}."{name}"') for name in names]
        rows = select(*values).select_from(source)
        target = table_clause(_OURS[section].name, *(column(name) for name in names))
        statement = insert(target).from_select(names, rows.where(is_coming))
        # For inserts SQLAlchemy throws the count away unless asked to keep it.
        return self._connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount

    def _sort_out(self) -> Restored:
        """Tell the sessions that can be put back from those that cannot."""
        connection = self._connection
        coming = restored_sessions.c.session_id
        exists_again = exists().where(sessions.c.session_id == coming)
        has_messages = exists().where(session_messages.c.session_id == coming)
        fill(connection, restorable, select(coming).where(not_(exists_again), not_(has_messages)))
        why = case((exists_again, NotRestored.EXISTS.value), else_=NotRestored.MESSAGES_LEFT.value)
        can_come = exists().where(restorable.c.session_id == coming)
        left_out = select(coming, why.label("reason")).where(not_(can_come)).subquery()
        counted = select(left_out.c.reason, func.count()).group_by(left_out.c.reason)
        some = select(left_out).order_by(left_out.c.session_id).limit(SKIPS_NAMED)
        return Restored(
            sessions=rows_in(connection, restorable),
            skipped_by_reason={NotRestored(why): number for why, number in connection.execute(counted)},
            skipped=tuple(
                (row.session_id, NotRestored(row.reason)) for row in connection.execute(some).all()
            ),
        )

    def _counted(self, sorted_out: Restored, messages: int, dangling: int) -> Restored:
        can_come = select(restorable.c.session_id)
        size = whole_sum(restored_sessions.c.content_bytes)
        is_coming = restored_sessions.c.session_id.in_(can_come)
        return replace(
            sorted_out,
            messages=messages,
            content_bytes=self._connection.scalar(select(size).where(is_coming)) or 0,
            dangling_messages=dangling,
            dangling_left_out=rows_in(self._connection, restored_dangling) - dangling,
        )

    def _can_dangle(self) -> ColumnElement[bool]:
        if self._is_postgresql:
            return false()
        own = restored_dangling.c.session_id
        has_session = exists().where(sessions.c.session_id == own)
        same_key = exists().where(
            session_messages.c.session_id == own,
            session_messages.c.sequence == restored_dangling.c.sequence,
        )
        return and_(not_(has_session), not_(same_key))

    def _insert_raw(self, table: Table, columns: Sequence[str], rows: Iterator[list[Any]]) -> None:
        """Insert rows as the archive holds them, past the conversions between rows and domain values."""
        raw: Any = self._connection.connection.dbapi_connection
        names = ", ".join(f'"{column}"' for column in columns)
        if self._is_postgresql:
            with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        whole = ([read_pair(value) for value in row] for row in rows)
        while batch := list(islice(whole, _AT_ONCE)):
            if not any(_is_odd(value) for row in batch for value in row):
                raw.executemany(_insert(table, names, ["?"] * len(columns)), batch)
                continue
            for row in batch:
                holders = ["CAST(? AS TEXT)" if _is_odd(value) else "?" for value in row]
                raw.execute(_insert(table, names, holders), [_as_stored(value) for value in row])


def _insert(table: Table, names: str, holders: Sequence[str]) -> str:
    return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join(holders)})"


def _is_odd(value: object) -> bool:
    """Whether it is text that is no Unicode: SQLite stores any bytes, and Python hands them on escaped."""
    if not isinstance(value, str) or value.isascii():
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return True
    return False


def _as_stored(value: Any) -> Any:
    return value.encode(errors="surrogateescape") if _is_odd(value) else value


@contextmanager
def restore_on(engine: Engine, url: URL, progress: Progress) -> Iterator[SqlRestoration]:
    with engine.connect() as connection:
        try:
            yield SqlRestoration(connection, url, progress)
        finally:
            # Its temporary tables, and SQLite's switch, are nobody else's business.
            connection.invalidate()
