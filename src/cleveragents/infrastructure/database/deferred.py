"""Constraints that a database would check only at the commit, checked before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

from cleveragents.domain.errors import PurgeMismatchError

_REFERRING = (
    "SELECT DISTINCT tables.name FROM sqlite_schema AS tables "
    "JOIN pragma_foreign_key_list(tables.name) AS keys "
    "WHERE tables.type = 'table' AND lower(keys.\"table\") IN ('sessions', 'session_messages') "
    "AND tables.name <> 'session_messages'"
)


def referring_tables(connection: Connection) -> Sequence[str]:
    """SQLite's tables of other programs with foreign keys on sessions or messages, whatever these do."""
    return connection.execute(text(_REFERRING)).scalars().all()


def broken_references(connection: Connection) -> Mapping[str, int]:
    """How many rows of SQLite's other tables refer to a session or message that is not there."""
    if connection.dialect.name == "postgresql":
        return {}
    broken = text("SELECT count(*) FROM pragma_foreign_key_check(:name)")
    return {table: connection.scalar(broken, {"name": table}) or 0 for table in referring_tables(connection)}


def check_deferred_constraints(connection: Connection, broken_before: Mapping[str, int]) -> None:
    """Raise what the commit would raise; for a rehearsal, which never commits."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table, broken in broken_references(connection).items():
        if number := broken - broken_before.get(table, 0):
            raise PurgeMismatchError(
                f"{number:,} rows of the table {table!r} refer to what would be deleted, "
                "and the database would refuse the commit. Nothing was deleted.",
            )
