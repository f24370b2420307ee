"""The ledger of runs, and beside it the attempts that came to nothing and the archives' fates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, insert, or_, select, update

from cleveragents.domain.archive import KnownArchive
from cleveragents.domain.run import (
    FIRST_HASH,
    RUN_ID_LENGTH,
    Attempt,
    AttemptOutcome,
    LedgerHead,
    Run,
    RunOutcome,
    entries_of,
)
from cleveragents.infrastructure.database.rows import (
    cleanup_archives,
    cleanup_attempts,
    cleanup_database,
    cleanup_runs,
)

_AT_ONCE = 1_000
_NO_HEAD = LedgerHead(fingerprint="", runs=0, last_hash=FIRST_HASH, records=0)


class SqlLedger:
    """The ledger as one connection sees it; whoever appends holds the lock of purges and restores."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def head(self) -> LedgerHead:
        rows = self._connection.execute(select(cleanup_database)).all()
        return LedgerHead(**rows[0]._asdict(), records=len(rows)) if rows else _NO_HEAD

    def append(self, run: Run) -> Run:
        """Write the next entry, chained to the last one, and return it as it stands there."""
        entry = run.chained_to(self.last())
        self._connection.execute(insert(cleanup_runs).values(_values(entry, cleanup_runs)))
        self._connection.execute(
            update(cleanup_database).values(runs=entry.position, last_hash=entry.entry_hash)
        )
        return entry

    def last(self) -> Run | None:
        row = self._connection.execute(select(cleanup_runs).order_by(_newest()).limit(1)).first()
        return _run(row) if row else None

    def holds(self, run_id: str) -> bool:
        found = select(exists().where(cleanup_runs.c.run_id == run_id))
        return bool(self._connection.scalar(found))

    def all_runs(self) -> Iterator[Run]:
        """Every run in order of position, read in bounded memory."""
        statement = select(cleanup_runs).order_by(cleanup_runs.c.position)
        for row in self._connection.execute(statement, execution_options={"yield_per": _AT_ONCE}):
            yield _run(row)

    def finished_since(self, moment: datetime) -> Sequence[datetime]:
        finished_at = cleanup_runs.c.finished_at
        return self._connection.execute(select(finished_at).where(finished_at >= moment)).scalars().all()

    def newest_runs(self, limit: int | None) -> Sequence[Run]:
        rows = self._connection.execute(select(cleanup_runs).order_by(_newest()).limit(limit))
        return [_run(row) for row in rows]

    def purges_starting_with(self, prefix: str, limit: int) -> Sequence[str]:
        run_id = func.substr(cleanup_runs.c.run_id, 1, RUN_ID_LENGTH)
        statement = (
            select(run_id)
            .where(_starts_with(prefix), cleanup_runs.c.outcome == RunOutcome.PURGED.value)
            .group_by(run_id)
            .order_by(func.max(cleanup_runs.c.position).desc())
            .limit(limit)
        )
        return self._connection.execute(statement).scalars().all()

    def purges_of(self, run_id: str) -> Sequence[Run]:
        is_of_run = or_(cleanup_runs.c.run_id == run_id, _starts_with(entries_of(run_id)))
        is_purge = cleanup_runs.c.outcome == RunOutcome.PURGED.value
        statement = select(cleanup_runs).where(is_of_run, is_purge).order_by(cleanup_runs.c.position)
        return [_run(row) for row in self._connection.execute(statement)]

    def record_attempt(self, attempt: Attempt) -> None:
        self.forget_attempt(attempt.run_id)
        self._connection.execute(insert(cleanup_attempts).values(_values(attempt, cleanup_attempts)))

    def forget_attempt(self, run_id: str) -> None:
        self._connection.execute(delete(cleanup_attempts).where(cleanup_attempts.c.run_id == run_id))

    def attempt(self, run_id: str) -> Attempt | None:
        statement = select(cleanup_attempts).where(cleanup_attempts.c.run_id == run_id)
        row = self._connection.execute(statement).first()
        return _attempt(row) if row else None

    def begun_attempts(self, host: str) -> Sequence[Attempt]:
        is_begun = cleanup_attempts.c.outcome == AttemptOutcome.BEGUN.value
        statement = select(cleanup_attempts).where(is_begun, cleanup_attempts.c.host == host)
        return [_attempt(row) for row in self._connection.execute(statement)]

    def newest_attempts(self, limit: int | None) -> Sequence[Attempt]:
        newest = cleanup_attempts.c.started_at.desc(), cleanup_attempts.c.run_id.desc()
        rows = self._connection.execute(select(cleanup_attempts).order_by(*newest).limit(limit))
        return [_attempt(row) for row in rows]

    # --- archives ------------------------------------------------------------------------------

    def add_archive(self, archive: KnownArchive) -> None:
        self._connection.execute(insert(cleanup_archives).values(_values(archive, cleanup_archives)))

    def archives(
        self, *, made_before: datetime | None = None, made_since: datetime | None = None
    ) -> Sequence[KnownArchive]:
        statement = select(cleanup_archives).where(cleanup_archives.c.expired_run_id.is_(None))
        if made_before is not None:
            statement = statement.where(cleanup_archives.c.created_at < made_before)
        if made_since is not None:
            statement = statement.where(cleanup_archives.c.created_at >= made_since)
        rows = self._connection.execute(
            statement.order_by(cleanup_archives.c.created_at, cleanup_archives.c.run_id)
        )
        return [KnownArchive(**row._asdict()) for row in rows]

    def every_archive(self) -> Iterator[KnownArchive]:
        statement = select(cleanup_archives).order_by(cleanup_archives.c.run_id)
        for row in self._connection.execute(statement, execution_options={"yield_per": _AT_ONCE}):
            yield KnownArchive(**row._asdict())

    def archive_of(self, run_id: str) -> KnownArchive | None:
        statement = select(cleanup_archives).where(cleanup_archives.c.run_id == run_id)
        row = self._connection.execute(statement).first()
        return KnownArchive(**row._asdict()) if row else None

    def expire(self, archives: Sequence[KnownArchive], by_run: str) -> None:
        for archive in archives:
            is_it = cleanup_archives.c.run_id == archive.run_id
            self._connection.execute(update(cleanup_archives).where(is_it).values(expired_run_id=by_run))


def _starts_with(prefix: str) -> ColumnElement[bool]:
    return func.substr(cleanup_runs.c.run_id, 1, len(prefix)) == prefix


def _newest() -> Any:
    return cleanup_runs.c.position.desc()


def _run(row: Row[*tuple[Any, ...]]) -> Run:
    return Run(**row._asdict())


def _attempt(row: Row[*tuple[Any, ...]]) -> Attempt:
    return Attempt(**row._asdict())


def _values(value: object, table: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in table.c.keys()}  # noqa: SIM118 - a column collection
