"""A foreign store as a store of ours: its adapter does the work, a book of ours remembers it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL, Connection, func, select

from cleveragents.domain.adaptive import AutoThreshold, Unused
from cleveragents.domain.duration import format_duration
from cleveragents.domain.errors import InvalidPolicyError
from cleveragents.domain.ports import Clock, Look, Purge, Restoration
from cleveragents.domain.ports.adapters import StoreAdapter, StoreRun
from cleveragents.domain.progress import UNWATCHED, Progress
from cleveragents.domain.report import Findings
from cleveragents.domain.retention import Reason, RetentionPolicy
from cleveragents.domain.session import Session
from cleveragents.domain.stored import Dangling
from cleveragents.infrastructure.database.expiry_warnings import SqlExpiryWarnings
from cleveragents.infrastructure.database.ledger import SqlLedger
from cleveragents.infrastructure.database.repositories.sessions import SqlSessionRepository
from cleveragents.infrastructure.database.rows import sessions
from cleveragents.infrastructure.database.scanning import find
from cleveragents.infrastructure.database.store import SqlSessionStore, SqlUnitOfWork
from cleveragents.infrastructure.database.sweeping import SqlSweeps
from cleveragents.infrastructure.stores.adapted_purge import AdaptedPurge, completed
from cleveragents.infrastructure.stores.adapted_restoration import AdaptedRestoration
from cleveragents.infrastructure.stores.projection import Projection, projecting

_LOOKED_AT = 10_000
_UNCERTAIN = (Reason.STALE, Reason.EMPTY, Reason.ORPHANED)


class AdaptedSessions(SqlSessionRepository):
    """The sessions of a foreign store, to be read; they are projected at the first question that needs it."""

    def __init__(self, store: AdaptedStore, stack: ExitStack) -> None:
        self._store = store
        self._stack = stack

    @cached_property
    def _connection(self) -> Connection:  # type: ignore[override] # read only, and later
        projection = self._stack.enter_context(self._store.projected())
        return projection.connection

    def ids_starting_with(self, prefix: str, limit: int) -> Sequence[str]:
        """An id's last part is all that many people know of it."""
        whole = super().ids_starting_with(prefix, limit)
        own = sessions.c.session_id
        ends_so = func.instr(own, f"/{prefix}") > 0
        among = self._connection.scalars(select(own).where(ends_so).order_by(own).limit(_LOOKED_AT)).all()
        found = [each for each in among if each.rpartition("/")[2].startswith(prefix)]
        exact = [each for each in found if each.rpartition("/")[2] == prefix]
        return (exact if len(exact) == 1 else sorted({*whole, *found}))[:limit]

    def unused(self, auto: AutoThreshold, now: datetime) -> Unused:
        del auto, now
        raise InvalidPolicyError(
            "stale_after auto learns from when messages were written; foreign stores keep no such history.",
            hints=["Give an age: --stale-after 30d"],
        )

    def newest_activity(self) -> Session | None:
        """As the last look at all sessions found it."""
        if self._store.newest is None:
            with self._store.projected():
                pass
        return self._store.newest

    def hanging_tables(self) -> Sequence[str]:
        return [] if self._store.is_missing() else self._store.adapter.hanging_tables()


class AdaptedUnitOfWork:
    """A transaction of the book, with the foreign sessions to be read beside it."""

    sessions: AdaptedSessions
    ledger: SqlLedger
    sweeps: SqlSweeps
    warnings: SqlExpiryWarnings

    def __init__(self, store: AdaptedStore, book: SqlUnitOfWork) -> None:
        self._store = store
        self._book = book
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._book.__enter__()
        self.sessions = AdaptedSessions(self._store, self._stack)
        self.ledger, self.sweeps, self.warnings = self._book.ledger, self._book.sweeps, self._book.warnings
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        self._book.__exit__(kind, error, trace)

    def commit(self) -> bool:
        return self._book.commit()


