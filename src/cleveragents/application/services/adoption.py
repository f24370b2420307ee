"""Runs whose store committed and whose ledger, which lies elsewhere, was not told before they ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from cleveragents.application.services.run_recorder import RunRecorder
from cleveragents.domain.archive import KnownArchive, Section
from cleveragents.domain.errors import ArchiveRefusedError, NoArchiveError
from cleveragents.domain.ports import ArchiveReader, Archives, SessionStore
from cleveragents.domain.run import Attempt

_AT_ONCE = 1_000
_JUDGED_BY = ("session_id", "last_accessed_at", "message_count", "content_bytes")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Adoption:
    def __init__(self, store: SessionStore, archives: Archives, recorder: RunRecorder) -> None:
        self._store = store
        self._archives = archives
        self._recorder = recorder

    def adopt(self) -> tuple[str, ...]:
        """Enter such runs into the ledger, by the archives that they left; returns their ids.

        A store deletes all that an archive holds or nothing of it: where one of its sessions is gone, none of
        them is as it was, or nobody can tell, the run is entered and can be undone. Nothing is entered twice.
        """
        if not self._store.ledger_is_apart or self._store.is_missing():
            return ()
        with self._store.reading() as work:
            fingerprint = work.ledger.head().fingerprint
            known = {archive.file_name for archive in work.ledger.every_archive()}
        return tuple(
            run_id
            for name, run_id, is_finished in self._archives.unclaimed(fingerprint, known)
            if is_finished and self._is_adopted(name, run_id)
        )

    def _is_adopted(self, file_name: str, run_id: str) -> bool:
        with self._store.reading() as work:
            attempt = work.ledger.attempt(run_id)
            is_known = work.ledger.archive_of(run_id) is not None
        if attempt is None or is_known:
            return False
        try:
            archive, reader = self._archive(file_name, run_id, attempt)
            if archive.sessions and not self._is_any_gone(reader) and self._is_any_as_it_was(reader):
                return False
        except (ArchiveRefusedError, NoArchiveError):
            return False  # whoever tidies up says so
        self._recorder.enter_adopted(attempt, archive)
        return True

    def _archive(self, file_name: str, run_id: str, attempt: Attempt) -> tuple[KnownArchive, ArchiveReader]:
        measured = self._archives.measured(file_name)
        bare = KnownArchive(
            run_id=run_id,
            file_name=file_name,
            file_bytes=measured.file_bytes,
            sha256=measured.sha256,
            sessions=0,
            messages=0,
            created_at=attempt.started_at,
        )
        reader = self._archives.reader(bare)
        manifest = reader.verify()
        counted = [messages for _, _, messages, _ in _purged(reader)]
        archive = KnownArchive(
            run_id=run_id,
            file_name=file_name,
            file_bytes=measured.file_bytes,
            sha256=measured.sha256,
            sessions=len(counted),
            messages=sum(counted) + manifest.dangling_messages,
            created_at=attempt.started_at,
        )
        return archive, reader

    def _is_any_gone(self, reader: ArchiveReader) -> bool:
        ids = (session_id for session_id, *_ in _purged(reader))
        while batch := list(islice(ids, _AT_ONCE)):
            if len(set(self._store.present(batch))) < len(batch):
                return True
        return False

    def _is_any_as_it_was(self, reader: ArchiveReader) -> bool:
        """Whether a session is what it was: people come back under ids whose sessions are gone."""
        archived = _purged(reader)
        with self._store.reading() as work:
            while batch := {each[0]: each[1:] for each in islice(archived, _AT_ONCE)}:
                for session in work.sessions.among(batch.keys()):
                    used = (session.last_accessed_at - _EPOCH) // _MICROSECOND
                    if (used, session.message_count, session.content_bytes) == batch[session.session_id]:
                        return True
        return False


def _purged(reader: ArchiveReader) -> Iterator[tuple[str, int, int, int]]:
    """The sessions of an archive that were deleted, with when they were used, their messages and bytes."""
    alive = set(_still_alive(reader))
    for heading, rows in reader.sections():
        if heading.section is Section.SESSIONS:
            places = [heading.columns.index(name) for name in _JUDGED_BY]
            for row in rows:
                session_id, used, messages, content_bytes = (row[place] for place in places)
                if session_id not in alive:
                    yield session_id, used[1], messages, content_bytes
            return


def _still_alive(reader: ArchiveReader) -> Iterator[str]:
    for heading, rows in reader.sections():
        for row in rows:
            if heading.section is Section.STILL_ALIVE:
                yield row[0]
