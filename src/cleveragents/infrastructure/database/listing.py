"""Pages of sessions, in any order that an index has, or by when they become eligible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, func, select, union_all

from cleveragents.domain.listing import ExpiringSession, SessionQuery, SortKey
from cleveragents.domain.session import MOST, Session
from cleveragents.infrastructure.database.expiring import expiring, with_moments
from cleveragents.infrastructure.database.rows import session_from, session_of, sessions
from cleveragents.infrastructure.database.selection import filters, reason_holds
from cleveragents.infrastructure.spool import spooled

_ROWS_AT_A_TIME = 500
_SORT_COLUMNS = {
    SortKey.LAST_ACCESSED: "last_accessed_at",
    SortKey.CREATED: "created_at",
    SortKey.SIZE: "content_bytes",
    SortKey.MESSAGES: "message_count",
    SortKey.NAME: "name",
}
_ASCENDING_BY_NATURE = {SortKey.NAME}


def page(connection: Connection, query: SessionQuery) -> Sequence[Session]:
    """Find the page's ids in the sort order's index first, and only then read their rows."""
    ids = _ids_in_order(query).limit(query.limit).offset(query.offset)
    statement = select(sessions).where(sessions.c.session_id.in_(ids)).order_by(*_order(sessions, query))
    rows = connection.execute(statement, execution_options={"yield_per": _ROWS_AT_A_TIME})
    return spooled(map(session_from, rows))


def count(connection: Connection, query: SessionQuery, most: int | None) -> int:
    found = select(sessions.c.session_id).where(*_wanted(query))
    if most is not None:
        found = found.limit(most)
    return connection.scalar(select(func.count()).select_from(found.subquery())) or 0


def expiring_page(
    connection: Connection, query: SessionQuery, until: datetime
) -> tuple[Sequence[ExpiringSession], int]:
    """The same for what the selection does not find at the query's moment and does at `until`.

    All of it has to be found for any page, so that the exact number comes with it.
    """
    due = with_moments(expiring(query.policy, query.now, until), query.policy, until).subquery("due")
    every = (
        select(due.c.session_id, due.c.eligible_at, func.count().over().label("total"))
        .join(sessions, sessions.c.session_id == due.c.session_id)
        .where(*_wanted(query))
    )
    page = every.order_by(*_order_of_expiring(due, query)).limit(query.limit).offset(query.offset)
    ids = page.subquery("ids")
    statement = (
        select(sessions, ids.c.eligible_at, ids.c.total)
        .join(ids, ids.c.session_id == sessions.c.session_id)
        .order_by(*_order_of_expiring(ids, query))
    )
    rows = iter(connection.execute(statement, execution_options={"yield_per": _ROWS_AT_A_TIME}))
    first = next(rows, None)
    if first is None:
        beyond = every.limit(1).with_only_columns(func.count().over()) if query.offset else None
        return (), 0 if beyond is None else connection.scalar(beyond) or 0
    return spooled(map(expiring_from, chain([first], rows))), first.total


def expiring_from(row: Row[*tuple[Any, ...]]) -> ExpiringSession:
    """A row with all columns of a session, `eligible_at`, and perhaps others."""
    values = dict(row._mapping)  # noqa: SLF001 - the documented way to read a row by name
    session = session_of({column.name: values[column.name] for column in sessions.c})
    return ExpiringSession(session=session, eligible_at=values["eligible_at"])


def _ids_in_order(query: SessionQuery) -> Select[str]:
    column = sessions.c[_sort_column(query)]
    if not column.nullable:
        every = select(sessions.c.session_id).where(*_wanted(query))
        return every.order_by(*_order(sessions, query))
    # Those without a value come last whatever the direction. No index has both that and the
    # order, so each part is walked by itself, and no further than the page can reach.
    every = select(sessions.c.session_id, column).where(*_wanted(query))
    reach = None if query.limit is None else min(query.offset + query.limit, MOST)
    parts = [
        every.where(is_part).order_by(*_directed(sessions, query)).limit(reach).subquery().select()
        for is_part in (column.is_not(None), column.is_(None))
    ]
    both = union_all(*parts).subquery()
    return select(both.c.session_id).order_by(*_order(both, query))


def _wanted(query: SessionQuery) -> Iterator[ColumnElement[bool]]:
    if query.matching:
        yield from filters(sessions, query.matching)
    for reason in query.having:
        yield reason_holds(sessions, reason, query.policy, query.now)
    if query.parent_session_id is not None:
        yield sessions.c.parent_session_id == query.parent_session_id
    if query.pinned is not None:
        is_pinned = sessions.c.pinned_at.is_not(None)
        yield is_pinned if query.pinned else ~is_pinned


def _sort_key(query: SessionQuery) -> SortKey:
    return query.sort or SortKey.LAST_ACCESSED


def _sort_column(query: SessionQuery) -> str:
    return _SORT_COLUMNS[_sort_key(query)]


def _order_of_expiring(rows: FromClause, query: SessionQuery) -> list[ColumnElement[Any]]:
    if query.sort is not None:
        return _order(sessions, query)
    columns = rows.c.eligible_at, rows.c.session_id
    return [column.desc() if query.reverse else column.asc() for column in columns]


def _directed(rows: FromClause, query: SessionQuery) -> list[ColumnElement[Any]]:
    """The sort order as the index has it; the id breaks ties, so pages never overlap."""
    columns = rows.c[_sort_column(query)], rows.c.session_id
    ascending = (_sort_key(query) in _ASCENDING_BY_NATURE) != query.reverse
    return [column.asc() if ascending else column.desc() for column in columns]


def _order(rows: FromClause, query: SessionQuery) -> list[ColumnElement[Any]]:
    """The same with those that have no value last."""
    first, then = _directed(rows, query)
    return [first.nulls_last() if rows.c[_sort_column(query)].nullable else first, then]
