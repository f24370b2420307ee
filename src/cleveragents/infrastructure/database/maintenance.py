"""The schema's status, its upgrade, and a full check of what the tables hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    text,
    update,
)

from cleveragents.domain.ports import CounterMismatch, SchemaStatus
from cleveragents.infrastructure.database.rows import dangling_sessions, session_messages, sessions
from cleveragents.infrastructure.database.scanning import octets, whole_sum
from cleveragents.infrastructure.database.schema import (
    HEAD,
    REVISIONS,
    migrate,
    require_head,
    revision_of,
    use_write_ahead_log,
)
from cleveragents.infrastructure.database.store import SqlSessionStore


class SqlSchema:
    def __init__(self, store: SqlSessionStore) -> None:
        self._store = store

    def status(self) -> SchemaStatus:
        with self._store.peeking() as connection:
            current = revision_of(connection)
        done = REVISIONS.index(current) + 1 if current in REVISIONS else 0
        known = current is None or current in REVISIONS
        return SchemaStatus(
            url=self._store.displayed_url,
            current=current,
            head=HEAD,
            pending=REVISIONS[done:] if known else (),
        )

    def require_current(self) -> None:
        with self._store.peeking() as connection:
            require_head(connection, self._store.url)

    def upgrade(self) -> SchemaStatus:
        before = self.status()
        with self._store.told_plainly():
            use_write_ahead_log(self._store.engine)
            with self._store.engine.connect() as connection:
                connection.execution_options(writes=True)
                with connection.begin():
                    migrate(connection, self._store.url)
        return before

    def integrity_problems(self) -> Sequence[str]:
        with self._store.peeking() as connection:
            if connection.dialect.name != "sqlite":
                return ()
            found = connection.execute(text("PRAGMA integrity_check")).scalars().all()
        return [problem for problem in found if problem != "ok"]

    def counter_mismatches(self, limit: int) -> Sequence[CounterMismatch]:
        with self._store.peeking() as connection:
            rows = connection.execute(_mismatches().limit(limit)).all()
        return [CounterMismatch(**row._asdict()) for row in rows]

    def unrecorded_dangling_messages(self) -> int:
        statement = select(func.count()).select_from(session_messages).where(_is_unrecorded())
        with self._store.peeking() as connection:
            return connection.scalar(statement) or 0

    def mend(self) -> int:
        with self._store.told_plainly(), self._store.engine.connect() as connection:
            connection.execution_options(writes=True)
            with connection.begin():
                return _mend_counters(connection) + _record_dangling(connection)


def _mismatches() -> Select[*tuple[Any, ...]]:
    counted = (
        select(
            session_messages.c.session_id,
            func.count().label("found_messages"),
            whole_sum(octets(session_messages.c.content)).label("found_bytes"),
        )
        .group_by(session_messages.c.session_id)
        .subquery()
    )
    found_messages = func.coalesce(counted.c.found_messages, 0)
    found_bytes = func.coalesce(counted.c.found_bytes, 0)
    return (
        select(
            sessions.c.session_id,
            sessions.c.message_count,
            found_messages.label("found_messages"),
            sessions.c.content_bytes,
            found_bytes.label("found_bytes"),
        )
        .outerjoin(counted, counted.c.session_id == sessions.c.session_id)
        .where(or_(sessions.c.message_count != found_messages, sessions.c.content_bytes != found_bytes))
        .order_by(sessions.c.session_id)
    )


def _mend_counters(connection: Connection) -> int:
    own = session_messages.c.session_id == sessions.c.session_id
    wrong = select(_mismatches().subquery().c.session_id)
    return connection.execute(
        update(sessions)
        .where(sessions.c.session_id.in_(wrong))
        .values(
            message_count=select(func.count()).select_from(session_messages).where(own).scalar_subquery(),
            content_bytes=select(whole_sum(octets(session_messages.c.content))).where(own).scalar_subquery(),
        )
    ).rowcount


def _record_dangling(connection: Connection) -> int:
    unrecorded = select(session_messages.c.session_id).where(_is_unrecorded()).distinct()
    return connection.execute(insert(dangling_sessions).from_select(["session_id"], unrecorded)).rowcount


def _is_unrecorded() -> ColumnElement[bool]:
    own = session_messages.c.session_id
    return and_(
        not_(exists().where(sessions.c.session_id == own)),
        not_(exists().where(dangling_sessions.c.session_id == own)),
    )
