"""What is remembered of runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from cleveragents.domain.archive import KnownArchive
from cleveragents.domain.run import Attempt, LedgerHead, Run


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
