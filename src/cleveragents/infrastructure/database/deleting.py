"""The deletes of one purge, each held against what was chosen, inside the deleting transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, delete, exists, func, not_, select, tuple_

from cleveragents.domain.errors import DatabaseBusyError, PurgeMismatchError
from cleveragents.domain.progress import Progress
from cleveragents.domain.report import Purged
from cleveragents.domain.retention import Reason, RetentionPolicy
from cleveragents.infrastructure.database.archive_rows import ids_as_arrays, lines
from cleveragents.infrastructure.database.deferred import broken_references, check_deferred_constraints
from cleveragents.infrastructure.database.edited import delete_unedited
from cleveragents.infrastructure.database.footprint import free_bytes, rows_on_disk, size_on_disk
from cleveragents.infrastructure.database.functions import octets, row_version, whole_sum
from cleveragents.infrastructure.database.ledger import SqlLedger
from cleveragents.infrastructure.database.rows import dangling_sessions, session_messages, sessions
from cleveragents.infrastructure.database.scanning import dangling_ids, tallied
from cleveragents.infrastructure.database.selection import BITS, FIRST_PROTECTION, flagged
from cleveragents.infrastructure.database.skips import named_skips
from cleveragents.infrastructure.database.statements import delete_victims, has_messages_left
from cleveragents.infrastructure.database.sweeping import SqlSweeps
from cleveragents.infrastructure.database.temporary import (
    chosen,
    edited,
    fill,
    left_behind,
    lockable,
    rename,
    rows_in,
    unchanged,
    victims,
)

# Any constant will do, as long as every purge and restore of a PostgreSQL database asks for the same lock.
_ONE_RUN_AT_A_TIME = 0x636C_6561_6E75_70
_COUNTERS_NOT_KEPT = "Something wrote messages without keeping the sessions' counters."
_HOW_TO_MEND = ("agents db check", "agents db check --mend")


def take_lock_of_runs(connection: Connection) -> None:
    """Wait until no other run changes this PostgreSQL database; on SQLite the write lock sees to that."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_ONE_RUN_AT_A_TIME)))


