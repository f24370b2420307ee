"""Whether there is room on the disk for what a purge writes: its log, and its archive."""

from __future__ import annotations

from dataclasses import dataclass

from cleveragents.domain.errors import NotEnoughSpaceError
from cleveragents.domain.preflight import Hazard, HazardCode
from cleveragents.domain.space import Shortage

# The log grows by the pages that are touched: where sessions lie together that is little more than their
# content, and where they are scattered over the file more than twice as much.
_LOG_WHEN_SCATTERED = 2.5
# Conversations are compressed to a quarter or so; what can hardly be compressed stays as large as it is.
_LEAST_OF_ARCHIVE = 20
# A chunk is to fill no more than half of the room that there is.
_HALF = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """About what a purge writes: certainly `least`, and not more than `most` bytes."""

    least: int = 0
    most: int = 0


def log_of(content_bytes: int, size_bytes: int) -> Writing:
    """What SQLite's log grows by; whatever the counters say, that is never much more than the file."""
    content = min(content_bytes, size_bytes)
    return Writing(least=content, most=min(int(content * _LOG_WHEN_SCATTERED), size_bytes))


def archive_of(content_bytes: int, size_bytes: int) -> Writing:
    content = min(content_bytes, size_bytes)
    return Writing(least=content // _LEAST_OF_ARCHIVE, most=content)


def chunk_that_fits(candidates: int, log: Writing, archive: Writing, free_bytes: int) -> int | None:
    """How many sessions at once leave room for their log; None where no splitting would help."""
    room = free_bytes - archive.least
    if room <= 0 or log.least <= 0 or candidates <= 1:
        return None
    return max(candidates * room // (log.least * _HALF), 1)


def not_enough(short: Shortage, chunk: int | None) -> NotEnoughSpaceError:
    return NotEnoughSpaceError(
        f"The disk has no room for what the purge would write: {describe(short)}.",
        detail="Nothing was deleted. Its log grows by what is deleted, and its archive is written first.",
        remedy=("--chunk", str(chunk)) if chunk else (),
        hints=["Free space on that disk, or have the archives elsewhere: cleanup.archive_folder."],
    )


def little_space(short: Shortage) -> Hazard:
    return Hazard(
        code=HazardCode.LITTLE_SPACE,
        message=f"The disk may have no room for what the purge would write: {describe(short, 'may need')}.",
        mend="agents cleanup --chunk 1000",
        cost="A disk that is full ends the purge, and everything is rolled back.",
    )


def describe(short: Shortage, needs: str = "needs") -> str:
    return (
        f"it {needs} {_megabytes(short.needed_bytes)} in {short.folder}, "
        f"and {_megabytes(short.free_bytes)} are free"
    )


def _megabytes(number: int) -> str:
    return f"{number / 1_000_000:,.1f} MB"
