"""References and triggers as SQLite's catalogue tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from cleveragents.infrastructure.database.catalogue import Reference, Trigger
from cleveragents.infrastructure.database.present import tables_deleted_from
from cleveragents.infrastructure.database.rows import session_messages, sessions

_REFERENCES = text(
    'SELECT tables.name AS child, keys.id AS id, lower(keys."table") AS parent, keys."from" AS "column" '
    "FROM sqlite_schema AS tables JOIN pragma_foreign_key_list(tables.name) AS keys "
    "WHERE tables.type = 'table' ORDER BY child, keys.id, keys.seq"
)
_INDEXES = text(
    'SELECT indexes.name AS name, columns.name AS "column" FROM pragma_index_list(:child) AS indexes '
    "JOIN pragma_index_info(indexes.name) AS columns WHERE NOT indexes.partial "
    "ORDER BY indexes.name, columns.seqno"
)
# A single INTEGER PRIMARY KEY is the row's place itself and needs no index.
_ROW_IDS = text("SELECT name FROM pragma_table_info(:child) WHERE pk = 1 AND upper(type) = 'INTEGER'")
_COUNTED = text("SELECT CAST(stat AS INTEGER) FROM sqlite_stat1 WHERE tbl = :child LIMIT 1")
_TRIGGERS = text(
    "SELECT name, tbl_name AS child, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY name"
)
_OURS = {
    "record_dangling_on_delete",
    "record_dangling_on_rename",
    "record_dangling_on_insert",
    "record_dangling_on_move",
}
_NOT_ON_DELETE = re.compile(r"\b(?:INSERT|UPDATE(?:\s+OF\s+[^()]*?)?)\s+ON\b", re.IGNORECASE)


def unindexed_references(connection: Connection) -> Iterator[Reference]:
    deleted_from = tables_deleted_from(connection)
    found = connection.execute(_REFERENCES).all()
    for (child, _), keys in groupby(found, lambda row: (row.child, row.id)):
        rows = list(keys)
        columns = tuple(row.column for row in rows)
        if rows[0].parent in deleted_from and not _is_indexed(connection, child, columns):
            yield Reference(
                table=child,
                quoted_table=connection.dialect.identifier_preparer.quote(child),
                parent=rows[0].parent,
                columns=columns,
                rows=_rows(connection, child),
            )


def triggers(connection: Connection) -> Iterator[Trigger]:
    return triggers_on(connection, (sessions.name, session_messages.name))


def triggers_on(connection: Connection, tables: Sequence[str]) -> Iterator[Trigger]:
    """Those of some tables that deletes may set off, but for our own."""
    quote = connection.dialect.identifier_preparer.quote
    ours = {table.lower() for table in tables}
    for row in connection.execute(_TRIGGERS):
        head = re.split(r"\bBEGIN\b", row.sql, maxsplit=1, flags=re.IGNORECASE)[0]
        if row.child.lower() in ours and row.name not in _OURS and not _NOT_ON_DELETE.search(head):
            yield Trigger(table=row.child, name=row.name, mend=f"DROP TRIGGER {quote(row.name)}")


def _is_indexed(connection: Connection, child: str, columns: tuple[str, ...]) -> bool:
    wanted = {column.lower() for column in columns}
    indexes = connection.execute(_INDEXES, {"child": child}).all()
    for _, parts in groupby(indexes, lambda row: row.name):
        leading = [row.column for row in parts][: len(columns)]
        if {(column or "").lower() for column in leading} == wanted:
            return True
    return [name.lower() for name in connection.execute(_ROW_IDS, {"child": child}).scalars()] == list(wanted)


def _rows(connection: Connection, child: str) -> int | None:
    """As the last ANALYZE counted them or, by the highest place, as many as there can be."""
    quoted = connection.dialect.identifier_preparer.quote(child)
    for statement in (_COUNTED, text(f"SELECT coalesce(max(rowid), 0) FROM {quoted}")):
        try:
            if (rows := connection.scalar(statement, {"child": child})) is not None:
                return int(rows)
        except OperationalError:  # nobody ever analysed, or the table has no places
            continue
    return None
