"""Undoing purges from their archives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cleveragents.application.services.run_recorder import RunRecorder
from cleveragents.domain.archive import KnownArchive
from cleveragents.domain.errors import (
    AmbiguousRunError,
    ArchiveRefusedError,
    NoArchiveError,
    RunNotFoundError,
    SessionNotFoundError,
)
from cleveragents.domain.ports import ArchiveReader, Archives, Clock, Ledger, SessionStore
from cleveragents.domain.report import RestoreReport
from cleveragents.domain.run import Run
from cleveragents.domain.safeguards import Safeguards

_MATCHES_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArchive:
    """An archive with when it expires, and whether its file is on this host."""

    archive: KnownArchive
    expires_at: datetime
    is_here: bool


class RestoreService:
    def __init__(
        self,
        store: SessionStore,
        clock: Clock,
        archives: Archives,
        recorder: RunRecorder,
        safeguards: Safeguards,
    ) -> None:
        self._store = store
        self._clock = clock
        self._archives = archives
        self._recorder = recorder
        self._safeguards = safeguards

    def archives(self) -> Sequence[ListedArchive]:
        """The archives that did not expire, oldest first."""
        with self._store.reading() as work:
            known = work.ledger.archives()
        retention = self._safeguards.archive_retention
        return [
            ListedArchive(
                archive=archive,
                expires_at=archive.created_at + retention,
                is_here=self._archives.is_here(archive),
            )
            for archive in known
        ]

    def restore(self, asked_for: str, *, session_ids: Sequence[str] = (), dry_run: bool) -> RestoreReport:
        """Put back what a run purged, every row as it was, in one transaction.

        `asked_for` is the run's id or an unambiguous prefix; `session_ids`, in full, narrow it down.
        Sessions whose ids exist again are skipped and reported. Raises RunNotFoundError,
        AmbiguousRunError, NoArchiveError, SessionNotFoundError where the archive holds none of those
        asked for, and ArchiveRefusedError where the archive is not what was written; then nothing
        was changed.
        """
        began = self._clock.now()
        with self._store.reading() as work:
            run, archive = _archived_run(work.ledger, asked_for)
            fingerprint = work.ledger.head().fingerprint
        reader = self._archives.reader(archive)
        _require_own(reader, run, fingerprint)
        with self._store.restoring() as restoration:
            restoration.load(reader)
            missing = tuple(restoration.narrow_to(session_ids)) if session_ids else ()
            if session_ids and len(missing) == len(set(session_ids)):
                raise SessionNotFoundError(missing[0], where=f"in the archive of run {run.run_id}")
            report = RestoreReport(
                run=run,
                archive=archive,
                dry_run=dry_run,
                restored=restoration.preview(),
                not_in_archive=missing,
                duration=self._since(began),
            )
            if dry_run or not (report.restored.sessions or report.restored.dangling_messages):
                return report
            with restoration.putting_back() as (restored, ledger):
                report = replace(report, restored=restored, duration=self._since(began))
                entry = self._recorder.entry_of_restore(report, self._recorder.new_id(began))
                return replace(report, entry=ledger.append(entry))

    def _since(self, began: datetime) -> timedelta:
        return max(self._clock.now() - began, timedelta(0))


def _archived_run(ledger: Ledger, asked_for: str) -> tuple[Run, KnownArchive]:
    runs = ledger.purges_starting_with(asked_for, _MATCHES_NAMED) if asked_for else []
    exact = [run for run in runs if run.run_id == asked_for]
    if not runs:
        raise RunNotFoundError(asked_for)
    if len(runs) > 1 and not exact:
        raise AmbiguousRunError(asked_for, [run.run_id for run in runs])
    run = (exact or runs)[0]
    archive = ledger.archive_of(run.run_id)
    if archive is None and run.archive_hash is not None:
        raise NoArchiveError(
            f"The archive of run {run.run_id} was taken off the list of archives.",
            hints=["agents cleanup log --verify"],
        )
    if archive is None:
        raise NoArchiveError(f"Run {run.run_id} kept no archive, so it cannot be undone.")
    if not archive.is_of(run):
        raise ArchiveRefusedError(
            f"The list of archives does not say of run {run.run_id} what the run itself says.",
            hints=["agents cleanup log --verify"],
        )
    if archive.expired_run_id is not None:
        raise NoArchiveError(
            f"The archive of run {run.run_id} expired; run {archive.expired_run_id} removed it.",
            hints=["cleanup.archive_retention sets how long archives are kept."],
        )
    return run, archive


def _require_own(reader: ArchiveReader, run: Run, fingerprint: str) -> None:
    manifest = reader.verify()
    if (manifest.run_id, manifest.fingerprint) != (run.run_id, fingerprint):
        raise ArchiveRefusedError(
            f"The archive is that of run {manifest.run_id}, not of run {run.run_id} of this database.",
            hints=["Nothing was changed."],
        )
