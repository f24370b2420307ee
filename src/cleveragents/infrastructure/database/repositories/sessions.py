"""Sessions and their messages in SQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    and_,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from cleveragents.domain.adaptive import AutoThreshold, Unused
from cleveragents.domain.errors import MessagesLeftError, SessionExistsError, SessionNotFoundError
from cleveragents.domain.listing import ExpiringSession, SessionQuery
from cleveragents.domain.retention import RetentionPolicy, Verdict
from cleveragents.domain.session import Message, Session
from cleveragents.infrastructure.database import listing
from cleveragents.infrastructure.database.given import ids_given
from cleveragents.infrastructure.database.present import hanging_tables
from cleveragents.infrastructure.database.returning import unused
from cleveragents.infrastructure.database.rows import (
    message_from,
    row_of_message,
    row_of_session,
    session_from,
    session_messages,
    sessions,
)
from cleveragents.infrastructure.database.selection import selection, verdict_of
from cleveragents.infrastructure.spool import spooled, text_weight

_ROWS_AT_A_TIME = 500
_BYTES_AT_A_TIME = 4 * 1024 * 1024
_LAST_CHARACTER = "\U0010ffff"


class SqlSessionRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, session_id: str) -> Session:
        return self._one(select(sessions).where(sessions.c.session_id == session_id), session_id)

    def lock(self, session_id: str) -> Session:
        statement = select(sessions).where(sessions.c.session_id == session_id).with_for_update()
        return self._one(statement, session_id)

    def _one(self, statement: Select[*tuple[Any, ...]], session_id: str) -> Session:
        row = self._connection.execute(statement).one_or_none()
        if row is None:
            raise SessionNotFoundError(session_id)
        return session_from(row)

    def among(self, session_ids: Collection[str]) -> Sequence[Session]:
        given = ids_given(self._connection, session_ids)
        is_given = sessions.c.session_id.in_(select(given.c.session_id))
        return [session_from(row) for row in self._connection.execute(select(sessions).where(is_given))]

    def ids_starting_with(self, prefix: str, limit: int) -> Sequence[str]:
        column = sessions.c.session_id
        # A range, so that the index finds them; no id goes on with the last character there is.
        statement = select(column).where(column >= prefix, column < prefix + _LAST_CHARACTER)
        return self._connection.scalars(statement.order_by(column).limit(limit)).all()

    def add(self, session: Session) -> None:
        try:
            self._connection.execute(insert(sessions), row_of_session(session))
        except IntegrityError as error:
            if _is_duplicate(error):
                raise SessionExistsError(session.session_id) from error
            raise
        if self._connection.scalar(
            select(exists().where(session_messages.c.session_id == session.session_id))
        ):
            raise MessagesLeftError(session.session_id)

    def add_many(self, additions: Iterable[tuple[Session, Sequence[Message]]]) -> None:
        remaining = iter(additions)
        while batch := list(islice(remaining, _ROWS_AT_A_TIME)):
            self._connection.execute(insert(sessions), [row_of_session(session) for session, _ in batch])
            rows = [
                row_of_message(session.session_id, message)
                for session, messages in batch
                for message in messages
            ]
            if rows:
                self._connection.execute(insert(session_messages), rows)

    def change(self, session: Session, changed: Session) -> None:
        before, after = row_of_session(session), row_of_session(changed)
        values = {name: value for name, value in after.items() if value != before[name]}
        if values:
            own = sessions.c.session_id == session.session_id
            self._connection.execute(update(sessions).where(own).values(values))

    def next_sequence(self, session_id: str) -> int:
        highest = select(func.max(session_messages.c.sequence)).where(
            session_messages.c.session_id == session_id
        )
        return (self._connection.scalar(highest) or 0) + 1

    def add_messages(self, session_id: str, messages: Sequence[Message]) -> None:
        rows = (row_of_message(session_id, message) for message in messages)
        while batch := list(islice(rows, _ROWS_AT_A_TIME)):
            self._connection.execute(insert(session_messages), batch)

    def messages(self, session_id: str) -> Iterator[Message]:
        return self._streamed(session_id, _messages_of(session_id).order_by(session_messages.c.sequence))

    def newest_messages(self, session_id: str, limit: int) -> Sequence[Message]:
        last = _messages_of(session_id).order_by(session_messages.c.sequence.desc()).limit(limit).subquery()
        found = self._streamed(session_id, select(last).order_by(last.c.sequence))
        return spooled(found, weigh=lambda message: text_weight(message.content))

    def _streamed(self, session_id: str, statement: Select[*tuple[Any, ...]]) -> Iterator[Message]:
        size = func.coalesce(sessions.c.content_bytes / func.nullif(sessions.c.message_count, 0), 0)
        usual = self._connection.scalar(select(size).where(sessions.c.session_id == session_id)) or 1
        # Long messages come fewer at a time, so that what is on its way needs no more memory.
        at_a_time = max(1, min(_ROWS_AT_A_TIME, _BYTES_AT_A_TIME // max(1, int(usual))))
        rows = self._connection.execute(statement, execution_options={"yield_per": at_a_time})
        return map(message_from, rows)

    def delete(self, session_id: str) -> int:
        own = session_messages.c.session_id == session_id
        messages = self._connection.execute(delete(session_messages).where(own)).rowcount
        self._connection.execute(delete(sessions).where(sessions.c.session_id == session_id))
        return messages

    def children_count(self, session_id: str) -> int:
        is_child = and_(sessions.c.parent_session_id == session_id, sessions.c.session_id != session_id)
        return self._connection.scalar(select(func.count()).select_from(sessions).where(is_child)) or 0

    def parent_exists(self, session: Session) -> bool:
        found = select(exists().where(sessions.c.session_id == session.parent_session_id))
        return bool(self._connection.scalar(found))

    def newest_activity(self) -> Session | None:
        newest = sessions.c.last_accessed_at.desc(), sessions.c.session_id.desc()
        row = self._connection.execute(select(sessions).order_by(*newest).limit(1)).first()
        return session_from(row) if row else None

    def hanging_tables(self) -> Sequence[str]:
        return hanging_tables(self._connection)

    def page(self, query: SessionQuery) -> Sequence[Session]:
        return listing.page(self._connection, query)

    def count(self, query: SessionQuery, most: int | None = None) -> int:
        return listing.count(self._connection, query, most)

    def expiring(self, query: SessionQuery, until: datetime) -> tuple[Sequence[ExpiringSession], int]:
        return listing.expiring_page(self._connection, query, until)

    def unused(self, auto: AutoThreshold, now: datetime) -> Unused:
        return unused(self._connection, auto, now)

    def verdict(self, session_id: str, policy: RetentionPolicy, now: datetime) -> Verdict:
        chosen = selection(policy, now, only=session_id)
        row = self._connection.execute(
            select(chosen.conditions.in_scope.label("in_scope"), chosen.conditions.flags.label("flags"))
            .select_from(chosen.source)
            .where(chosen.rows.c.session_id == session_id)
        ).one_or_none()
        if row is None:
            raise SessionNotFoundError(session_id)
        return verdict_of(session_id, row.flags, in_scope=bool(row.in_scope))


def _messages_of(session_id: str) -> Select[*tuple[Any, ...]]:
    return select(session_messages).where(session_messages.c.session_id == session_id)


def _is_duplicate(error: IntegrityError) -> bool:
    cause: Any = error.orig
    name = getattr(cause, "sqlite_errorname", "")
    return name in {"SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE"} or (
        getattr(cause, "sqlstate", "") == "23505"
    )