class AdaptedStore:
    """`kind` is the name of the entry point, `book` the database of ours that remembers this store's runs."""

    def __init__(self, kind: str, adapter: StoreAdapter, book: SqlSessionStore, clock: Clock) -> None:
        self.kind = kind
        self.adapter = adapter
        self.book = book
        self.newest: Session | None = None
        self._clock = clock

    @property
    def url(self) -> URL:
        """That of the book: archives and stop files lie beside it."""
        return self.book.url

    @property
    def displayed_url(self) -> str:
        return f"{self.kind}:{self.adapter.displayed}"

    def stop_runs(self) -> None:
        self.book.stop_runs()
        self.adapter.stop()

    def allow_runs(self) -> None:
        self.book.allow_runs()
        self.adapter.allow()

    def wait(self, seconds: float) -> None:
        self.book.wait(seconds)

    def is_missing(self) -> bool:
        return self.adapter.is_missing()

    def make_ready(self) -> None:
        if not self.is_missing():
            self.book.make()

    def owns(self, path: Path) -> bool:
        return self.book.owns(path) or self.adapter.owns(str(path.resolve()))

    @property
    def ledger_is_apart(self) -> bool:
        return True

    def reading(self) -> AdaptedUnitOfWork:
        return AdaptedUnitOfWork(self, self.book.reading())

    def writing(self) -> AdaptedUnitOfWork:
        return AdaptedUnitOfWork(self, self.book.writing())

    def present(self, session_ids: Collection[str]) -> Collection[str]:
        with self.adapter.running(UNWATCHED) as run:
            return set(run.present(session_ids))

    @contextmanager
    def looking(self) -> Iterator[Look]:
        if self.is_missing():
            yield _nothing
            return
        with self._opened() as (run, projection):
            is_filled = False

            def look(
                policy: RetentionPolicy,
                now: datetime,
                *,
                listed: int | None,
                among: Collection[str] | None = None,
            ) -> Findings:
                nonlocal is_filled
                self._require_certain(policy)
                if not is_filled:
                    # No later than the first look: what an uncertain clock may mean must not lie ahead of it.
                    self._fill(projection, run, min(now, self._clock.now()))
                    is_filled = True
                found = find(projection.connection, policy, now, listed=listed, among=among)
                dangling = Dangling()
                if policy.selects_dangling and among is None:
                    dangling = run.dangling(now - policy.orphaned_after)
                return completed(found, projection, run, dangling)

            yield look

    @contextmanager
    def purging(self, progress: Progress = UNWATCHED) -> Iterator[Purge]:
        self.make_ready()
        with (
            self.book.told_when_stopped(),
            self.adapter.running(progress) as run,
            projecting(self.kind) as projection,
        ):

            def project(policy: RetentionPolicy, now: datetime) -> None:
                self._require_certain(policy)
                self._fill(projection, run, now)

            yield AdaptedPurge(run, projection, self.book, project=project, progress=progress)

    @contextmanager
    def restoring(self, progress: Progress = UNWATCHED) -> Iterator[Restoration]:
        with self.adapter.returning(progress) as returning:
            yield AdaptedRestoration(returning, self.book, progress)

    @contextmanager
    def projected(self) -> Iterator[Projection]:
        """All sessions there are, as rows of ours."""
        if self.is_missing():
            with projecting(self.kind) as projection:
                yield projection
            return
        with self._opened() as (run, projection):
            self._fill(projection, run, self._clock.now())
            yield projection

    def close(self) -> None:
        self.book.close()

    @contextmanager
    def _opened(self) -> Iterator[tuple[StoreRun, Projection]]:
        with (
            self.book.told_when_stopped(),
            self.adapter.running(UNWATCHED) as run,
            projecting(self.kind) as projection,
        ):
            yield run, projection

    def _fill(self, projection: Projection, run: StoreRun, now: datetime) -> None:
        projection.fill(run.sessions(now))
        if projection.newest is not None:
            session_id, moment = projection.newest
            self.newest = Session(session_id=session_id, created_at=moment, last_accessed_at=moment)

    def _require_certain(self, policy: RetentionPolicy) -> None:
        least = self.adapter.recognise().least_age
        for reason in _UNCERTAIN:
            threshold = policy.threshold(reason)
            if reason in policy.reasons and threshold < least:
                raise InvalidPolicyError(
                    f"{reason.value}_after is {format_duration(threshold)}, and the clock of this store is "
                    f"uncertain: thresholds below {format_duration(least)} cannot be told apart.",
                    hints=["agents store check says what is known of its clock, and how to tell more."],
                )


def _nothing(
    policy: RetentionPolicy, now: datetime, *, listed: int | None, among: Collection[str] | None = None
) -> Findings:
    del policy, now, listed
    return Findings(only_named=among is not None)
