"""Archives: the purged sessions, kept in a file that a restore reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple, Self

from cleveragents.domain.run import Run

ARCHIVE_SUFFIX = ".jsonl.zst"
_LONGEST_PAUSE = timedelta(days=32)
"""Between runs once a month there is never more."""


class Section(StrEnum):
    """The parts of an archive, in order; `still_alive` lists the ids that were not deleted after all.

    `rows` are those of a foreign store's tables, whatever they are.
    """

    SESSIONS = "sessions"
    MESSAGES = "messages"
    ROWS = "rows"
    DANGLING_MESSAGES = "dangling_messages"
    STILL_ALIVE = "still_alive"


class Heading(NamedTuple):
    """What stands above the rows of a section; `table` is blank but in archives of foreign stores."""

    section: Section
    columns: Sequence[str]
    table: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """A finished archive: the file's name within its folder, its size, and the SHA-256 of its bytes."""

    file_name: str
    file_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownArchive:
    """An archive as the ledger knows it; `expired_run_id` is the run that removed it."""

    run_id: str
    file_name: str
    file_bytes: int
    sha256: str
    sessions: int
    messages: int
    created_at: datetime
    expired_run_id: str | None = None

    def is_of(self, run: Run) -> bool:
        """Whether it is the archive that a run says it wrote."""
        return (
            (self.file_name, self.sha256) == (run.archive, run.archive_hash)
            and (self.sessions, self.messages) == (run.sessions, run.messages + run.dangling_messages)
            and self.created_at == run.started_at
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive says of itself at its end. Of `sessions`, `still_alive` were not deleted after all."""

    run_id: str
    fingerprint: str
    sessions: int
    messages: int
    dangling_messages: int
    still_alive: int
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """What an interrupted run left in the archive folder.

    `removed` are gone now: nothing in them was ever deleted from the database. `stuck` should be gone,
    but could not be removed. `unknown` were left alone: the ledger does not know them, yet not everything
    in them is in the database. `adopted` are runs that a foreign store had committed and the ledger did
    not know: it does now, and they can be undone.
    """

    removed: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    adopted: tuple[str, ...] = ()

    def plus(self, other: Self) -> Self:
        return replace(
            self,
            removed=(*self.removed, *other.removed),
            stuck=(*self.stuck, *other.stuck),
            unknown=(*self.unknown, *other.unknown),
            adopted=(*self.adopted, *other.adopted),
        )


def has_aged(made_at: datetime, runs_at: Iterable[datetime], now: datetime, retention: timedelta) -> bool:
    """Whether the time since an archive was made has really passed, as far as the ledger can tell.

    A pause between runs that is longer than half the retention, and than a month, may be a clock that
    leapt; an archive must not expire by that.
    """
    moments = sorted(moment for moment in (made_at, *runs_at, now) if made_at <= moment <= now)
    return all(later - earlier <= max(retention / 2, _LONGEST_PAUSE) for earlier, later in pairwise(moments))
