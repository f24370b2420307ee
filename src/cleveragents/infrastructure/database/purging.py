"""One purge on one connection: choose, then delete what was chosen and still is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Select,
    Table,
    delete,
    exists,
    func,
    insert,
    not_,
    select,
    text,
)

from cleveragents.domain.errors import PurgeMismatchError
from cleveragents.domain.report import Findings, Purged
from cleveragents.domain.retention import Reason, RetentionPolicy
from cleveragents.infrastructure.database.counters import mismatches
from cleveragents.infrastructure.database.failures import committing
from cleveragents.infrastructure.database.functions import octets, whole_sum
from cleveragents.infrastructure.database.rows import dangling_sessions, session_messages, sessions
from cleveragents.infrastructure.database.scanning import (
    dangling_ids,
    find_among,
    is_dangling,
    tallied,
)
from cleveragents.infrastructure.database.schema import require_head
from cleveragents.infrastructure.database.selection import FIRST_PROTECTION, flagged
from cleveragents.infrastructure.database.skips import named_skips
from cleveragents.infrastructure.database.temporary import chosen, left_behind, lockable, victims

# Any constant will do, as long as every purge of a PostgreSQL database asks for the same lock.
_ONE_PURGE_AT_A_TIME = 0x636C_6561_6E75_70


_COUNTERS_NOT_KEPT = "Something wrote messages without keeping the sessions' counters."
_NAMED = 5
_HOW_TO_MEND = ("agents db check", "agents db check --mend")


class SqlPurge:
    def __init__(self, connection: Connection, url: URL) -> None:
        self._connection = connection
        self._url = url
        self._is_postgresql = connection.dialect.name == "postgresql"

    def choose(self, policy: RetentionPolicy, now: datetime, *, listed: int | None) -> Findings:
        with self._one_snapshot():
            self._fill(chosen, flagged(policy, now))
            self._fill(left_behind, dangling_ids())
            findings = find_among(self._connection, chosen, policy, now, listed=listed)
            is_protected = chosen.c.flags >= FIRST_PROTECTION
            self._connection.execute(delete(chosen).where(is_protected))
            return findings

    def delete(self, policy: RetentionPolicy, now: datetime) -> Purged:
        try:
            return self._delete(policy, now)
        except PurgeMismatchError as error:
            # Rolled back by now, so what was chosen can be looked at again.
            error.detail = f"{error.detail} {self._who_disagrees()}".strip()
            raise

    def _who_disagrees(self) -> str:
        self._connection.execution_options(writes=False)
        with self._connection.begin():
            wrong = self._connection.execute(mismatches(chosen).limit(_NAMED)).all()
        ids = ", ".join(row.session_id for row in wrong)
        return f"It is about {ids}." if ids else ""

    def _delete(self, policy: RetentionPolicy, now: datetime) -> Purged:
        with self._deleting():
            # Another host may have migrated since: what this version does not know it cannot protect.
            require_head(self._connection, self._url)
            size = self._size()
            planned = self._lock_rows_nobody_holds() if self._is_postgresql else chosen
            purged = self._delete_victims(policy, now, planned)
            purged |= self._delete_dangling(policy, now)
            if purged["sessions"] != self._count(chosen):
                purged |= named_skips(self._connection, policy, now, planned)
            return Purged(**purged, physical_bytes=max(size - self._size(), 0))

    def _count(self, table: Table) -> int:
        return self._connection.scalar(select(func.count()).select_from(table)) or 0

    def _size(self) -> int:
        """What the file or the two tables take up on disk, in bytes."""
        statement = (
            "SELECT pg_total_relation_size('sessions') + pg_total_relation_size('session_messages')"
            if self._is_postgresql
            else "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        )
        return int(self._connection.scalar(text(statement)))

    @contextmanager
    def _one_snapshot(self) -> Iterator[None]:
        connection = self._connection
        if self._is_postgresql:
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield

    @contextmanager
    def _deleting(self) -> Iterator[None]:
        """Open the one transaction that deletes, alone among purges; commit unless the block raises."""
        connection = self._connection
        if self._is_postgresql:
            # Each statement must see what was committed before it: rows are locked first, then judged.
            connection.execution_options(isolation_level="READ COMMITTED")
        else:
            connection.execution_options(writes=True)
        with committing(connection):
            if self._is_postgresql:
                connection.execute(select(func.pg_advisory_xact_lock(_ONE_PURGE_AT_A_TIME)))
            yield

    def _fill(self, table: Table, statement: Select[*tuple[Any, ...]]) -> None:
        table.create(self._connection, checkfirst=False)
        self._connection.execute(insert(table).from_select(table.c.keys(), statement))
        if self._is_postgresql:
            self._connection.execute(text(f"ANALYZE {table.name}"))

    def _lock_rows_nobody_holds(self) -> Table:
        every_chosen = select(chosen).join(sessions, sessions.c.session_id == chosen.c.session_id)
        self._fill(lockable, every_chosen.with_for_update(of=sessions, skip_locked=True))
        return lockable

    def _delete_victims(self, policy: RetentionPolicy, now: datetime, planned: Table) -> dict[str, Any]:
        """Delete what is still chosen, and hold the database's own counts against what was chosen."""
        still_found = flagged(policy, now, planned).subquery("still_found")
        self._fill(victims, select(still_found).where(still_found.c.flags < FIRST_PROTECTION))
        connection = self._connection
        expected = tallied(connection, victims)
        self._check_empty_victims()
        delete_victims = delete_by_cascade if self._is_postgresql else delete_in_turn
        messages, deleted = delete_victims(connection)
        if messages != expected.messages:
            raise PurgeMismatchError(
                f"The sessions to purge count {expected.messages:,} messages but hold {messages:,}; "
                "everything was rolled back and nothing was deleted.",
                detail=_COUNTERS_NOT_KEPT,
                hints=_HOW_TO_MEND,
            )
        if deleted != expected.candidates:
            raise PurgeMismatchError(
                f"The database deleted {deleted:,} sessions where {expected.candidates:,} were chosen; "
                "everything was rolled back and nothing was deleted.",
                hints=["agents db check"],
            )
        self._check_no_orphan_was_made()
        return {
            "sessions": deleted,
            "messages": messages,
            "content_bytes": expected.content_bytes,
            "by_reason": {reason: expected.by_reason[reason] for reason in Reason},
        }

    def _check_empty_victims(self) -> None:
        """Make sure that a session chosen for having no message has none, whatever its counter says."""
        own = exists().where(session_messages.c.session_id == victims.c.session_id)
        empty = select(victims.c.session_id).where(victims.c.message_count == 0, own)
        if self._connection.scalar(empty.limit(1)) is not None:
            raise PurgeMismatchError(
                "A session to purge counts no message but holds some; "
                "everything was rolled back and nothing was deleted.",
                detail=_COUNTERS_NOT_KEPT,
                hints=_HOW_TO_MEND,
            )

    def _check_no_orphan_was_made(self) -> None:
        """Look for a child that another program, which locks no parents, made in the meantime."""
        ids = select(victims.c.session_id)
        newborn = self._connection.scalar(
            select(sessions.c.session_id).where(sessions.c.parent_session_id.in_(ids)).limit(1)
        )
        if newborn is not None:
            raise PurgeMismatchError(
                "A session to purge became a parent while it was being purged; "
                "everything was rolled back and nothing was deleted.",
                hints=["Run it again: the parent is protected now."],
            )

    def _delete_dangling(self, policy: RetentionPolicy, now: datetime) -> dict[str, int]:
        if not policy.selects_dangling:
            return {}
        connection = self._connection
        is_gone = is_dangling(
            policy, now, dangling_ids().where(dangling_sessions.c.session_id.in_(select(left_behind)))
        )
        size = whole_sum(octets(session_messages.c.content))
        content_bytes = connection.scalar(select(size).where(is_gone))
        messages = connection.execute(delete(session_messages).where(is_gone)).rowcount
        left = select(session_messages.c.session_id).where(
            session_messages.c.session_id == dangling_sessions.c.session_id
        )
        connection.execute(delete(dangling_sessions).where(not_(left.exists())))
        return {"dangling_messages": messages, "dangling_bytes": content_bytes or 0}


