"""What the services need from the world; each port has one implementation for tests and users alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from cleveragents.domain.report import Findings, Purged
from cleveragents.domain.retention import Reason, RetentionPolicy, SessionFilter, Verdict
from cleveragents.domain.session import Message, Session


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

    def documents_in(self, folder: Path) -> Sequence[Path]:
        """The `*.json` files of a folder, by name; raises FileMissingError or FileUnreadableError."""
        ...


class SortKey(StrEnum):
    """The orders of a list; each puts the most interesting end first (the name: A to Z)."""

    LAST_ACCESSED = "last-accessed"
    CREATED = "created"
    SIZE = "size"
    MESSAGES = "messages"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionQuery:
    """One page of a list. `having` narrows to sessions under all these reasons of `policy`."""

    matching: SessionFilter
    having: frozenset[Reason]
    policy: RetentionPolicy
    now: datetime
    parent_session_id: str | None = None
    pinned: bool | None = None
    sort: SortKey = SortKey.LAST_ACCESSED
    reverse: bool = False
    limit: int | None = 50
    offset: int = 0


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

    def messages(
        self, session_id: str, *, after: int = 0, limit: int | None = None, newest: bool = False
    ) -> Iterator[Message]:
        """Stream messages in order of `sequence`; `newest` gives the last `limit` of them."""
        ...

    def delete(self, session_id: str) -> int:
        """Delete a locked session; returns how many messages went with it."""
        ...

    def children_count(self, session_id: str) -> int: ...

    def page(self, query: SessionQuery) -> Sequence[Session]: ...

    def count(self, query: SessionQuery) -> int: ...

    def verdict(self, session_id: str, policy: RetentionPolicy, now: datetime) -> Verdict:
        """The verdict of the one selection, for one session."""
        ...

    def parent_exists(self, session: Session) -> bool: ...


class UnitOfWork(Protocol):
    """One transaction. Leaving it without `commit` rolls everything back."""

    sessions: SessionRepository

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def commit(self) -> None: ...


class Purge(Protocol):
    """The two halves of one purge, on one connection, with the chosen sessions kept in between.

    `choose` reads only and holds no lock afterwards. `delete` opens the one deleting transaction,
    chooses again among the chosen, deletes, and commits, or raises and leaves everything as it was.
    """

    def choose(self, policy: RetentionPolicy, now: datetime, *, listed: int | None) -> Findings: ...

    def delete(self, policy: RetentionPolicy, now: datetime) -> Purged: ...


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

    def purging(self) -> AbstractContextManager[Purge]: ...


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
