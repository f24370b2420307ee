"""The deletes of one transaction in a foreign database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, exists, inspect, literal_column, select, text

from cleveragents.domain.errors import PurgeMismatchError
from cleveragents.infrastructure.stores.sql.layout import Part, SqlLayout
from cleveragents.infrastructure.stores.sql.taken import Taken


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