class SqlDeletion:
    """What the deleting transaction did, before it commits.

    `narrowed` are those that may go, chosen at the moment `chosen_at`; `archived_at` is the archive's,
    blank where there is none.
    """

    def __init__(
        self,
        connection: Connection,
        narrowed: Table,
        *,
        chosen_at: datetime,
        archived_at: str,
        progress: Progress,
    ) -> None:
        self._connection = connection
        self._progress = progress
        self._chosen_at = chosen_at
        self._is_judged_again = False
        self._archived_at = archived_at
        self._narrowed = narrowed
        self.ledger = SqlLedger(connection)
        self.sweeps = SqlSweeps(connection)
        self.purged = Purged()

    def delete(self, policy: RetentionPolicy, now: datetime, *, rehearsal: bool) -> None:
        connection = self._connection
        size, free = size_on_disk(connection), free_bytes(connection)
        broken_before = broken_references(connection) if rehearsal else {}
        self._take_the_unchanged()
        if now < self._chosen_at or depends_on_others(connection, policy):
            self._judge_again(policy, now)
        # PostgreSQL does not say what a delete leaves to be reused; a rehearsal may take the time to count.
        to_free = rows_on_disk(connection) if rehearsal and free is None else None
        purged = self._delete_victims() | self._delete_dangling()
        if purged["sessions"] != rows_in(connection, chosen):
            if not self._is_judged_again:
                fill(connection, lockable, select(victims))
            purged |= named_skips(connection, policy, now)
        if rehearsal:
            check_deferred_constraints(connection, broken_before)
        freed = to_free if free is None else (free_bytes(connection) or 0) - free
        shrunk = max(size - size_on_disk(connection), 0)
        self.purged = Purged(**purged, reusable_bytes=freed, physical_bytes=shrunk)

    def still_alive(self) -> AbstractContextManager[Iterator[bytes]]:
        is_victim = exists().where(victims.c.session_id == self._narrowed.c.session_id)
        alive = select(self._narrowed.c.session_id).where(not_(is_victim))
        return lines(self._connection, ids_as_arrays(self._connection, alive))

    def _judge_again(self, policy: RetentionPolicy, now: datetime) -> None:
        rename(self._connection, victims, lockable)
        still_found = flagged(policy, now, lockable).subquery("still_found")
        fill(self._connection, victims, select(still_found).where(still_found.c.flags < FIRST_PROTECTION))
        self._is_judged_again = True

    def _take_the_unchanged(self) -> None:
        """Take the sessions that nobody changed since the scan, and lock them."""
        narrowed = self._narrowed
        is_edited = exists().where(edited.c.session_id == narrowed.c.session_id)
        if self._connection.dialect.name != "postgresql":
            still_same = unchanged(narrowed, is_postgresql=False)
            fill(self._connection, victims, still_same.where(not_(is_edited)))
            return
        is_same_row = and_(
            sessions.c.session_id == narrowed.c.session_id,
            row_version(sessions.c.session_id) == narrowed.c.row_version,
        )
        rows = select(narrowed).select_from(narrowed).join(sessions, is_same_row).where(not_(is_edited))
        # Rows that somebody else holds are skipped, and told as such.
        fill(self._connection, victims, rows.with_for_update(of=sessions, skip_locked=True))

    def _delete_victims(self) -> dict[str, Any]:
        """Delete, and hold the database's own counts against what was chosen."""
        connection = self._connection
        expected = tallied(connection, victims)
        self._check_empty_victims()
        unedited = self._delete_unedited(expected.messages)
        messages, deleted = delete_victims(connection, expected, self._progress)
        messages += unedited
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

    def _delete_unedited(self, expected: int) -> int:
        """Delete archived messages, on PostgreSQL, where another program could edit them until the end."""
        connection = self._connection
        if connection.dialect.name != "postgresql" or not self._archived_at or not expected:
            return 0
        deleted = delete_unedited(connection, self._archived_at)
        if deleted < expected and has_messages_left(connection):
            raise DatabaseBusyError(detail="Another program changed messages while they were being deleted.")
        return deleted

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

    def _delete_dangling(self) -> dict[str, int]:
        """Delete the dangling messages that the scan found, unless their session came back."""
        connection = self._connection
        if not rows_in(connection, left_behind):
            return {}
        is_found = tuple_(session_messages.c.session_id, session_messages.c.sequence).in_(
            select(left_behind.c.session_id, left_behind.c.sequence)
        )
        is_gone = is_found & session_messages.c.session_id.in_(dangling_ids())
        size = whole_sum(octets(session_messages.c.content))
        content_bytes = connection.scalar(select(size).where(is_gone))
        messages = connection.execute(delete(session_messages).where(is_gone)).rowcount
        connection.execute(delete(dangling_sessions).where(not_(_any_message_left().exists())))
        return {"dangling_messages": messages, "dangling_bytes": content_bytes or 0}


def depends_on_others(connection: Connection, policy: RetentionPolicy) -> bool:
    """Whether the verdict on a victim may have changed although its row did not.

    The one selection judges again then. Time alone can only add reasons and end leases.
    """
    if policy.keep_last is not None:
        return True
    is_orphan = select(victims.c.session_id).where(victims.c.flags.op("&")(BITS[Reason.ORPHANED]) != 0)
    if connection.scalar(is_orphan.limit(1)) is not None:
        return True
    own = victims.alias("own")
    # An outer join, not EXISTS: PostgreSQL would take the victims for fewer than they are.
    surviving_children = (
        select(func.count())
        .select_from(sessions)
        .join(victims, victims.c.session_id == sessions.c.parent_session_id)
        .outerjoin(own, own.c.session_id == sessions.c.session_id)
        .where(sessions.c.parent_session_id.is_not(None), own.c.session_id.is_(None))
    )
    return bool(connection.scalar(surviving_children))


def _any_message_left() -> Select[str]:
    return select(session_messages.c.session_id).where(
        session_messages.c.session_id == dangling_sessions.c.session_id
    )
