"""The tables that a purge or a restore keeps on its own connection, from one step to the next."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Select,
    Table,
    TableClause,
    Text,
    exists,
    func,
    insert,
    select,
    text,
)

from cleveragents.infrastructure.database.functions import row_version
from cleveragents.infrastructure.database.rows import session_messages, sessions
from cleveragents.infrastructure.database.types import Count, Key, RowVersion, UtcDateTime

_temporary = MetaData()


def _temporary_table(name: str, *columns: Column[Any]) -> Table:
    return Table(name, _temporary, *columns, prefixes=["TEMPORARY"], sqlite_with_rowid=False)


def _judged(name: str) -> Table:
    """The selection's rows, with the values they were chosen by."""
    return _temporary_table(
        name,
        Column("session_id", Key, primary_key=True),
        Column("last_accessed_at", UtcDateTime, nullable=False),
        Column("message_count", Count, nullable=False),
        Column("content_bytes", Count, nullable=False),
        Column("flags", Integer, nullable=False),
        # On PostgreSQL what tells whether a row was changed; on SQLite `guards` does.
        Column("row_version", RowVersion().with_variant(Integer(), "sqlite")),
    )


def _ids(name: str) -> Table:
    return _temporary_table(name, Column("session_id", Key, primary_key=True))


def _copy(name: str, of: Table) -> Table:
    """The columns of one of our tables, without its constraints and indexes."""
    keys = {column.name for column in of.primary_key}
    columns = (Column(each.name, each.type, primary_key=each.name in keys) for each in of.columns)
    return _temporary_table(name, *columns)


planned = _temporary_table(
    "cleanup_planned",
    Column("session_id", Key, primary_key=True),
    Column("last_accessed_at", UtcDateTime, nullable=False),
    Column("message_count", Count, nullable=False),
    Column("content_bytes", Count, nullable=False),
)
"""The sessions of a saved plan."""
drifted = _temporary_table(
    "cleanup_drifted", Column("session_id", Key, primary_key=True), Column("reason", Text, nullable=False)
)
"""Those of the planned that could not be chosen again, and why."""
purged_since = _ids("cleanup_purged_since")
"""Ids that other runs purged since the plan was made."""
chosen = _judged("cleanup_chosen")
"""The candidates that the scan found; survives until the purge ends."""
guards = _copy("cleanup_guards", sessions)
"""On SQLite, the chosen sessions' rows as the scan saw them: nobody approved what differs from these."""
archived = _judged("cleanup_archived")
"""Those of the chosen that were still the same when they were written to the archive."""
edited = _ids("cleanup_edited")
"""Those of the archived whose messages are not as they stand in the archive any more."""
lockable = _judged("cleanup_lockable")
"""Those that are still the same in the deleting transaction and whose rows nobody else holds, where they
are judged again."""
victims = _judged("cleanup_victims")
"""Those of them that are still candidates."""
left_behind = _temporary_table(
    "cleanup_left_behind",
    Column("session_id", Key, primary_key=True),
    Column("sequence", Count, primary_key=True, autoincrement=False),
)
"""The keys of the dangling messages that the scan found."""
kin = _temporary_table(
    "cleanup_kin", Column("session_id", Key, primary_key=True), Column("depth", Integer, nullable=False)
)
"""Those of the chosen that have chosen ancestors or descendants, and how many generations down they are."""
queue = _temporary_table(
    "cleanup_queue",
    Column("place", Count, primary_key=True, autoincrement=False),
    *(Column(each.name, each.type) for each in chosen.c),
)
"""All that the scan found, in the order in which chunks delete it."""
dangling_queue = _temporary_table(
    "cleanup_dangling_queue",
    Column("session_id", Key, primary_key=True),
    Column("sequence", Count, primary_key=True, autoincrement=False),
)
of_one_chunk = (chosen, archived, edited, lockable, victims, left_behind)
"""What is made anew for each chunk."""
asked_for = _ids("cleanup_asked_for")
"""Ids to be looked up."""
restored_sessions = _copy("cleanup_restored_sessions", sessions)
restored_messages = _copy("cleanup_restored_messages", session_messages)
restored_dangling = _copy("cleanup_restored_dangling", session_messages)
"""The rows of an archive on their way back; made with the columns that the tables have there."""
restorable = _ids("cleanup_restorable")
"""The sessions of an archive that can be put back."""


def fill(connection: Connection, table: Table, statement: Select[*tuple[Any, ...]]) -> None:
    """Make a temporary table of what a statement selects, in the order of the table's columns."""
    table.create(connection, checkfirst=False)
    connection.execute(insert(table).from_select(table.c.keys(), statement))
    count_rows_of(connection, table)


def rename(connection: Connection, table: Table, to: Table) -> None:
    connection.execute(text(f"ALTER TABLE {table.name} RENAME TO {to.name}"))


def drop(connection: Connection, *tables: TableClause) -> None:
    """Drop those of some temporary tables that are there: a rollback took them away too."""
    schema = "pg_temp" if connection.dialect.name == "postgresql" else "temp"
    for table in tables:
        connection.execute(text(f"DROP TABLE IF EXISTS {schema}.{table.name}"))


def count_rows_of(connection: Connection, table: Table) -> None:
    """Let PostgreSQL know how many rows a temporary table has; it plans wrongly otherwise."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {table.name}"))


def rows_in(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def unchanged(judged: Table, *, is_postgresql: bool) -> Select[*tuple[Any, ...]]:
    """The rows of a table whose sessions are as the scan saw them; walks that table, not all sessions."""
    return select(judged).where(is_as_it_was(judged, is_postgresql=is_postgresql))


def is_as_it_was(judged: Table, *, is_postgresql: bool) -> ColumnElement[bool]:
    """Whether no column of a session changed since the scan that a table's row was chosen by."""
    own = sessions.c.session_id == judged.c.session_id
    if is_postgresql:
        return exists().where(own, row_version(sessions.c.session_id) == judged.c.row_version)
    same = (
        column.is_not_distinct_from(guards.c[column.name])
        for column in sessions.c
        if column.name != "session_id"
    )
    return exists().where(own, guards.c.session_id == judged.c.session_id, *same)
