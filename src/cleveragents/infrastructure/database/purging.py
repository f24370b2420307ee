"""One purge on one connection: choose, archive, then delete what was chosen and still is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Table,
    delete,
    false,
    func,
    select,
    update,
)

from cleveragents.domain.errors import PurgeMismatchError
from cleveragents.domain.pace import Measured
from cleveragents.domain.plan import PlannedSession
from cleveragents.domain.ports import ArchiveWriter
from cleveragents.domain.progress import UNWATCHED, Progress, Stage
from cleveragents.domain.report import SKIPS_NAMED, Drift, Findings, Kept, Skip, SkipReason
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.domain.space import GivenBack
from cleveragents.infrastructure.database.alone import alone
from cleveragents.infrastructure.database.archiving import write_archive
from cleveragents.infrastructure.database.counters import mismatches
from cleveragents.infrastructure.database.deleting import SqlDeletion
from cleveragents.infrastructure.database.edited import fill_edited, moment_of
from cleveragents.infrastructure.database.given import ids_given
from cleveragents.infrastructure.database.giving_back import SpaceOnDisk
from cleveragents.infrastructure.database.queue import Queue
from cleveragents.infrastructure.database.rows import session_messages, sessions
from cleveragents.infrastructure.database.run_transaction import RunTransactions
from cleveragents.infrastructure.database.scanning import find_in, is_dangling
from cleveragents.infrastructure.database.schema import require_head
from cleveragents.infrastructure.database.selection import FIRST_PROTECTION, flagged
from cleveragents.infrastructure.database.skips import why_not
from cleveragents.infrastructure.database.stopping import Stopping
from cleveragents.infrastructure.database.temporary import (
    archived,
    chosen,
    count_rows_of,
    drifted,
    edited,
    fill,
    guards,
    left_behind,
    planned,
    purged_since,
    unchanged,
    victims,
)
from cleveragents.infrastructure.spool import spooled

Plainly = Callable[[], AbstractContextManager[None]]
"""Turns what a driver raises inside its block into one error of ours."""
_NAMED = 5
_AT_ONCE = 1_000


class SqlPurge:
    def __init__(self, connection: Connection, url: URL, plainly: Plainly, progress: Progress) -> None:
        self._connection = connection
        self._progress = progress
        self._url = url
        self._plainly = plainly
        self._is_postgresql = connection.dialect.name == "postgresql"
        self._narrowed = chosen
        self._writer: ArchiveWriter | None = None
        self._archived_at = ""
        self._chosen_at = datetime.max.replace(tzinfo=UTC)
        self._queue: Queue | None = None
        self._transactions = RunTransactions(connection)
        self._space = SpaceOnDisk(connection)
        self._rows_deleted = 0

    def choose(
        self,
        policy: RetentionPolicy,
        now: datetime,
        *,
        listed: int | None,
        among: Collection[str] | None = None,
    ) -> Findings:
        named = None if among is None else ids_given(self._connection, among)
        selects_dangling = policy.selects_dangling and named is None
        with self._progress.stage(Stage.SCAN, None), self._transactions.one_snapshot():
            fill(self._connection, chosen, flagged(policy, now, named))
            is_left = is_dangling(policy, now) if selects_dangling else false()
            return self._chosen(policy, now, is_left, listed=listed, among=named)

    def choose_planned(
        self,
        planned_sessions: Iterable[PlannedSession],
        policy: RetentionPolicy,
        now: datetime,
        *,
        listed: int | None,
    ) -> Findings:
        with self._progress.stage(Stage.SCAN, None), self._transactions.one_snapshot():
            _load(self._connection, planned, (_planned_row(each) for each in planned_sessions))
            fill(self._connection, chosen, flagged(policy, now, planned))
            found = self._chosen(policy, now, false(), listed=listed)
            why = why_not(
                policy, now, of=planned, scope=planned, but=chosen, is_postgresql=self._is_postgresql
            )
            fill(self._connection, drifted, why)
        # Nobody judged the sessions that the plan does not name.
        return replace(
            found,
            kept=Kept(unplanned=found.scanned - found.candidates),
            protected=Findings().protected,
            dangling_messages=0,
            dangling_bytes=0,
        )

    def drift(self, purged_since_then: Iterable[str], *, named: int | None) -> Drift:
        is_gone = drifted.c.reason == SkipReason.REMOVED.value
        with self._transactions.one_snapshot():
            if self._connection.scalar(select(drifted.c.session_id).where(is_gone).limit(1)) is not None:
                _load(self._connection, purged_since, ({"session_id": each} for each in purged_since_then))
                was_purged = drifted.c.session_id.in_(select(purged_since.c.session_id))
                self._connection.execute(
                    update(drifted).where(is_gone, was_purged).values(reason=SkipReason.PURGED.value)
                )
            counted = select(drifted.c.reason, func.count()).group_by(drifted.c.reason)
            some = select(drifted).order_by(drifted.c.session_id).limit(named)
            return Drift(
                by_reason={SkipReason(why): number for why, number in self._connection.execute(counted)},
                skipped=spooled(
                    Skip(session_id=row.session_id, reason=SkipReason(row.reason))
                    for row in self._connection.execute(some, execution_options={"yield_per": _AT_ONCE})
                ),
            )

    def alone(self) -> AbstractContextManager[None]:
        # Whoever runs in chunks tells how many are done.
        self._progress = UNWATCHED
        return alone(self._connection, self._url)

    def take(self, most: int | None) -> Findings | None:
        self._narrowed, self._writer, self._archived_at = chosen, None, ""
        with self._plainly(), self._transactions.one_snapshot():
            if self._queue is None:
                self._queue = Queue(self._connection)
            return self._queue.take(most)

    def put_back(self) -> None:
        if self._queue is not None:
            self._queue.put_back()

    def archive(self, writer: ArchiveWriter) -> None:
        connection = self._connection
        with self._plainly(), self._transactions.one_snapshot():
            self._writer, self._archived_at = writer, moment_of(connection)
            fill(connection, archived, unchanged(chosen, is_postgresql=self._is_postgresql))
            write_archive(connection, writer, self._progress)
        self._narrowed = archived

    @contextmanager
    def deleting(
        self,
        policy: RetentionPolicy,
        now: datetime,
        *,
        rehearsal: bool,
        max_lock: timedelta | None = None,
    ) -> Iterator[SqlDeletion]:
        with (
            self._plainly(),
            self._naming_who_disagrees(),
            self._transactions.deleting(rehearsal=rehearsal, max_lock=max_lock),
        ):
            # Another host may have migrated since: what this version does not know it cannot protect.
            require_head(self._connection, self._url)
            fill_edited(self._connection, self._writer, self._archived_at)
            deletion = self._deletion(self._archived_at, self._progress)
            deletion.delete(policy, now, rehearsal=rehearsal)
            yield deletion
        self._rows_deleted += deletion.purged.rows

    def measure(self, policy: RetentionPolicy, now: datetime, max_lock: timedelta) -> Measured:
        with (
            self._plainly(),
            self._naming_who_disagrees(),
            self._transactions.deleting(rehearsal=True, max_lock=max_lock),
        ):
            require_head(self._connection, self._url)
            edited.create(self._connection, checkfirst=False)
            deletion = self._deletion("", UNWATCHED)
            deletion.delete(policy, now, rehearsal=False)
        return Measured(
            sessions=deletion.purged.sessions,
            messages=deletion.purged.messages,
            content_bytes=deletion.purged.content_bytes,
            lock_held=self.lock_held,
        )

    def _deletion(self, archived_at: str, progress: Progress) -> SqlDeletion:
        return SqlDeletion(
            self._connection,
            self._narrowed,
            chosen_at=self._chosen_at,
            archived_at=archived_at,
            progress=progress,
        )

    @contextmanager
    def _naming_who_disagrees(self) -> Iterator[None]:
        try:
            yield
        except PurgeMismatchError as error:
            # Rolled back by now, so what was chosen can be looked at again.
            error.detail = f"{error.detail} {self._who_disagrees()}".strip()
            raise

    @property
    def lock_held(self) -> timedelta:
        return self._transactions.lock_held

    @property
    def was_interrupted(self) -> bool:
        return self._transactions.was_interrupted

    def remaining(self) -> Sequence[str]:
        is_there = sessions.c.session_id == victims.c.session_id
        statement = select(victims.c.session_id).join(sessions, is_there).order_by(victims.c.session_id)
        with self._plainly(), self._connection.begin():
            return self._connection.execute(statement.limit(SKIPS_NAMED)).scalars().all()

    def give_back(self, budget: timedelta | None) -> GivenBack:
        return self._space.give_back(budget, self._rows_deleted)

    def _chosen(
        self,
        policy: RetentionPolicy,
        now: datetime,
        is_left: ColumnElement[bool],
        *,
        listed: int | None,
        among: FromClause | None = None,
    ) -> Findings:
        """Count what was chosen, and keep of it the candidates, their rows, and the dangling messages."""
        connection = self._connection
        self._chosen_at = now
        keys = select(session_messages.c.session_id, session_messages.c.sequence)
        fill(connection, left_behind, keys.where(is_left))
        findings = find_in(connection, chosen, policy, now, listed=listed, among=among)
        connection.execute(delete(chosen).where(chosen.c.flags >= FIRST_PROTECTION))
        if not self._is_postgresql:
            is_chosen = sessions.c.session_id.in_(select(chosen.c.session_id))
            fill(connection, guards, select(sessions).where(is_chosen))
        return findings

    def _who_disagrees(self) -> str:
        with self._connection.begin():
            wrong = self._connection.execute(mismatches(chosen).limit(_NAMED)).all()
        ids = ", ".join(row.session_id for row in wrong)
        return f"It is about {ids}." if ids else ""


def _planned_row(session: PlannedSession) -> dict[str, object]:
    return {name: getattr(session, name) for name in PlannedSession.__slots__}


def _load(connection: Connection, table: Table, rows: Iterable[dict[str, object]]) -> None:
    """Make a temporary table of rows from elsewhere; a key that comes twice counts once."""
    from sqlalchemy.dialects import postgresql, sqlite

    table.create(connection, checkfirst=False)
    new_rows = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    remaining = iter(rows)
    while batch := list(islice(remaining, _AT_ONCE)):
        connection.execute(new_rows(table).on_conflict_do_nothing(), batch)
    count_rows_of(connection, table)


@contextmanager
def purge_on(
    engine: Engine, url: URL, plainly: Plainly, progress: Progress, stopping: Stopping
) -> Iterator[SqlPurge]:
    with engine.connect() as connection:
        try:
            with stopping.reaching(connection):
                yield SqlPurge(connection, url, plainly, progress)
        finally:
            # The temporary tables go with the connection; a pool must not hand it to somebody else.
            connection.invalidate()
