"""Deleting from PostgreSQL where a foreign key has no index.

For each session that goes, the key looks for rows that still refer to it, and without an index it reads
the whole table each time: 2,000 sessions with 40,000 messages take a minute instead of a second. The rows
are deleted before, so there is nothing to find.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, inspect, select, text

from cleveragents.domain.errors import PurgeMismatchError
from cleveragents.infrastructure.stores.sql.deleting import refers_from_outside, triggers_on, unindexed
from cleveragents.infrastructure.stores.sql.layout import Part, SqlLayout
from cleveragents.infrastructure.stores.sql.taken import Taken

# For fewer, reading the table as often costs less than an index of all its rows.
_WORTH_IT = 20
_FIRST_TO_GRANT_SETTINGS = 15
_MAY_SET = "SELECT has_parameter_privilege('session_replication_role', 'SET')"
_IS_SUPERUSER = "SELECT current_setting('is_superuser') = 'on'"
_MAY_INDEX = text(
    "SELECT pg_has_role(relowner, 'USAGE') AND has_schema_privilege(relnamespace, 'CREATE') "
    "FROM pg_class WHERE oid = to_regclass(:name)"
)


@contextmanager
def quick_references(connection: Connection, layout: SqlLayout, taken: Taken) -> Iterator[None]:
    """Keep foreign keys from reading whole tables while the block deletes, if this user may.

    Either they are not looked at on this connection, and the engine looks itself that no row is left; or
    there is an index until the block ends, which nobody else ever sees.
    """
    slow = _slow(connection, layout) if taken.count >= _WORTH_IT else ()
    if not slow:
        yield
    elif _may_go_unchecked(connection, layout):
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield
        connection.exec_driver_sql("SET LOCAL session_replication_role = origin")
        _require_none_left(connection, slow, taken)
    else:
        indexed = [part for part in slow if _may_index(connection, part)]
        quote = connection.dialect.identifier_preparer.quote
        for part in indexed:
            columns = ", ".join(map(quote, part.keys))
            connection.exec_driver_sql(f"CREATE INDEX {_index(part)} ON {quote(part.table)} ({columns})")
        yield
        for part in indexed:
            connection.exec_driver_sql(f"DROP INDEX {_index(part)}")


def _slow(connection: Connection, layout: SqlLayout) -> Sequence[Part]:
    session = layout.session_part
    if connection.dialect.name != "postgresql" or session is None:
        return ()
    found = inspect(connection)
    return [
        part
        for part in unindexed(connection, layout)
        if any(key["referred_table"] == session.table for key in found.get_foreign_keys(part.table))
    ]


def _may_go_unchecked(connection: Connection, layout: SqlLayout) -> bool:
    """Whether nobody's own triggers or foreign keys would be passed over, and this user may."""
    names = [part.table for part in layout.parts]
    if refers_from_outside(connection, names) or any(True for _ in triggers_on(connection, names)):
        return False
    grants = (connection.dialect.server_version_info or (0,)) >= (_FIRST_TO_GRANT_SETTINGS,)
    return bool(connection.scalar(text(_MAY_SET if grants else _IS_SUPERUSER)))


def _may_index(connection: Connection, part: Part) -> bool:
    quoted = connection.dialect.identifier_preparer.quote(part.table)
    return bool(connection.scalar(_MAY_INDEX, {"name": quoted}))


def _require_none_left(connection: Connection, parts: Sequence[Part], taken: Taken) -> None:
    for part in parts:
        own = part.clause
        left = select(1).select_from(own.join(taken.table, part.belongs_to(own, taken.table))).limit(1)
        if connection.scalar(left) is not None:
            raise PurgeMismatchError(
                f"Rows of the table {part.table} were added to a session while it was deleted; everything "
                "was rolled back and nothing was deleted."
            )


def _index(part: Part) -> str:
    return f'"cleanup_temporary_{part.table}"'
