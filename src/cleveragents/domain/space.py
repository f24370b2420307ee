"""Space on disk: what a purge gave back of it, and what a full vacuum gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Stop(StrEnum):
    """Why not all of the free space was given back."""

    LOCKED = "locked"
    READERS = "readers"
    TIME = "time"
    INTERRUPTED = "interrupted"
    NOT_INCREMENTAL = "not_incremental"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """What was given back after a commit: the sizes of the SQLite file, or of the PostgreSQL tables.

    `left_bytes` are free inside the file and could still be given back; 0 where nobody can tell.
    `longest_hold` is the longest that a writer had to wait for it. `why` holds the database's words.
    """

    before_bytes: int = 0
    after_bytes: int = 0
    left_bytes: int = 0
    stop: Stop | None = None
    why: str = ""
    longest_hold: timedelta = timedelta(0)

    @property
    def physical_bytes(self) -> int:
        return max(self.before_bytes - self.after_bytes, 0)


class VacuumOutcome(StrEnum):
    """How far a full vacuum came. Only `vacuumed` changed anything."""

    PREVIEWED = "previewed"
    DECLINED = "declined"
    VACUUMED = "vacuumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """What a full vacuum finds: how large the file or the tables are, and how much of that is in use.

    `live_bytes` is an estimate on PostgreSQL. `is_incremental` says that purges can give space back.
    """

    size_bytes: int = 0
    live_bytes: int = 0
    is_incremental: bool = True

    @property
    def gain_bytes(self) -> int:
        return max(self.size_bytes - self.live_bytes, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class VacuumReport:
    """A full vacuum, or a preview of one; `free_bytes` is None where the disk is out of sight."""

    database: str
    before: Bulk = Bulk()
    needed_bytes: int = 0
    free_bytes: int | None = None
    after_bytes: int | None = None
    outcome: VacuumOutcome = VacuumOutcome.PREVIEWED
    held_back: str = ""
    """Why it would be refused now."""
    database_missing: bool = False
    is_waiting_for_readers: bool = False
    """Whether the file only becomes smaller when those who read it now have ended."""
    duration: timedelta = timedelta(0)
