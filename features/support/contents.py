"""Everything a database holds, row by row, to see whether a command changed any of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from support.backends import Database, SqliteDatabase

Contents = Mapping[str, list[str]]

_TABLES_OF_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_TABLES_OF_POSTGRESQL = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


def contents(database: Database) -> Contents:
    """Every row of every table as the bare driver gives it, in an order of its own."""
    connection = database.connect()
    try:
        return {table: _rows(connection, table) for table in _tables(connection, database)}
    finally:
        connection.close()


def _tables(connection: Any, database: Database) -> list[str]:
    statement = _TABLES_OF_SQLITE if isinstance(database, SqliteDatabase) else _TABLES_OF_POSTGRESQL
    return sorted(name for (name,) in connection.execute(statement).fetchall())


def _rows(connection: Any, table: str) -> list[str]:
    return sorted(map(repr, connection.execute(f'SELECT * FROM "{table}"').fetchall()))
