"""Where sessions live, and how healthy that is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cleveragents.domain.ports.runs import Look, Purge, Restoration
from cleveragents.domain.ports.sessions import UnitOfWork
from cleveragents.domain.preflight import Inspected
from cleveragents.domain.progress import UNWATCHED, Progress
from cleveragents.domain.space import Bulk


class SessionStore(Protocol):
    """Where sessions live."""

    @property
    def displayed_url(self) -> str:
        """The URL as it may be shown: without its password."""
        ...

    def stop_runs(self) -> None:
        """End, from another thread, what scans and purges of this store do; they are rolled back.

        They raise InterruptedRunError. What is being committed is committed. Between two statements
        nothing hears it: call it until they have ended.
        """
        ...

    def allow_runs(self) -> None:
        """Take that back."""
        ...

    def wait(self, seconds: float) -> None:
        """Wait between two chunks; raises InterruptedRunError where runs are to end."""
        ...

    def is_missing(self) -> bool:
        """Whether there is no database yet. Reading one that is missing finds nothing."""
        ...

    @property
    def ledger_is_apart(self) -> bool:
        """Whether the ledger is not written in the very transaction that it tells of."""
        ...

    def present(self, session_ids: Collection[str]) -> Collection[str]:
        """Those of the ids of which there is a session now; asked only where the ledger is apart."""
        ...

    def make_ready(self) -> None:
        """Make what remembers a foreign store's runs, where that is not there yet; our own needs nothing."""
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
