"""Space on disk: what a purge gave back of it, what a full vacuum gives back, and whether it suffices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path


class Stop(StrEnum):
    """Why not all of the free space was given back."""

    LOCKED = "locked"
    READERS = "readers"
    TIME = "time"
    INTERRUPTED = "interrupted"
    NOT_INCREMENTAL = "not_incremental"
    REFUSED = "refused"
    FOREIGN = "foreign"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Free space that something takes in a folder, for as long as it runs or for good."""

    folder: Path
    needed_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The free space of the disk that a folder is on; `device` tells one disk from another."""

    device: int
    free_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A disk on which there is not enough room for all that is needed there."""

    folder: Path
    needed_bytes: int
    free_bytes: int


def shortages(needs: Iterable[tuple[Need, Room]]) -> Iterator[Shortage]:
    """Add up what is needed on each disk, and yield those on which that is more than there is."""
    by_device: dict[int, list[tuple[Need, Room]]] = {}
    for need, room in needs:
        by_device.setdefault(room.device, []).append((need, room))
    for together in by_device.values():
        needed = sum(need.needed_bytes for need, _ in together)
        first, room = together[0]
        if needed > room.free_bytes:
            yield Shortage(folder=first.folder, needed_bytes=needed, free_bytes=room.free_bytes)


class VacuumOutcome(StrEnum):
    """How far a full vacuum came. Only `vacuumed` changed anything."""

    PREVIEWED = "previewed"
    DECLINED = "declined"
    VACUUMED = "vacuumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """What a full vacuum finds: how large the file or the tables are, and how much of that is in use.

    `live_bytes` is an estimate on PostgreSQL; on SQLite it includes gaps within pages (`has_gaps`), so more
    may be gained. `needs` is empty where the disk is out of sight. `is_incremental` says that purges can
    give space back without a full vacuum.
    """

    size_bytes: int = 0
    live_bytes: int = 0
    needs: tuple[Need, ...] = ()
    is_incremental: bool = True
    has_gaps: bool = False

    @property
    def gain_bytes(self) -> int:
        return max(self.size_bytes - self.live_bytes, 0)

    @property
    def needed_bytes(self) -> int:
        return sum(need.needed_bytes for need in self.needs)


@dataclass(frozen=True, slots=True, kw_only=True)
class VacuumReport:
    """A full vacuum, or a preview of one. `free_bytes` is that of the disk with the least room."""

    database: str
    before: Bulk
    free_bytes: int | None = None
    outcome: VacuumOutcome = VacuumOutcome.PREVIEWED
    after_bytes: int | None = None
    is_behind_readers: bool = False
    """Whether the file becomes smaller only when those who read it now have ended."""
    held_back: str = ""
    """Why it would be refused now."""
    database_missing: bool = False
    duration: timedelta = timedelta(0)
