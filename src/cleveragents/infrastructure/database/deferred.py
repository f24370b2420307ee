"""Constraints that a database would check only at the commit, checked before it."""

from __future__ import annotations

from sqlalchemy import Connection, text

from cleveragents.domain.errors import PurgeMismatchError

_REFERRING = (
    "SELECT DISTINCT tables.name FROM sqlite_schema AS tables "
    "JOIN pragma_foreign_key_list(tables.name) AS keys "
    "WHERE tables.type = 'table' AND keys.\"table\" IN ('sessions', 'session_messages') "
    "AND tables.name <> 'session_messages'"
)


def check_deferred_constraints(connection: Connection) -> None:
    """Raise what the commit would raise; for a rehearsal, which never commits."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        return
    for table in connection.execute(text(_REFERRING)).scalars().all():
        broken = text("SELECT count(*) FROM pragma_foreign_key_check(:name)")
        if number := connection.scalar(broken, {"name": table}):
            raise PurgeMismatchError(
                f"{number:,} rows of the table {table!r} refer to what would be deleted, "
                "and the database would refuse the commit. Nothing was deleted.",
            )
