"""Sessions as files: out, in, and in again elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cleveragents.application.services.resolving import resolve
from cleveragents.domain.document import WholeSession, read_document, write_document
from cleveragents.domain.errors import (
    CleverAgentsError,
    DocumentRefusedError,
    FileUnreadableError,
    MessagesLeftError,
    SessionExistsError,
    SessionNotFoundError,
    UsageError,
)
from cleveragents.domain.ports import Clock, Files, IdFactory, SessionStore
from cleveragents.domain.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A file that was not imported, and why."""

    path: Path
    error: CleverAgentsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    sessions: int
    messages: int
    failures: Sequence[Failure]
    only: Session | None
    """The session, where exactly one was asked for."""


class TransferService:
    def __init__(self, store: SessionStore, clock: Clock, ids: IdFactory, files: Files) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._files = files

    @contextmanager
    def exporting(self, asked_for: str) -> Iterator[tuple[Session, Iterator[str]]]:
        """Open a session's document: its pieces are read from the database as they are consumed."""
        with self._store.reading() as work:
            session = resolve(work.sessions, asked_for)
            yield session, write_document(session, work.sessions.messages(session.session_id))

    def exported(self, asked_for: str) -> tuple[Session, Sequence[str]]:
        """A session's document in pieces, read to its end: the first and the last hold no message."""
        with self.exporting(asked_for) as (session, pieces):
            return session, self._files.kept(pieces)

    def export_to(self, asked_for: str, path: Path) -> Session:
        """Write a session's document to a file: the whole of it, or nothing."""
        if self._store.owns(path):
            raise UsageError(f"{str(path)!r} is the database itself; an export would replace it.")
        with self.exporting(asked_for) as (session, pieces):
            self._files.write_whole(path, pieces)
        return session

    def import_text(self, text: str, *, new_id: bool = False) -> Imported:
        """Import one document; raises DocumentRefusedError or SessionExistsError."""
        whole = self._add(read_document(text), new_id=new_id)
        return Imported(sessions=1, messages=len(whole.messages), failures=(), only=whole.session)

    def import_file(self, path: Path, *, new_id: bool = False) -> Imported:
        return self.import_text(self._files.read_text(path), new_id=new_id)

    def import_folder(self, folder: Path, *, new_id: bool = False) -> Imported:
        """Import every `*.json` file of a folder, each in its own transaction.

        A file that is refused, or whose session exists, is named in the result; the others go in.
        """
        sessions = messages = 0
        failures: list[Failure] = []
        for path in self._files.documents_in(folder):
            try:
                imported = self.import_file(path, new_id=new_id)
            except (
                DocumentRefusedError,
                FileUnreadableError,
                MessagesLeftError,
                SessionExistsError,
            ) as error:
                failures.append(Failure(path=path, error=error))
            else:
                sessions += imported.sessions
                messages += imported.messages
        return Imported(sessions=sessions, messages=messages, failures=failures, only=None)

    def _add(self, whole: WholeSession, *, new_id: bool) -> WholeSession:
        if new_id:
            whole = self._renamed(whole)
        with self._store.writing() as work:
            parent = whole.session.parent_session_id
            if parent is not None:
                # Locked if it is there, so that no purge takes it before the child is.
                with suppress(SessionNotFoundError):
                    work.sessions.lock(parent)
            work.sessions.add(whole.session)
            work.sessions.add_messages(whole.session.session_id, whole.messages)
            work.commit()
        return whole

    def _renamed(self, whole: WholeSession) -> WholeSession:
        now = self._clock.now()
        return WholeSession(
            replace(whole.session, session_id=self._ids.new_id(now)),
            tuple(replace(message, message_id=self._ids.new_id(now)) for message in whole.messages),
        )
