"""One purge, and one restore, on one connection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from cleveragents.domain.pace import Measured
from cleveragents.domain.plan import PlannedSession
from cleveragents.domain.ports.archives import ArchiveReader, ArchiveWriter
from cleveragents.domain.ports.ledger import Ledger
from cleveragents.domain.ports.sweeps import Sweeps
from cleveragents.domain.report import Drift, Findings, Purged
from cleveragents.domain.restored import Restored
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.domain.space import GivenBack


class Deletion(Protocol):
    """The deleting transaction after its deletes and before its commit."""

    @property
    def purged(self) -> Purged: ...

    @property
    def ledger(self) -> Ledger: ...

    @property
    def sweeps(self) -> Sweeps: ...

    def still_alive(self) -> AbstractContextManager[Iterator[bytes]]:
        """The archived sessions that were not deleted, as lines of their archive section."""
        ...


class Purge(Protocol):
    """One purge on one connection, with the chosen sessions kept from step to step.

    All steps but `deleting` only read, each in one snapshot, and hold no lock afterwards.
    """

    def choose(
        self,
        policy: RetentionPolicy,
        now: datetime,
        *,
        listed: int | None,
        among: Collection[str] | None = None,
    ) -> Findings:
        """With `among`, choose only sessions of these ids, and no dangling message."""
        ...

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
    """One scan: `listed` limits `Findings.sessions`, None lists every candidate.

    With `among`, only sessions of these ids are looked at, and no dangling message.
    """

    def __call__(
        self,
        policy: RetentionPolicy,
        now: datetime,
        *,
        listed: int | None,
        among: Collection[str] | None = None,
    ) -> Findings: ...
