"""What the services need from the world; each port has one implementation for tests and users alike."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

from cleveragents.domain.archive import Archived, KnownArchive, Manifest, Section
from cleveragents.domain.listing import SessionQuery
from cleveragents.domain.pace import Measured
from cleveragents.domain.plan import PlannedSession
from cleveragents.domain.preflight import Inspected
from cleveragents.domain.progress import UNWATCHED, Progress
from cleveragents.domain.report import Drift, Findings, Purged, Restored
from cleveragents.domain.retention import RetentionPolicy, Verdict
from cleveragents.domain.run import Attempt, LedgerHead, Run
from cleveragents.domain.session import Message, Session
from cleveragents.domain.space import Bulk, GivenBack, Room


class Clock(Protocol):
    """The only source of the present; always aware and in UTC."""

    def now(self) -> datetime: ...


class IdFactory(Protocol):
    """Makes the ids of sessions and messages: ULIDs, so that they sort by time of creation."""

    def new_id(self, at: datetime) -> str: ...


class Files(Protocol):
    """The files that people hand over and take away."""

    def read_text(self, path: Path) -> str:
        """Raise FileMissingError or FileUnreadableError (also where it is not UTF-8)."""
        ...

    def write_whole(self, path: Path, pieces: Iterable[str]) -> None:
        """Write all of it under a temporary name and rename, or raise FileUnwritableError."""
        ...

    def lines_of(self, path: Path) -> AbstractContextManager[Iterator[str]]:
        """Stream a text's lines with their ends; bytes that are no UTF-8 come as lone surrogates."""
        ...

    def kept(self, pieces: Iterable[str]) -> Sequence[str]:
        """All of them, to be read as often as wanted; on disk where they would need much memory."""
        ...

    def documents_in(self, folder: Path) -> Sequence[Path]:
        """The `*.json` files of a folder, by name; raises FileMissingError or FileUnreadableError."""
        ...


class SessionRepository(Protocol):
    """Sessions with their messages. Nothing here commits."""

    def get(self, session_id: str) -> Session:
        """Raise SessionNotFoundError where there is none."""
        ...

    def ids_starting_with(self, prefix: str, limit: int) -> Sequence[str]: ...

    def lock(self, session_id: str) -> Session:
        """Get a session that nobody else can change or delete before this transaction ends."""
        ...

    def add(self, session: Session) -> None:
        """Raise SessionExistsError where the id is taken."""
        ...

    def add_many(self, sessions: Iterable[tuple[Session, Sequence[Message]]]) -> None:
        """Add whole sessions, counters as given, many at a time."""
        ...

    def change(self, session: Session, changed: Session) -> None:
        """Write the columns in which a locked session has changed, and no others."""
        ...

    def next_sequence(self, session_id: str) -> int:
        """The sequence number of the next message of a locked session."""
        ...

    def add_messages(self, session_id: str, messages: Sequence[Message]) -> None: ...

    def messages(self, session_id: str) -> Iterator[Message]:
        """Stream messages in order of `sequence`."""
        ...

    def newest_messages(self, session_id: str, limit: int) -> Sequence[Message]:
        """The last of them, in order of `sequence`."""
        ...

    def delete(self, session_id: str) -> int:
        """Delete a locked session; returns how many messages went with it."""
        ...

    def children_count(self, session_id: str) -> int: ...

    def page(self, query: SessionQuery) -> Sequence[Session]: ...

    def count(self, query: SessionQuery, most: int | None = None) -> int:
        """Count all that the query matches, or stop at `most`."""
        ...

    def verdict(self, session_id: str, policy: RetentionPolicy, now: datetime) -> Verdict:
        """The verdict of the one selection, for one session."""
        ...

    def parent_exists(self, session: Session) -> bool: ...

    def newest_activity(self) -> Session | None:
        """The session that was used last."""
        ...

    def hanging_tables(self) -> Sequence[str]:
        """Other programs' tables whose rows go, or change, with the sessions that they refer to."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Leaving it without `commit` rolls everything back."""

    @property
    def sessions(self) -> SessionRepository: ...

    @property
    def ledger(self) -> Ledger: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def commit(self) -> bool:
        """Commit, and return whether a Ctrl-C came while it did; it is held back until then."""
        ...