def delete_in_turn(connection: Connection) -> tuple[int, int]:
    """Delete the victims' messages, then the victims; returns how many of each."""
    ids = select(victims.c.session_id)
    messages = connection.execute(
        delete(session_messages).where(session_messages.c.session_id.in_(ids))
    ).rowcount
    return messages, connection.execute(delete(sessions).where(sessions.c.session_id.in_(ids))).rowcount


def delete_by_cascade(connection: Connection) -> tuple[int, int]:
    """Delete the victims and let the foreign key take their messages, which PostgreSQL does faster.

    A cascade tells nobody how many rows it took; the server's own count for this transaction does.
    Where that is switched off, the messages are deleted, and counted, in a statement of their own.
    """
    if connection.scalar(text("SELECT current_setting('track_counts')")) != "on":
        return delete_in_turn(connection)
    deleted_messages = text("SELECT pg_stat_get_xact_tuples_deleted('session_messages'::regclass)")
    before = connection.scalar(deleted_messages)
    is_victim = sessions.c.session_id == victims.c.session_id
    deleted = connection.execute(delete(sessions).where(is_victim)).rowcount
    return connection.scalar(deleted_messages) - before, deleted


@contextmanager
def purge_on(engine: Engine, url: URL) -> Iterator[SqlPurge]:
    with engine.connect() as connection:
        try:
            yield SqlPurge(connection, url)
        finally:
            # The temporary tables go with the connection; a pool must not hand it to somebody else.
            connection.invalidate()
