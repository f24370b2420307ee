"""Undoing purges from their archives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cleveragents.application.services.adoption import Adoption
from cleveragents.application.services.run_recorder import RunRecorder
from cleveragents.domain.archive import KnownArchive
from cleveragents.domain.errors import (
    AmbiguousRunError,
    ArchiveRefusedError,
    CleverAgentsError,
    InterruptedRunError,
    NoArchiveError,
    RunNotFoundError,
    SessionNotFoundError,
)
from cleveragents.domain.ports import ArchiveReader, Archives, Clock, Ledger, SessionStore
from cleveragents.domain.progress import Progress
from cleveragents.domain.restored import Restored, RestoreReport
from cleveragents.domain.run import Run
from cleveragents.domain.safeguards import Safeguards

_MATCHES_NAMED = 10
_ROLLED_BACK = "Interrupted; the archive at work was rolled back."


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArchive:
    """An archive with when it expires, and whether its file is on this host."""

    archive: KnownArchive
    expires_at: datetime
    is_here: bool


class RestoreService:
    def __init__(  # noqa: PLR0913 - a restore has many parts
        self,
        store: SessionStore,
        clock: Clock,
        *,
        archives: Archives,
        recorder: RunRecorder,
        safeguards: Safeguards,
        progress: Progress,
    ) -> None:
        self._store = store
        self._clock = clock
        self._archives = archives
        self._recorder = recorder
        self._safeguards = safeguards
        self._progress = progress

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
        """Put back what a run purged, every row as it was, in one transaction for each of its archives.

        `asked_for` is the run's id or an unambiguous prefix, or the id of one chunk of it; `session_ids`,
        in full, narrow it down. Sessions whose ids exist again are skipped and reported. Raises
        RunNotFoundError, AmbiguousRunError, NoArchiveError, SessionNotFoundError where no archive holds
        any of those asked for, and ArchiveRefusedError where one is not what was written; then nothing
        was changed. What stops it between two archives is no error but stands in the report.
        """
        Adoption(self._store, self._archives, self._recorder).adopt()
        with self._store.reading() as work:
            run_id, purged = _archived(work.ledger, asked_for)
            fingerprint = work.ledger.head().fingerprint
        readers = [self._archives.reader(archive) for _, archive in purged]
        for (run, _), reader in zip(purged, readers, strict=True):
            _require_own(reader, run, fingerprint)
        report = RestoreReport(
            run_id=run_id,
            archives=(),
            dry_run=dry_run,
            restored=Restored(),
            not_in_archive=tuple(dict.fromkeys(session_ids)),
        )
        # Parents were deleted last, and come back first: wherever this stops, it leaves no orphan.
        for (run, archive), reader in reversed(list(zip(purged, readers, strict=True))):
            one = replace(report, run_id=run.run_id, archives=(archive,), entries=(), restored=Restored())
            try:
                report = report.plus(self._restore_one(one, reader, session_ids))
            except (CleverAgentsError, KeyboardInterrupt) as error:
                if not report.entries:
                    raise
                if isinstance(error, (InterruptedRunError, KeyboardInterrupt)):
                    return replace(report, stopped=InterruptedRunError(_ROLLED_BACK))
                return replace(report, stopped=error)
        if session_ids and len(report.not_in_archive) == len(set(session_ids)):
            raise SessionNotFoundError(session_ids[0], where=f"in the archive of run {run_id}")
        return report

    def _restore_one(
        self, report: RestoreReport, reader: ArchiveReader, session_ids: Sequence[str]
    ) -> RestoreReport:
        """Put one archive back; the report comes with no more than the archive's name."""
        began = self._clock.now()
        with self._store.restoring(self._progress) as restoration:
            restoration.load(reader, report.archives[0].sessions + report.archives[0].messages)
            missing = tuple(restoration.narrow_to(session_ids)) if session_ids else ()
            report = replace(report, not_in_archive=missing)
            if not session_ids or len(missing) < len(set(session_ids)):
                report = replace(report, restored=restoration.preview())
            if report.dry_run or not (report.restored.sessions or report.restored.dangling_messages):
                return replace(report, duration=self._since(began))
            with restoration.putting_back() as (restored, ledger):
                report = replace(report, restored=restored, duration=self._since(began))
                entry = self._recorder.entry_of_restore(report, self._recorder.new_id(began))
                return replace(report, entries=(ledger.append(entry),))

    def _since(self, began: datetime) -> timedelta:
        return max(self._clock.now() - began, timedelta(0))


def _archived(ledger: Ledger, asked_for: str) -> tuple[str, Sequence[tuple[Run, KnownArchive]]]:
    """What a run, or a chunk, purged, with its archives."""
    found = ledger.purges_starting_with(asked_for, _MATCHES_NAMED) if asked_for else ()
    if not found:
        raise RunNotFoundError(asked_for)
    if len(found) > 1 and asked_for not in found:
        raise AmbiguousRunError(asked_for, found)
    run_id = asked_for if asked_for in found else found[0]
    is_chunk = len(asked_for) > len(run_id)
    purges = ledger.purges_of(asked_for if is_chunk else run_id)
    if not purges:
        raise RunNotFoundError(asked_for)
    with_content = [run for run in purges if run.sessions or run.dangling_messages] or purges
    return purges[0].run_id if is_chunk else run_id, [(run, _archive_of(run, ledger)) for run in with_content]


def _archive_of(run: Run, ledger: Ledger) -> KnownArchive:
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
    return archive


def _require_own(reader: ArchiveReader, run: Run, fingerprint: str) -> None:
    manifest = reader.verify()
    if (manifest.run_id, manifest.fingerprint) != (run.run_id, fingerprint):
        raise ArchiveRefusedError(
            f"The archive is that of run {manifest.run_id}, not of run {run.run_id} of this database.",
            hints=["Nothing was changed."],
        )
