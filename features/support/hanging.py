"""Tables that hang off sessions, in our own metadata: each is purged with them or left out for a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import MetaData, Table

from support.driver import Driver

LEFT_OUT: Mapping[str, str] = {
    "dangling_sessions": "it names sessions that are gone, until their messages are, too",
    "expiry_warnings": "it remembers warnings, and the next warning forgets those of sessions that are gone",
}
_PARENTS = {"sessions", "session_messages"}


def hanging(metadata: MetaData) -> Iterator[Table]:
    """Tables that refer to a session or a message, by a foreign key or by the name of a column."""
    for table in metadata.sorted_tables:
        refers = any(key.column.table.name in _PARENTS for key in table.foreign_keys)
        names = {"session_id", "message_id", "parent_session_id"} & set(table.columns.keys())
        if table.name != "sessions" and (refers or names):
            yield table


def rows_about(driver: Driver, metadata: MetaData, session_id: str) -> dict[str, int]:
    """How many rows each hanging table that is not left out has about a session."""
    connection = driver.another_connection()
    return {
        table.name: _count(connection, table, session_id)
        for table in hanging(metadata)
        if table.name not in LEFT_OUT
    }


def _count(connection, table: Table, session_id: str) -> int:
    own = f"session_id = '{session_id}'"
    return connection.execute(f"SELECT count(*) FROM {table.name} WHERE {own}").fetchone()[0]
