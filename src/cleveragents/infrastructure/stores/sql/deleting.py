"""The deletes of one transaction in a foreign database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, inspect, literal_column, select, text

from cleveragents.domain.errors import PurgeMismatchError
from cleveragents.infrastructure.database import postgresql_catalogue, sqlite_catalogue
from cleveragents.infrastructure.database.catalogue import Trigger
from cleveragents.infrastructure.stores.sql.layout import Part, SqlLayout
from cleveragents.infrastructure.stores.sql.taken import Taken

_REFERRING_ON_SQLITE = text(
    'SELECT tables.name AS child, keys."table" AS parent '
    "FROM sqlite_schema AS tables JOIN pragma_foreign_key_list(tables.name) AS keys "
    "WHERE tables.type = 'table'"
)
_REFERRING_ON_POSTGRESQL = text(
    "SELECT CAST(child.oid AS regclass)::text AS child, parent.relname AS parent "
    "FROM pg_constraint JOIN pg_class AS child ON child.oid = conrelid "
    "JOIN pg_class AS parent ON parent.oid = confrelid WHERE contype = 'f'"
)


def lock_tables(connection: Connection, layout: SqlLayout) -> None:
    """Keep writers away from the tables until the transaction ends; readers go on."""
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(part.table) for part in layout.parts)
    connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def lock_rows(connection: Connection, part: Part, taken: Taken) -> set[int]:
    """Lock the sessions' own rows; returns the places of those that nobody else holds.

    While one is held, a foreign key lets nobody add to its session.
    """
    own = part.clause
    rows = select(taken.table.c.place).select_from(taken.table.join(own, part.belongs_to(own, taken.table)))
    return set(connection.execute(rows.with_for_update(of=own, skip_locked=True)).scalars())


def delete_taken(connection: Connection, layout: SqlLayout, taken: Taken) -> None:
    """Delete all rows of the sessions that are taken; raises PurgeMismatchError unless each had its own."""
    for part in layout.parts:
        own = part.clause
        is_taken = part.belongs_to(own, taken.table)
        if connection.dialect.name == "postgresql":
            statement = delete(own).where(is_taken)
        elif not _has_row_id(connection, part.table):
            statement = delete(own).where(exists().where(is_taken).correlate(own))
        else:
            rows = part.clause.alias("going")
            places: Select[Any] = select(literal_column("going.rowid")).select_from(
                taken.table.join(rows, part.belongs_to(rows, taken.table))
            )
            statement = delete(own).where(literal_column("rowid").in_(places))
        deleted = connection.execute(statement).rowcount
        if part.is_session and deleted != taken.count:
            raise PurgeMismatchError(
                f"The table {part.table} lost {deleted:,} rows where {taken.count:,} sessions were chosen; "
                "everything was rolled back and nothing was deleted."
            )
    _require_none_left(connection, layout, taken)


def _require_none_left(connection: Connection, layout: SqlLayout, taken: Taken) -> None:
    """Look again where a trigger may have kept a row back: its session would be gone, and it would dangle."""
    if not any(True for _ in triggers_on(connection, [part.table for part in layout.parts])):
        return
    for part in layout.parts:
        own = part.clause
        left = select(1).select_from(own.join(taken.table, part.belongs_to(own, taken.table))).limit(1)
        if connection.scalar(left) is not None:
            raise PurgeMismatchError(
                f"A trigger kept rows of the table {part.table} back; everything was rolled back and nothing "
                "was deleted."
            )


def triggers_on(connection: Connection, tables: Sequence[str]) -> Iterator[Trigger]:
    """Those that deletes from some tables set off."""
    if connection.dialect.name == "postgresql":
        return postgresql_catalogue.triggers_on(connection, tables)
    return sqlite_catalogue.triggers_on(connection, tables)


def refers_from_outside(connection: Connection, tables: Sequence[str]) -> bool:
    """Whether a foreign key of any other table says that its rows belong to rows of these tables."""
    statement = _REFERRING_ON_POSTGRESQL if connection.dialect.name == "postgresql" else _REFERRING_ON_SQLITE
    ours = {table.lower() for table in tables}
    return any(
        row.parent.lower() in ours and row.child.lower() not in ours for row in connection.execute(statement)
    )


def unindexed(connection: Connection, layout: SqlLayout) -> Iterator[Part]:
    """The tables in which a session's rows can only be found by reading all rows."""
    found = inspect(connection)
    for part in layout.parts:
        leads: list[Sequence[str | None]] = [each["column_names"] for each in found.get_indexes(part.table)]
        leads.append(found.get_pk_constraint(part.table)["constrained_columns"])
        leads += [each["column_names"] for each in found.get_unique_constraints(part.table)]
        if not any(set(lead[: len(part.keys)]) == set(part.keys) for lead in leads):
            yield part


def _has_row_id(connection: Connection, table: str) -> bool:
    sql = connection.scalar(
        text("SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower(:name)"),
        {"name": table},
    )
    return "WITHOUT ROWID" not in (sql or "").upper()
