"""The deletes themselves, as each database does them fastest."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, Connection, delete, func, select, text, true

from cleveragents.domain.progress import Progress, Stage
from cleveragents.infrastructure.database.rows import session_messages, sessions
from cleveragents.infrastructure.database.scanning import Tally
from cleveragents.infrastructure.database.temporary import victims

_ROWS_IN_A_PART = 20_000
_MOST_PARTS = 100


def delete_victims(connection: Connection, expected: Tally, progress: Progress) -> tuple[int, int]:
    """Delete the victims with their messages; returns how many messages and how many sessions.

    Where somebody watches, the statements are cut into parts, so that there is something to tell.
    """
    rows = expected.candidates + expected.messages
    parts = min(rows // _ROWS_IN_A_PART + 1, _MOST_PARTS) if progress.is_watched else 1
    delete_some = _by_cascade if _counts_cascades(connection) else _in_turn
    messages = sessions_deleted = 0
    with progress.stage(Stage.DELETE, rows) as step:
        for part in _parts(connection, parts):
            with_it = delete_some(connection, part)
            messages, sessions_deleted = messages + with_it[0], sessions_deleted + with_it[1]
            step.advance(sum(with_it))
    return messages, sessions_deleted


def has_messages_left(connection: Connection) -> bool:
    own = session_messages.c.session_id == victims.c.session_id
    return connection.scalar(select(victims.c.session_id).join(session_messages, own).limit(1)) is not None


def _in_turn(connection: Connection, part: ColumnElement[bool]) -> tuple[int, int]:
    """The messages first: on SQLite a cascade takes twice as long."""
    ids = select(victims.c.session_id).where(part)
    messages = connection.execute(
        delete(session_messages).where(session_messages.c.session_id.in_(ids))
    ).rowcount
    return messages, connection.execute(delete(sessions).where(sessions.c.session_id.in_(ids))).rowcount


def _by_cascade(connection: Connection, part: ColumnElement[bool]) -> tuple[int, int]:
    """Let the foreign key take the messages: PostgreSQL does that faster.

    A cascade tells nobody how many rows it took; the server's own count for this transaction does.
    """
    deleted_messages = text("SELECT pg_stat_get_xact_tuples_deleted('session_messages'::regclass)")
    before = connection.scalar(deleted_messages)
    is_victim = sessions.c.session_id == victims.c.session_id
    deleted = connection.execute(delete(sessions).where(is_victim, part)).rowcount
    return connection.scalar(deleted_messages) - before, deleted


def _counts_cascades(connection: Connection) -> bool:
    if connection.dialect.name != "postgresql":
        return False
    return bool(connection.scalar(text("SELECT current_setting('track_counts')")) == "on")


def _parts(connection: Connection, number: int) -> Iterator[ColumnElement[bool]]:
    """Conditions that cut the victims into about equal parts, in the order of their ids."""
    if number == 1:
        yield true()
        return
    own = victims.c.session_id
    numbered = select(own, func.ntile(number).over(order_by=own).label("part")).subquery()
    ends = select(func.max(numbered.c.session_id)).group_by(numbered.c.part).order_by(numbered.c.part)
    begin: ColumnElement[bool] = true()
    for end in connection.execute(ends).scalars().all():
        yield begin & (own <= end)
        begin = own > end
