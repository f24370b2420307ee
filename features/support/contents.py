"""Everything a database holds, row by row, to see whether a command changed any of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.types.string import TextLoader

from support.backends import Database, SqliteDatabase
from support.driver import Driver

Contents = Mapping[str, list[str]]

_OF_RUNS = "cleanup_"
_TABLES_OF_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
_TABLES_OF_POSTGRESQL = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


def remember(driver: Driver) -> None:
    """Keep what the database holds now; `changed_tables` compares with it."""
    driver.remembered["contents"] = contents(driver.database)


def changed_tables(driver: Driver) -> list[str]:
    """The tables that are not as they were when `remember` looked, but for the record kept of runs."""
    open_again(driver)
    before, after = driver.remembered["contents"], contents(driver.database)
    tables = {table for table in before.keys() | after.keys() if not table.startswith(_OF_RUNS)}
    return sorted(table for table in tables if before.get(table) != after.get(table))


def open_again(driver: Driver) -> None:
    """Give back the permissions that the scenario took away."""
    for give_back in driver.remembered.pop("closed", ()):
        give_back()


def contents(database: Database) -> Contents:
    """Every row of every table as the bare driver gives it, in an order of its own."""
    connection = database.connect()
    if isinstance(database, SqliteDatabase):
        # What another program wrote need not be UTF-8; it is compared all the same.
        connection.text_factory = lambda raw: raw.decode(errors="surrogateescape")
    else:
        # Nor need a moment be one that Python knows.
        connection.adapters.register_loader("timestamptz", TextLoader)
    try:
        return {table: _rows(connection, table) for table in _tables(connection, database)}
    finally:
        connection.close()


def _tables(connection: Any, database: Database) -> list[str]:
    statement = _TABLES_OF_SQLITE if isinstance(database, SqliteDatabase) else _TABLES_OF_POSTGRESQL
    return sorted(name for (name,) in connection.execute(statement).fetchall())


def _rows(connection: Any, table: str) -> list[str]:
    return sorted(map(repr, connection.execute(f'SELECT * FROM "{table}"').fetchall()))
