"""One purge of a foreign store: chosen among rows of ours, carried out by the store's adapter."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Select, Table, exists, insert, not_, select

from cleveragents.domain.archive import Section
from cleveragents.domain.errors import CleverAgentsError, LedgerBehindError, PurgeMismatchError
from cleveragents.domain.pace import Measured
from cleveragents.domain.plan import PlannedSession
from cleveragents.domain.ports import ArchiveWriter, Ledger, Sweeps, UnitOfWork
from cleveragents.domain.ports.adapters import StoreRun
from cleveragents.domain.progress import Progress, Stage
from cleveragents.domain.report import SKIPS_NAMED, Drift, Findings, Kept, Purged, Skip, SkipReason
from cleveragents.domain.retention import Reason, RetentionPolicy
from cleveragents.domain.space import GivenBack, Stop
from cleveragents.domain.stored import Chosen, Dangling, Deleted
from cleveragents.infrastructure.database.alone import alone
from cleveragents.infrastructure.database.archive_rows import as_array, ids_as_arrays, lines
from cleveragents.infrastructure.database.purging import SqlPurge
from cleveragents.infrastructure.database.scanning import tallied
from cleveragents.infrastructure.database.store import SqlSessionStore
from cleveragents.infrastructure.database.temporary import chosen, drop, fill, rows_in, victims
from cleveragents.infrastructure.database.types import Key
from cleveragents.infrastructure.stores.projection import Projection
from cleveragents.infrastructure.stores.second_look import protected_now

_AT_ONCE = 1_000
_SHOWN = ("session_id", "last_accessed_at", "message_count", "content_bytes")
_skipped = Table(
    "store_skipped",
    MetaData(),
    Column("session_id", Key, primary_key=True),
    prefixes=["TEMPORARY"],
    sqlite_with_rowid=False,
)
"""Those of a chunk that are not to be deleted after all."""


class AdaptedDeletion:
    """The deleting transaction of a foreign store, with that of the book beside it."""

    def __init__(self, work: UnitOfWork, purged: Purged, connection: Connection) -> None:
        self._work = work
        self._connection = connection
        self.purged = purged

    @property
    def ledger(self) -> Ledger:
        return self._work.ledger

    @property
    def sweeps(self) -> Sweeps:
        return self._work.sweeps

    def still_alive(self) -> AbstractContextManager[Iterator[bytes]]:
        is_victim = exists().where(victims.c.session_id == chosen.c.session_id)
        alive = select(chosen.c.session_id).where(not_(is_victim))
        return lines(self._connection, ids_as_arrays(self._connection, alive))


class AdaptedPurge:
    """`book` keeps the ledger, `projection` the sessions as rows of ours, `run` does the work."""

    def __init__(
        self,
        run: StoreRun,
        projection: Projection,
        book: SqlSessionStore,
        *,
        project: Callable[[RetentionPolicy, datetime], None],
        progress: Progress,
    ) -> None:
        self._run = run
        self._projection = projection
        self._connection = projection.connection
        self._book = book
        self._project = project
        self._progress = progress
        self._inner = SqlPurge(self._connection, book.url, nullcontext, progress)
        self._dangling = Dangling()
        self._dangling_before: datetime | None = None
        self._dangling_is_taken = False
        self._takes_dangling = True
        self._not_copied: Mapping[str, SkipReason] = {}
        self._protected: Mapping[str, SkipReason] = {}
        self.lock_held = timedelta(0)
        self._freed = 0

    def choose(
        self,
        policy: RetentionPolicy,
        now: datetime,
        *,
        listed: int | None,
        among: Collection[str] | None = None,
    ) -> Findings:
        with self._progress.stage(Stage.SCAN, None):
            self._project(policy, now)
            if policy.selects_dangling and among is None:
                self._dangling_before = now - policy.orphaned_after
                self._dangling = self._run.dangling(self._dangling_before)
        found = self._inner.choose(policy, now, listed=listed, among=among)
        return completed(found, self._projection, self._run, self._dangling)

    def choose_planned(
        self,
        planned_sessions: Iterable[PlannedSession],
        policy: RetentionPolicy,
        now: datetime,
        *,
        listed: int | None,
    ) -> Findings:
        with self._progress.stage(Stage.SCAN, None):
            self._project(policy, now)
        found = self._inner.choose_planned(planned_sessions, policy, now, listed=listed)
        scanned = found.scanned + self._projection.undated
        return replace(
            found,
            scanned=scanned,
            kept=Kept(unplanned=scanned - found.candidates),
            unreadable=self._run.unreadable,
        )

    def drift(self, purged_since_then: Iterable[str], *, named: int | None) -> Drift:
        return self._inner.drift(purged_since_then, named=named)

    def alone(self) -> AbstractContextManager[None]:
        return alone(self._connection, self._book.url)

    def take(self, most: int | None) -> Findings | None:
        self._not_copied, self._takes_dangling = {}, False
        self._forget(_skipped)
        taken = self._inner.take(most)
        if (taken is None or most is None) and not self._dangling_is_taken:
            self._dangling_is_taken = self._takes_dangling = True
            if self._dangling.messages:
                return replace(
                    taken or Findings(),
                    dangling_messages=self._dangling.messages,
                    dangling_bytes=self._dangling.content_bytes,
                )
        return taken

    def put_back(self) -> None:
        self._inner.put_back()
        if self._takes_dangling:
            self._dangling_is_taken = False

    def measure(self, policy: RetentionPolicy, now: datetime, max_lock: timedelta) -> Measured:
        del policy, now
        with self._deleting(rehearsal=True, max_lock=max_lock) as purged:
            pass
        self._forget(victims, _skipped)
        return Measured(
            sessions=purged.sessions,
            messages=purged.messages,
            content_bytes=purged.content_bytes,
            lock_held=self.lock_held,
        )

    def archive(self, writer: ArchiveWriter) -> None:
        with self._connection.begin():
            rows = rows_in(self._connection, chosen)
        with self._progress.stage(Stage.ARCHIVE, rows) as step:
            with self._connection.begin(), lines(self._connection, _as_lines(self._connection)) as found:
                writer.write(Section.SESSIONS, _SHOWN, found)
            self._not_copied = self._run.copy(self._chosen(), writer, self._before)
            step.advance(rows)

    @contextmanager
    def deleting(
        self,
        policy: RetentionPolicy,
        now: datetime,
        *,
        rehearsal: bool,
        max_lock: timedelta | None = None,
    ) -> Iterator[AdaptedDeletion]:
        entry_id = ""
        is_committed = False
        try:
            # The book's transaction is the outer one: its lease is held until the store has committed.
            with self._book.reading() if rehearsal else self._book.writing() as work:
                self._protected = protected_now(self._run, self._projection, policy, now)
                with self._deleting(rehearsal=rehearsal, max_lock=max_lock) as purged:
                    yield AdaptedDeletion(work, purged, self._connection)
                    last = work.ledger.last()
                    entry_id = last.run_id if last else ""
                if not rehearsal:
                    is_committed = True
                    work.commit()
        except CleverAgentsError as error:
            if is_committed:
                raise LedgerBehindError(entry_id, error.message) from error
            raise

    @property
    def was_interrupted(self) -> bool:
        return self._run.was_interrupted

    def remaining(self) -> Sequence[str]:
        ids = select(victims.c.session_id).order_by(victims.c.session_id)
        with self._connection.begin():
            gone = self._connection.execute(ids, execution_options={"yield_per": _AT_ONCE}).scalars()
            there = self._run.present(gone)
            return [session_id for session_id, _ in zip(there, range(SKIPS_NAMED), strict=False)]

    def give_back(self, budget: timedelta | None) -> GivenBack:
        """Nothing: the file is its owner's, and so is the time that making it smaller takes."""
        del budget
        return GivenBack(left_bytes=self._freed, stop=Stop.FOREIGN)

    @property
    def _before(self) -> datetime | None:
        """What dangles goes with the chunk that took it."""
        return self._dangling_before if self._takes_dangling and self._dangling.messages else None

    def _forget(self, *tables: Table) -> None:
        with self._connection.begin():
            drop(self._connection, *tables)

    def _chosen(self) -> Iterator[Chosen]:
        """Those that may go, one by one, in the order of their ids."""
        with self._connection.begin():
            for each in self._projection.versions_of(chosen):
                if each.session_id not in self._not_copied and each.session_id not in self._protected:
                    yield each

    @contextmanager
    def _deleting(self, *, rehearsal: bool, max_lock: timedelta | None) -> Iterator[Purged]:
        with self._run.deleting(
            self._chosen(), self._before, rehearsal=rehearsal, max_lock=max_lock
        ) as deleted:
            yield self._purged(deleted)
        self.lock_held = timedelta(seconds=time.monotonic() - deleted.lock_held_since)
        self._freed += 0 if rehearsal else deleted.freed_bytes or 0

    def _purged(self, deleted: Deleted) -> Purged:
        connection = self._connection
        with connection.begin():
            ids = set(connection.scalars(select(chosen.c.session_id))) if self._protected else set()
            protected = {each: why for each, why in self._protected.items() if each in ids}
            skipped = {**protected, **self._not_copied, **deleted.skipped}
            _skipped.create(connection, checkfirst=False)
            if skipped:
                connection.execute(insert(_skipped), [{"session_id": each} for each in skipped])
            is_skipped = exists().where(_skipped.c.session_id == chosen.c.session_id)
            fill(connection, victims, select(chosen).where(not_(is_skipped)))
            tally = tallied(connection, victims)
        if tally.candidates != deleted.sessions:
            raise PurgeMismatchError(
                f"The store deleted {deleted.sessions:,} sessions where {tally.candidates:,} were chosen; "
                "everything was rolled back and nothing was deleted.",
            )
        return Purged(
            sessions=deleted.sessions,
            by_reason={reason: tally.by_reason[reason] for reason in Reason},
            messages=tally.messages,
            content_bytes=tally.content_bytes,
            dangling_messages=deleted.dangling.messages,
            dangling_bytes=deleted.dangling.content_bytes,
            reusable_bytes=deleted.freed_bytes,
            physical_bytes=deleted.physical_bytes,
            **_skips(skipped),
        )


def completed(found: Findings, projection: Projection, run: StoreRun, dangling: Dangling) -> Findings:
    """What the one selection found, with what stands beside the sessions in a foreign store."""
    return replace(
        found,
        scanned=found.scanned + (0 if found.only_named else projection.undated),
        kept=replace(found.kept, undated=0 if found.only_named else projection.undated),
        dangling_messages=dangling.messages,
        dangling_bytes=dangling.content_bytes,
        unreadable=() if found.only_named else run.unreadable,
    )


def _skips(skipped: Mapping[str, SkipReason]) -> dict[str, Any]:
    counts: dict[SkipReason, int] = {}
    for reason in skipped.values():
        counts[reason] = counts.get(reason, 0) + 1
    named = sorted(skipped.items())[:SKIPS_NAMED]
    return {
        "skipped": tuple(Skip(session_id=session_id, reason=reason) for session_id, reason in named),
        "skipped_by_reason": counts,
    }


def _as_lines(connection: Connection) -> Select[str]:
    shown = select(*(chosen.c[name] for name in _SHOWN)).order_by(chosen.c.session_id).subquery("shown")
    return select(as_array(connection, shown))
