"""The tables that a purge keeps on its own connection, between choosing and deleting."""

from __future__ import annotations

from sqlalchemy import Column, Integer, MetaData, Table

from cleveragents.infrastructure.database.types import Count, Key, UtcDateTime

_temporary = MetaData()


def _temporary_table(name: str) -> Table:
    """A table of this connection only: the selection's rows, with the guard values they were chosen by."""
    return Table(
        name,
        _temporary,
        Column("session_id", Key, primary_key=True),
        Column("last_accessed_at", UtcDateTime, nullable=False),
        Column("message_count", Count, nullable=False),
        Column("content_bytes", Count, nullable=False),
        Column("flags", Integer, nullable=False),
        prefixes=["TEMPORARY"],
        sqlite_with_rowid=False,
    )


chosen = _temporary_table("cleanup_chosen")
"""The candidates that the scan found; survives until the purge ends."""
lockable = _temporary_table("cleanup_lockable")
"""Those of the chosen whose rows nobody else holds; on SQLite the write lock makes that all of them."""
victims = _temporary_table("cleanup_victims")
"""Those that are still candidates inside the deleting transaction."""
left_behind = Table(
    "cleanup_left_behind",
    _temporary,
    Column("session_id", Key, primary_key=True),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)
"""The ids under which the scan found dangling messages."""