class Ledger(Protocol):
    """The runs of one database, the attempts that came to nothing, and the archives' fates."""

    def head(self) -> LedgerHead: ...

    def append(self, run: Run) -> Run:
        """Write the next entry, chained to the last one, and return it as it stands there."""
        ...

    def last(self) -> Run | None: ...

    def holds(self, run_id: str) -> bool: ...

    def all_runs(self) -> Iterator[Run]:
        """Every run in order of position."""
        ...

    def finished_since(self, moment: datetime) -> Sequence[datetime]:
        """When the runs ended that ended since a moment."""
        ...

    def newest_runs(self, limit: int | None) -> Sequence[Run]: ...

    def purges_starting_with(self, prefix: str, limit: int) -> Sequence[str]:
        """The ids of runs that purged and of which an entry's id starts so, newest first."""
        ...

    def purges_of(self, run_id: str) -> Sequence[Run]:
        """What a run did: its one entry, or those of its chunks in order; or the entry of that very id."""
        ...

    def record_attempt(self, attempt: Attempt) -> None:
        """Write an attempt, in the place of what was recorded of the same run."""
        ...

    def forget_attempt(self, run_id: str) -> None: ...

    def attempt(self, run_id: str) -> Attempt | None: ...

    def begun_attempts(self, host: str) -> Sequence[Attempt]: ...

    def newest_attempts(self, limit: int | None) -> Sequence[Attempt]: ...

    def add_archive(self, archive: KnownArchive) -> None: ...

    def archives(
        self, *, made_before: datetime | None = None, made_since: datetime | None = None
    ) -> Sequence[KnownArchive]:
        """The archives that did not expire, oldest first."""
        ...

    def every_archive(self) -> Iterator[KnownArchive]:
        """Those that expired too."""
        ...

    def archive_of(self, run_id: str) -> KnownArchive | None: ...

    def expire(self, archives: Sequence[KnownArchive], by_run: str) -> None: ...


class ArchiveWriter(Protocol):
    """An archive being written under a temporary name; lines end with a newline."""

    def write(self, section: Section, columns: Sequence[str], lines: Iterable[bytes]) -> int:
        """Write a whole section and return how many lines it has."""
        ...

    def prove(self) -> None:
        """Flush what was written to disk, read it back, and compare; raises ArchiveUnwritableError."""
        ...

    def lines_of(self, section: Section) -> Iterator[bytes]:
        """Read back the lines of a section that was proved."""
        ...

    def seal(self, still_alive: Iterable[bytes]) -> Archived:
        """Add who is still alive and the manifest, flush and prove them, and give the file its name."""
        ...


class ArchiveReader(Protocol):
    """One finished archive. Every method raises ArchiveRefusedError where it is damaged."""

    def verify(self) -> Manifest:
        """Read all of it and compare it with its manifest and with what the ledger knows."""
        ...

    def sections(self) -> Iterator[tuple[Section, Sequence[str], Iterator[list[Any]]]]:
        """Each section with its columns and its rows, to be read in order."""
        ...


class Archives(Protocol):
    """The folder that archives are kept in."""

    def writing(self, run_id: str, fingerprint: str) -> AbstractContextManager[ArchiveWriter]:
        """A new archive, removed at the end of the block unless it was sealed.

        Raises ArchiveUnwritableError where the folder cannot be written.
        """
        ...

    def reader(self, archive: KnownArchive) -> ArchiveReader:
        """Raise NoArchiveError where the file is not here."""
        ...

    def unclaimed(self, fingerprint: str, known: Container[str]) -> Iterator[tuple[str, str, bool]]:
        """Each file here of this database whose writer is dead and whose name is not among `known`.

        Yields the file's name, its run's id, and whether the archive was finished. Of which database an
        unfinished one is, nobody can tell. While one is at hand nobody else takes it for a left-over.
        """
        ...

    def is_here(self, archive: KnownArchive) -> bool: ...

    def run_ids(self) -> Collection[str]:
        """The runs of which there is a file here, finished or not."""
        ...

    def remove(self, file_name: str) -> None: ...


class Deletion(Protocol):
    """The deleting transaction after its deletes and before its commit."""

    @property
    def purged(self) -> Purged: ...

    @property
    def ledger(self) -> Ledger: ...

    def still_alive(self) -> AbstractContextManager[Iterator[bytes]]:
        """The archived sessions that were not deleted, as lines of their archive section."""
        ...


class Purge(Protocol):
    """One purge on one connection, with the chosen sessions kept from step to step.

    All steps but `deleting` only read, each in one snapshot, and hold no lock afterwards.
    """

    def choose(self, policy: RetentionPolicy, now: datetime, *, listed: int | None) -> Findings: ...

    def choose_planned(
        self,
        planned_sessions: Iterable[PlannedSession],
        policy: RetentionPolicy,
        now: datetime,
        *,
        listed: int | None,
    ) -> Findings:
        """Choose among planned sessions only, and only those that are as they were planned."""
        ...

    def drift(self, purged_since_then: Iterable[str], *, named: int | None) -> Drift:
        """Why planned sessions were not chosen; some that are gone were purged by other runs."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Keep other runs that delete in chunks away; raises RunAtWorkError."""
        ...

    def take(self, most: int | None) -> Findings | None:
        """Narrow what was chosen down to the next chunk, of at most so many sessions, or dangling messages.

        With None the chunk is all that is left. Returns what is in it, or None when everything was taken.
        Children come before their parents. Sessions that are each other's ancestors come in one chunk,
        whatever its size.
        """
        ...

    def put_back(self) -> None:
        """Let the next chunk begin where the last one did."""
        ...

    def measure(self, policy: RetentionPolicy, now: datetime, max_lock: timedelta) -> Measured:
        """Delete what is chosen and roll it back, to know how long that holds the lock.

        Raises LockBudgetSpentError where it takes longer than `max_lock`.
        """
        ...

    def archive(self, writer: ArchiveWriter) -> None:
        """Write the chosen sessions that did not change since; only they can be deleted from now on."""
        ...

    def deleting(
        self,
        policy: RetentionPolicy,
        now: datetime,
        *,
        rehearsal: bool,
        max_lock: timedelta | None = None,
    ) -> AbstractContextManager[Deletion]:
        """Open the deleting transaction, choose again among the chosen, and delete.

        It commits at the end of the block, or rolls back where an error leaves it or it is a rehearsal.
        Raises LockBudgetSpentError where it takes longer than `max_lock`.
        """
        ...

    @property
    def was_interrupted(self) -> bool:
        """Whether a Ctrl-C came while the last transaction was committed; it was held back until then."""
        ...

    @property
    def lock_held(self) -> timedelta:
        """How long the last transaction held the database's write lock, or its rows' locks."""
        ...

    def remaining(self) -> Sequence[str]:
        """Ids of sessions that were deleted and are there nevertheless; at most as many as are named."""
        ...

    def give_back(self, budget: timedelta | None) -> GivenBack:
        """Give free space back to the disk, outside any transaction, and raise nothing.

        It takes some seconds at most, and no writer waits for longer than `budget` at a time.
        """
        ...


