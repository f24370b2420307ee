"""What the ledger is told: entries of runs, and the attempts that came to nothing."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cleveragents.domain.archive import KnownArchive
from cleveragents.domain.brakes import Circumstances
from cleveragents.domain.canonical_json import canonical_json
from cleveragents.domain.errors import (
    CleverAgentsError,
    DatabaseUnavailableError,
    InterruptedRunError,
    NotADatabaseError,
    OutcomeUnknownError,
    PurgeRefusedError,
    PurgeUnprovenError,
    SchemaOutdatedError,
    SchemaTooNewError,
)
from cleveragents.domain.policy_document import policy_document, policy_hash
from cleveragents.domain.ports import Clock, IdFactory, SessionStore, UnitOfWork
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.restored import RestoreReport
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.domain.run import Attempt, AttemptOutcome, Origin, Run, RunOutcome

logger = logging.getLogger(__name__)

_MILLISECOND = timedelta(milliseconds=1)
_DIED = "died"
_DIED_MESSAGE = "The process ended before it could commit; nothing was deleted."
_DIED_UNKNOWN = "The process ended, and kept no archive: nobody knows whether the store had committed."
# After these the database could not be told either.
_UNTOLD = (
    DatabaseUnavailableError,
    NotADatabaseError,
    OutcomeUnknownError,
    SchemaOutdatedError,
    SchemaTooNewError,
)


class RunRecorder:
    def __init__(self, store: SessionStore, clock: Clock, ids: IdFactory, origin: Origin) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._origin = origin

    def new_id(self, at: datetime) -> str:
        return self._ids.new_id(at)

    def fingerprint(self) -> str:
        with self._store.reading() as work:
            return work.ledger.head().fingerprint

    def is_committed(self, run_id: str) -> bool:
        with self._store.reading() as work:
            return work.ledger.holds(run_id)

    def circumstances(self) -> Circumstances:
        with self._store.reading() as work:
            last = work.ledger.last()
            newest = work.sessions.newest_activity()
            hanging = work.sessions.hanging_tables()
        return Circumstances(
            read_at=self._clock.now(),
            last_run_id=last.run_id if last else None,
            last_run_at=last.finished_at if last else None,
            newest_session_id=newest.session_id if newest else None,
            newest_activity_at=newest.last_accessed_at if newest else None,
            hanging_tables=tuple(hanging),
        )

    def entry_of(self, report: CleanupReport, run_id: str) -> Run:
        """The ledger's entry of a purge that is about to commit."""
        policy, purged = policy_document(report.policy), report.purged
        return Run(
            run_id=run_id,
            outcome=RunOutcome.PURGED,
            started_at=report.as_of,
            finished_at=self._clock.now(),
            policy=canonical_json(policy),
            policy_hash=policy_hash(policy),
            plan_digest=report.plan.digest if report.plan else None,
            scanned=report.found.scanned,
            candidates=report.found.candidates,
            sessions=purged.sessions,
            by_reason=canonical_json({reason.value: count for reason, count in purged.by_reason.items()}),
            skipped=purged.skipped_total + (report.plan.drift.total if report.plan else 0),
            messages=purged.messages,
            dangling_messages=purged.dangling_messages,
            content_bytes=report.logical_bytes,
            archive=report.archive.file_name if report.archive else None,
            archive_hash=report.archive.sha256 if report.archive else None,
            duration_ms=report.duration // _MILLISECOND,
            **self._who(),
        )

    def entry_of_restore(self, report: RestoreReport, run_id: str) -> Run:
        """The ledger's entry of one archive that is about to be put back."""
        now, archive = self._clock.now(), report.archives[0]
        return Run(
            run_id=run_id,
            outcome=RunOutcome.RESTORED,
            started_at=now - report.duration,
            finished_at=now,
            sessions=report.restored.sessions,
            skipped=report.restored.skipped_total,
            messages=report.restored.messages,
            dangling_messages=report.restored.dangling_messages,
            content_bytes=report.restored.content_bytes,
            archive=archive.file_name,
            archive_hash=archive.sha256,
            restored_run_id=report.run_id,
            duration_ms=report.duration // _MILLISECOND,
            **self._who(),
        )

    def begin(self, report: CleanupReport, run_id: str) -> None:
        """Record that a run begins to write an archive, so that its left-overs are known for its own."""
        attempt = self._attempt(run_id, AttemptOutcome.BEGUN, report.as_of, report.policy)
        with self._store.writing() as work:
            work.ledger.record_attempt(attempt)
            _commit_midway(work)

    def forget(self, run_id: str) -> None:
        """Take back that a run began to write an archive: it is known that nothing came of it."""
        try:
            with self._store.writing() as work:
                work.ledger.forget_attempt(run_id)
                work.commit()
        except CleverAgentsError as failure:
            logger.info("An attempt could not be taken back", extra={"why": failure.message})

    def committed(self, entry_id: str) -> tuple[Run | None, KnownArchive | None]:
        """A purge's entry in the ledger and its archive; None where there is none, or nobody can look."""
        try:
            with self._store.reading() as work:
                entries = work.ledger.purges_of(entry_id)
                return (entries[0], work.ledger.archive_of(entry_id)) if entries else (None, None)
        except CleverAgentsError:
            return None, None

    def unfinished(self, report: CleanupReport) -> Run | None:
        """The ledger's last entry, where that is a chunk of a run of this policy which had more to come."""
        with self._store.reading() as work:
            last = work.ledger.last()
        if last is None or not last.is_unfinished:
            return None
        asked = policy_hash(policy_document(report.policy)), report.plan.digest if report.plan else None
        return last if (last.policy_hash, last.plan_digest) == asked else None

    def record_stop(self, report: CleanupReport) -> None:
        """Record what stopped a run between two chunks."""
        if report.chunks is None or report.chunks.stopped is None:
            return
        chunks, sessions = report.chunks.done, report.purged.sessions
        stopped = report.chunks.stopped
        error = stopped.retold(
            f"After {chunks:,} chunks with {sessions:,} sessions purged: {stopped.message}"
        )
        self._record(report.as_of, report.chunks.run_id, report.policy, error)

    def enter_adopted(self, attempt: Attempt, archive: KnownArchive) -> None:
        """Enter a run of which nothing is left but its archive, as far as that tells what it did."""
        entry = Run(
            run_id=attempt.run_id,
            outcome=RunOutcome.PURGED,
            started_at=attempt.started_at,
            finished_at=self._clock.now(),
            who=attempt.who,
            host=attempt.host,
            started_from=attempt.started_from,
            version=attempt.version,
            policy_hash=attempt.policy_hash,
            candidates=archive.sessions,
            sessions=archive.sessions,
            messages=archive.messages,
            archive=archive.file_name,
            archive_hash=archive.sha256,
        )
        with self._store.writing() as work:
            work.ledger.append(entry)
            work.ledger.add_archive(archive)
            work.ledger.forget_attempt(attempt.run_id)
            _commit_midway(work)

    def end_dead(self, run_id: str) -> bool:
        """Record that a begun run's process died; returns whether the run is known to have begun."""
        with self._store.reading() as work:
            attempt = work.ledger.attempt(run_id)
        if attempt is not None and attempt.outcome == AttemptOutcome.BEGUN:
            self._bury(run_id)
        return attempt is not None

    def end_dead_without_file(self, alive: Collection[str]) -> None:
        """The same for this host's begun runs that have no file any more: one that lives has one."""
        with self._store.reading() as work:
            begun = work.ledger.begun_attempts(self._origin.host)
        for attempt in begun:
            if attempt.run_id not in alive:
                unknown = self._store.ledger_is_apart
                self._bury(attempt.run_id, _DIED_UNKNOWN if unknown else _DIED_MESSAGE)

    def _bury(self, run_id: str, message: str = _DIED_MESSAGE) -> None:
        with self._store.writing() as work:
            attempt = work.ledger.attempt(run_id)
            # It may have committed, or told how it failed, since it was looked at.
            if attempt is None or attempt.outcome != AttemptOutcome.BEGUN:
                return
            died = replace(attempt, outcome=AttemptOutcome.INTERRUPTED, code=_DIED, message=message)
            work.ledger.record_attempt(died)
            _commit_midway(work)

    @contextmanager
    def recording_failures(
        self, started_at: datetime, run_id: str, policy: RetentionPolicy | None = None
    ) -> Iterator[None]:
        """Record an error that leaves the block as an attempt, and let it pass."""
        try:
            yield
        except (CleverAgentsError, KeyboardInterrupt) as stopped:
            error = stopped if isinstance(stopped, CleverAgentsError) else InterruptedRunError()
            if not self._record(started_at, run_id, policy, error):
                error = _after_commit(run_id, error)
            if error is stopped:
                raise
            raise error from stopped

    def _record(
        self, started_at: datetime, run_id: str, policy: RetentionPolicy | None, error: CleverAgentsError
    ) -> bool:
        """Record how a run failed, and return True; or False where it did not: it is in the ledger."""
        if isinstance(error, _UNTOLD) or self._store.is_missing():
            return True
        attempt = replace(
            self._attempt(run_id, _outcome_of(error), started_at, policy),
            code=error.code,
            message=error.message,
        )
        try:
            with self._store.writing() as work:
                if work.ledger.holds(run_id):
                    return False
                work.ledger.record_attempt(attempt)
                work.commit()
        except CleverAgentsError as failure:
            logger.info("The attempt could not be recorded", extra={"why": failure.message})
        return True

    def _attempt(
        self, run_id: str, outcome: AttemptOutcome, started_at: datetime, policy: RetentionPolicy | None
    ) -> Attempt:
        return Attempt(
            run_id=run_id,
            outcome=outcome,
            started_at=started_at,
            finished_at=self._clock.now(),
            policy_hash=policy_hash(policy_document(policy)) if policy else "",
            code="",
            message="",
            **self._who(),
        )

    def _who(self) -> dict[str, Any]:
        origin = self._origin
        return {
            "who": origin.who,
            "host": origin.host,
            "started_from": origin.started_from.value,
            "version": origin.version,
        }


def _commit_midway(work: UnitOfWork) -> None:
    """Commit in the middle of a run: a Ctrl-C that came meanwhile still has something to stop."""
    if work.commit():
        raise KeyboardInterrupt


def _after_commit(run_id: str, error: CleverAgentsError) -> CleverAgentsError:
    if isinstance(error, InterruptedRunError):
        return InterruptedRunError(f"Interrupted after run {run_id} had been committed.")
    return PurgeUnprovenError(f"Run {run_id} was committed; what came after it failed: {error.message}")


def _outcome_of(error: CleverAgentsError) -> AttemptOutcome:
    if isinstance(error, PurgeRefusedError):
        return AttemptOutcome.REFUSED
    if isinstance(error, InterruptedRunError):
        return AttemptOutcome.INTERRUPTED
    return AttemptOutcome.FAILED
