"""What makes other systems' sessions ours to clean: a kind of store, found by its entry point."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

from cleveragents.domain.ports.archives import ArchiveWriter
from cleveragents.domain.preflight import Inspected
from cleveragents.domain.progress import Progress
from cleveragents.domain.report import SkipReason, Unreadable
from cleveragents.domain.restored import NotRestored
from cleveragents.domain.retention import Reason
from cleveragents.domain.stored import Chosen, Dangling, Deleted, Recognised, StoredSession


class StoreKind(Protocol):
    """One kind of foreign store; the entry point of the group `cleveragents.stores` names an instance."""

    @property
    def title(self) -> str:
        """What people call it."""
        ...

    @property
    def unasked(self) -> Collection[Reason]:
        """The reasons that select a session of such a store only where they are asked for by name."""
        ...

    def usual_places(self) -> Sequence[str]:
        """The locations on this machine where a store of this kind usually is, and where something is."""
        ...

    def open(self, location: str, *, busy_timeout: timedelta) -> StoreAdapter:
        """What stands after `KIND:`; nothing is looked at yet.

        Raises InvalidSettingsError where the location cannot be understood.
        """
        ...


class StoreAdapter(Protocol):
    """One foreign store. Nothing is ever written into it but deletes, and restores of what they deleted."""

    @property
    def displayed(self) -> str:
        """The location as it may be shown: whole, and without a password."""
        ...

    @property
    def identity(self) -> str:
        """What tells it from all others of its kind: where it is, without user, password or options."""
        ...

    @property
    def longest_lock(self) -> timedelta | None:
        """How long a purge may keep others waiting unless the settings say; None: as long as it takes."""
        ...

    def is_missing(self) -> bool:
        """Whether there is nothing at all at its location."""
        ...

    def recognise(self) -> Recognised:
        """Look what it is; raises StoreNotRecognisedError where it is anything but what is known."""
        ...

    def owns(self, path: str) -> bool:
        """Whether an absolute path is one of the store's own files, so that nothing else is written there."""
        ...

    def inspect(self) -> Inspected:
        """What stands in a purge's way, and how large the store is."""
        ...

    def hanging_tables(self) -> Sequence[str]:
        """Tables outside of the layout whose rows refer to what a purge would delete."""
        ...

    def stop(self) -> None:
        """End, from another thread, what is at work; its run raises InterruptedRunError."""
        ...

    def allow(self) -> None:
        """Take that back."""
        ...

    def running(self, progress: Progress) -> AbstractContextManager[StoreRun]:
        """Begin one scan or purge; raises StoreNotRecognisedError."""
        ...

    def returning(self, progress: Progress) -> AbstractContextManager[StoreReturn]:
        """Begin one restore; raises StoreNotRecognisedError."""
        ...


class StoreRun(Protocol):
    """One scan or purge, from the first look to the deletes."""

    def sessions(self, now: datetime) -> Iterator[StoredSession]:
        """Every session there is, in one consistent view. Writes nothing."""
        ...

    @property
    def unreadable(self) -> Sequence[Unreadable]:
        """What could not be understood by the last look at all sessions."""
        ...

    def dangling(self, before: datetime) -> Dangling:
        """What dangles and is older than a moment."""
        ...

    def copy(
        self, chosen: Iterable[Chosen], writer: ArchiveWriter, dangling_before: datetime | None
    ) -> Mapping[str, SkipReason]:
        """Write the rows of the chosen sessions, and what dangles, to an archive, in one consistent view.

        Returns why some are not as they were chosen: these are not written. Each row is written
        by `writer.write(Section.ROWS | Section.DANGLING_MESSAGES, columns, lines, table=…)`.
        """
        ...

    def deleting(
        self,
        chosen: Iterable[Chosen],
        dangling_before: datetime | None,
        *,
        rehearsal: bool,
        max_lock: timedelta | None,
    ) -> AbstractContextManager[Deleted]:
        """Delete in one transaction those of the chosen that are still as they were chosen, and copied.

        The sessions and all that belongs to them go together or not at all. With `dangling_before` what
        dangles and is older goes too, if it was copied where there was a copy. Commits at the end of the
        block, or rolls back where an error leaves it or it is a rehearsal. Raises LockBudgetSpentError
        where it takes longer than `max_lock`, PurgeMismatchError where the store did not delete exactly
        what was chosen.
        """
        ...

    @property
    def was_interrupted(self) -> bool:
        """Whether a Ctrl-C came while the last transaction was committed; it was held back until then."""
        ...

    def present(self, session_ids: Iterable[str]) -> Iterator[str]:
        """Those of the ids of which there is a session now."""
        ...


class StoreReturn(Protocol):
    """One restore: rows are taken from an archive, then put back in one transaction."""

    def take(self, table: str, columns: Sequence[str], rows: Iterator[list[Any]], *, dangling: bool) -> int:
        """Take the rows of one section, and return how many there were.

        Raises ArchiveRefusedError where the store has no such table or columns.
        """
        ...

    def leave_dangling(self) -> None:
        """Forget what dangled: only sessions are to come back."""
        ...

    def obstacles(self, session_ids: Iterable[str]) -> Mapping[str, NotRestored]:
        """Why some of these sessions cannot be put back now."""
        ...

    def putting_back(self, session_ids: Iterable[str]) -> AbstractContextManager[Dangling]:
        """Put back all rows of these sessions and what dangled; returns how much of the latter came back.

        Commits at the end of the block, unless an error leaves it.
        """
        ...
