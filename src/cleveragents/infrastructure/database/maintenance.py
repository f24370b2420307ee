"""The schema's status, its upgrade, and a full check of what the tables hold."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    exists,
    func,
    insert,
    not_,
    select,
    text,
)

from cleveragents.domain.ports import CounterMismatch, SchemaStatus
from cleveragents.infrastructure.database.counters import mend_counters, mismatches
from cleveragents.infrastructure.database.rows import dangling_sessions, session_messages, sessions
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
            rows = connection.execute(mismatches().limit(limit)).all()
        return [CounterMismatch(**row._asdict()) for row in rows]

    def unrecorded_dangling_messages(self) -> int:
        statement = select(func.count()).select_from(session_messages).where(_is_unrecorded())
        with self._store.peeking() as connection:
            return connection.scalar(statement) or 0

    def mend(self) -> int:
        with self._store.told_plainly(), self._store.engine.connect() as connection:
            connection.execution_options(writes=True)
            with connection.begin():
                return mend_counters(connection) + _record_dangling(connection)


def _record_dangling(connection: Connection) -> int:
    unrecorded = select(session_messages.c.session_id).where(_is_unrecorded()).distinct()
    return connection.execute(insert(dangling_sessions).from_select(["session_id"], unrecorded)).rowcount


def _is_unrecorded() -> ColumnElement[bool]:
    own = session_messages.c.session_id
    return and_(
        not_(exists().where(sessions.c.session_id == own)),
        not_(exists().where(dangling_sessions.c.session_id == own)),
    )
