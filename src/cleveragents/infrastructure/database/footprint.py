"""What the database takes up on disk, and what of that it can use again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, func, literal_column, select, text

from cleveragents.infrastructure.database.rows import session_messages, sessions
from cleveragents.infrastructure.database.temporary import victims

# The server keeps an item pointer of 4 bytes and a header of at least 24 for each row.
_ROW_OVERHEAD = 28


def size_on_disk(connection: Connection) -> int:
    """The bytes of the SQLite file, or of the two PostgreSQL tables with their indexes."""
    statement = (
        "SELECT pg_total_relation_size('sessions') + pg_total_relation_size('session_messages')"
        if connection.dialect.name == "postgresql"
        else "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    )
    return int(connection.scalar(text(statement)))


def size_of_file(connection: Connection) -> int:
    """The bytes of a SQLite file, whoever's tables are in it; 0 on PostgreSQL."""
    return 0 if connection.dialect.name == "postgresql" else size_on_disk(connection)


def free_bytes(connection: Connection) -> int | None:
    """The bytes inside a SQLite file that hold nothing; None on PostgreSQL, which does not tell."""
    if connection.dialect.name == "postgresql":
        return None
    pages = "SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"
    return int(connection.scalar(text(pages)))


def rows_on_disk(connection: Connection) -> int:
    """The bytes that the victims' rows take up in PostgreSQL's tables, indexes left out; reads them all."""
    total = 0
    for table in (sessions, session_messages):
        row: ColumnElement[Any] = literal_column(f"{table.name}.*")
        size = func.coalesce(func.sum(func.pg_column_size(row) + _ROW_OVERHEAD), 0)
        is_victim = table.c.session_id == victims.c.session_id
        total += int(connection.scalar(select(size).select_from(table).join(victims, is_victim)) or 0)
    return total
