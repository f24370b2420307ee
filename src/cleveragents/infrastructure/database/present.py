"""What the database really has: columns and tables of other programs beside ours."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, TableClause, column, inspect, select, table, text

from cleveragents.infrastructure.database.rows import session_messages, sessions

# Which table's rows go, or change, with the rows of which other.
_EDGES_OF_SQLITE = text(
    'SELECT lower(tables.name) AS child, lower(keys."table") AS parent, keys.on_delete AS action '
    "FROM sqlite_schema AS tables JOIN pragma_foreign_key_list(tables.name) AS keys "
    "WHERE tables.type = 'table' AND keys.on_delete IN ('CASCADE', 'SET NULL', 'SET DEFAULT')"
)
_EDGES_OF_POSTGRESQL = text(
    "SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent, "
    "confdeltype::text AS action FROM pg_constraint WHERE contype = 'f' AND confdeltype IN ('c', 'n', 'd')"
)
_CASCADES = {"CASCADE", "c"}
_DELETED_FROM = {sessions.name, session_messages.name}


def as_it_is(connection: Connection, ours: Table) -> TableClause:
    """One of our tables with every column that it has there, save those that are worked out."""
    found = inspect(connection).get_columns(ours.name)
    return table(ours.name, *(column(each["name"], each["type"]) for each in found if "computed" not in each))


def make_beside(connection: Connection, ours: Table, beside: Table) -> Sequence[str]:
    """Make an empty temporary table with the columns that one of ours has there; returns their names."""
    present = as_it_is(connection, ours)
    nothing = select(*present.c).where(text("1 = 0")).compile(connection)
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {beside.name} AS {nothing}")
    return [each.name for each in present.c]


def hanging_tables(
    connection: Connection, deleted_from: Collection[str] = frozenset(_DELETED_FROM)
) -> Sequence[str]:
    """Other tables whose rows go, or change, with rows of those deleted from, at whatever remove."""
    edges = [(edge.child, edge.parent) for edge in _edges(connection)]
    return sorted(_reached(edges, deleted_from) - set(deleted_from))


def tables_deleted_from(connection: Connection) -> Collection[str]:
    """Sessions, messages, and every table whose rows are deleted with them."""
    edges = [(edge.child, edge.parent) for edge in _edges(connection) if edge.action in _CASCADES]
    return _reached(edges, _DELETED_FROM)


def _edges(connection: Connection) -> Sequence[Row[Any]]:
    is_postgresql = connection.dialect.name == "postgresql"
    return connection.execute(_EDGES_OF_POSTGRESQL if is_postgresql else _EDGES_OF_SQLITE).all()


def _reached(edges: Collection[tuple[str, str]], deleted_from: Collection[str]) -> set[str]:
    reached = set(deleted_from)
    while further := {child for child, parent in edges if parent in reached} - reached:
        reached |= further
    return reached
