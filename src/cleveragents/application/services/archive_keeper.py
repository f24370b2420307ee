"""Archives from their making to their end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from cleveragents.application.services.adoption import Adoption
from cleveragents.application.services.run_recorder import RunRecorder
from cleveragents.domain.archive import KnownArchive, Leftovers, Section, has_aged
from cleveragents.domain.errors import (
    ArchiveRefusedError,
    ArchiveUnwritableError,
    CleverAgentsError,
    NoArchiveError,
    OutcomeUnknownError,
)
from cleveragents.domain.ports import (
    ArchiveReader,
    Archives,
    ArchiveWriter,
    Deletion,
    Ledger,
    Purge,
    SessionStore,
)
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.safeguards import Safeguards


class ArchiveKeeper:
    def __init__(
        self, store: SessionStore, archives: Archives, recorder: RunRecorder, safeguards: Safeguards
    ) -> None:
        self._store = store
        self._archives = archives
        self._recorder = recorder
        self._safeguards = safeguards
        self._adoption = Adoption(store, archives, recorder)

    @contextmanager
    def archiving(self, purge: Purge, report: CleanupReport, run_id: str) -> Iterator[ArchiveBeingMade]:
        """Write what was chosen, and prove it; the file goes unless the run is, or may be, committed."""
        found = report.found
        if not self._safeguards.archive or not (found.candidates or found.dangling_messages):
            if self._store.ledger_is_apart and not report.dry_run:
                # Should the process end between the two commits, this is all that tells of it.
                self._recorder.begin(report, run_id)
            yield ArchiveBeingMade(run_id, None)
            return
        with self._archives.writing(run_id, self._recorder.fingerprint()) as writer:
            if not report.dry_run:
                self._recorder.begin(report, run_id)
            purge.archive(writer)
            writer.prove()
            archive = ArchiveBeingMade(run_id, writer)
            try:
                yield archive
            except Exception as error:
                if archive.sealed is not None and not self._may_be_committed(run_id, error):
                    self._is_removed(archive.sealed.file_name)
                raise

    def expire(
        self, ledger: Ledger, now: datetime, *, by_run: str, ignore_clock: bool
    ) -> tuple[tuple[KnownArchive, ...], int]:
        """Mark the archives that are past their retention; their files go after the commit.

        Returns them, and how many are kept because the clock may have leapt.
        """
        retention = self._safeguards.archive_retention
        due = ledger.archives(made_before=now - retention)
        runs_at = ledger.finished_since(due[0].created_at) if due else ()
        expired = tuple(
            archive
            for archive in due
            if ignore_clock or has_aged(archive.created_at, runs_at, now, retention)
        )
        ledger.expire(expired, by_run)
        return expired, len(due) - len(expired)

    def remove_expired(self, report: CleanupReport) -> CleanupReport:
        stuck = [archive.file_name for archive in report.expired if not self._is_removed(archive.file_name)]
        leftovers = replace(report.leftovers, stuck=(*report.leftovers.stuck, *stuck))
        return replace(report, leftovers=leftovers)

    def tidy_up(self) -> Leftovers:
        """Remove what interrupted runs left: unfinished files, and archives of what was never deleted.

        An archive that neither the ledger nor the attempts know is left alone, whoever it belongs to. Where
        the store had committed before the ledger was told, the ledger is told first.
        """
        adopted = self._adoption.adopt()
        with self._store.reading() as work:
            fingerprint = work.ledger.head().fingerprint
            known = {archive.file_name for archive in work.ledger.archives()}
        removed, stuck, unknown = [], [], []
        for name, run_id, is_finished in self._archives.unclaimed(fingerprint, known):
            # Asked anew now that its writer is known to be gone: it may have committed just before.
            with self._store.reading() as work:
                archive = work.ledger.archive_of(run_id)
            if archive is not None and archive.expired_run_id is None:
                continue
            has_begun = archive is None and self._recorder.end_dead(run_id)
            if is_finished and archive is None and not has_begun:
                unknown.append(name)
            elif self._is_removed(name):
                removed.append(name)
            else:
                stuck.append(name)
        self._recorder.end_dead_without_file(self._archives.run_ids())
        return Leftovers(removed=tuple(removed), stuck=tuple(stuck), unknown=tuple(unknown), adopted=adopted)

    def session_ids_since(self, moment: datetime) -> Iterator[str]:
        """The ids of all sessions that were purged, and archived here, since a moment."""
        with self._store.reading() as work:
            archives = work.ledger.archives(made_since=moment)
        for archive in archives:
            try:
                yield from _purged_ids(self._archives.reader(archive))
            except (NoArchiveError, ArchiveRefusedError):
                continue  # then they count as gone, which they are

    def _may_be_committed(self, run_id: str, error: Exception) -> bool:
        """Whether a run is in the ledger, or nobody can say; the next run will know then."""
        if isinstance(error, OutcomeUnknownError):
            return True
        try:
            return self._recorder.is_committed(run_id)
        except CleverAgentsError:
            return True

    def _is_removed(self, file_name: str) -> bool:
        try:
            self._archives.remove(file_name)
        except ArchiveUnwritableError:
            return False
        return True


class ArchiveBeingMade:
    """An archive inside the deleting transaction; there may be none."""

    def __init__(self, run_id: str, writer: ArchiveWriter | None) -> None:
        self._run_id = run_id
        self._writer = writer
        self.sealed: KnownArchive | None = None

    def seal(self, deletion: Deletion, at: datetime) -> KnownArchive | None:
        """Finish the archive, if anything in it was deleted, and make it known to the ledger."""
        purged = deletion.purged
        if self._writer is None or not (purged.sessions or purged.dangling_messages):
            return None
        with deletion.still_alive() as session_ids:
            finished = self._writer.seal(session_ids)
        self.sealed = KnownArchive(
            run_id=self._run_id,
            file_name=finished.file_name,
            file_bytes=finished.file_bytes,
            sha256=finished.sha256,
            sessions=purged.sessions,
            messages=purged.messages + purged.dangling_messages,
            created_at=at,
        )
        deletion.ledger.add_archive(self.sealed)
        return self.sealed


def _purged_ids(reader: ArchiveReader) -> Iterator[str]:
    if reader.verify().still_alive == 0:
        return _ids(reader, Section.SESSIONS)
    alive = set(_ids(reader, Section.STILL_ALIVE))
    return (session_id for session_id in _ids(reader, Section.SESSIONS) if session_id not in alive)


def _ids(reader: ArchiveReader, wanted: Section) -> Iterator[str]:
    for heading, rows in reader.sections():
        if heading.section is wanted:
            place = heading.columns.index("session_id")
            yield from (row[place] for row in rows)
            return
        for _ in rows:
            pass