class Restoration(Protocol):
    """One restore on one connection: load an archive beside the tables, then put it back."""

    def load(self, reader: ArchiveReader, rows: int) -> None:
        """Read the whole archive, of so many rows; holds no lock.

        Raises ArchiveRefusedError where a column is unknown.
        """
        ...

    def narrow_to(self, session_ids: Sequence[str]) -> Sequence[str]:
        """Leave out all other sessions; returns those of the given ids that the archive does not hold."""
        ...

    def preview(self) -> Restored:
        """What putting back would do now."""
        ...

    def putting_back(self) -> AbstractContextManager[tuple[Restored, Ledger]]:
        """Insert in one transaction, which commits at the end of the block unless an error leaves it."""
        ...


class Look(Protocol):
    """One scan: `listed` limits `Findings.sessions`, None lists every candidate."""

    def __call__(self, policy: RetentionPolicy, now: datetime, *, listed: int | None) -> Findings: ...


class SessionStore(Protocol):
    """Where sessions live."""

    @property
    def displayed_url(self) -> str:
        """The URL as it may be shown: without its password."""
        ...

    def is_missing(self) -> bool:
        """Whether there is no database yet. Reading one that is missing finds nothing."""
        ...

    def owns(self, path: Path) -> bool:
        """Whether a path names one of the store's own files."""
        ...

    def reading(self) -> UnitOfWork:
        """A consistent view that cannot write, and that creates nothing."""
        ...

    def writing(self) -> UnitOfWork:
        """A writing transaction; an embedded database is created and migrated on the way."""
        ...

    def looking(self) -> AbstractContextManager[Look]:
        """Scan without writing, as often as wanted and at any moments, in one consistent view."""
        ...

    def purging(self, progress: Progress = UNWATCHED) -> AbstractContextManager[Purge]: ...

    def restoring(self, progress: Progress = UNWATCHED) -> AbstractContextManager[Restoration]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaStatus:
    """How a database's schema stands to the one this version needs; revisions are None where none is."""

    url: str
    current: str | None
    head: str
    pending: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterMismatch:
    """A session whose counters disagree with its messages."""

    session_id: str
    message_count: int
    found_messages: int
    content_bytes: int
    found_bytes: int


class Schema(Protocol):
    """The database's schema and what a full check of its content finds."""

    def status(self) -> SchemaStatus: ...

    def require_current(self) -> None:
        """Raise SchemaOutdatedError or SchemaTooNewError unless the schema is this version's."""
        ...

    def upgrade(self) -> SchemaStatus:
        """Migrate to the head, in one transaction; returns the status from before."""
        ...

    def integrity_problems(self) -> Sequence[str]:
        """What the database itself says is broken; reads every page."""
        ...

    def counter_mismatches(self, limit: int) -> Sequence[CounterMismatch]: ...

    def unrecorded_dangling_messages(self) -> int:
        """Dangling messages that a scan does not see; reads the key of every message."""
        ...

    def mend(self) -> int:
        """Set counters to what the messages say and record dangling messages; returns rows changed."""
        ...


class Disk(Protocol):
    """The disks of this host."""

    def room_at(self, folder: Path) -> Room:
        """The room for a folder, which need not be there yet."""
        ...


class Vacuum(Protocol):
    """The full vacuum of one database."""

    def look(self) -> Bulk:
        """What it would do; changes nothing."""
        ...

    def run(self) -> tuple[int, bool]:
        """Write the database anew without its free space, or leave it as it is and raise.

        Returns its size afterwards, and whether the file waits with becoming smaller for those who
        read it.
        """
        ...


class Inspection(Protocol):
    """What a database's catalogue says of a purge to come."""

    def inspect(self) -> Inspected:
        """Reads the catalogue and no row of a table."""
        ...
