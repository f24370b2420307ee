"""What a restore put back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Self

from cleveragents.domain.archive import KnownArchive
from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.report import SKIPS_NAMED, sums
from cleveragents.domain.run import Run


class NotRestored(StrEnum):
    """Why something in an archive was not put back."""

    EXISTS = "exists"
    MESSAGES_LEFT = "messages_left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore put back, or would, by the database's own count.

    `skipped` names at most `SKIPS_NAMED` sessions of the archive whose ids exist again, or under
    whose ids other messages were left; `skipped_by_reason` counts them all. `dangling_left_out` are
    dangling messages that cannot dangle any more: a session has their id, or PostgreSQL forbids it.
    """

    sessions: int = 0
    messages: int = 0
    content_bytes: int = 0
    dangling_messages: int = 0
    dangling_left_out: int = 0
    skipped: tuple[tuple[str, NotRestored], ...] = ()
    skipped_by_reason: Mapping[NotRestored, int] = field(default_factory=dict)

    @property
    def skipped_total(self) -> int:
        return sum(self.skipped_by_reason.values())

    def plus(self, other: Self) -> Self:
        return replace(
            self,
            sessions=self.sessions + other.sessions,
            messages=self.messages + other.messages,
            content_bytes=self.content_bytes + other.content_bytes,
            dangling_messages=self.dangling_messages + other.dangling_messages,
            dangling_left_out=self.dangling_left_out + other.dangling_left_out,
            skipped=(*self.skipped, *other.skipped)[:SKIPS_NAMED],
            skipped_by_reason=sums(self.skipped_by_reason, other.skipped_by_reason),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreReport:
    """The outcome of a restore of the run `run_id`, or of one chunk of it.

    A run in chunks has several archives, put back one by one; `entries` are their places in the ledger.
    `stopped` is what ended that too early.
    """

    run_id: str
    archives: tuple[KnownArchive, ...]
    dry_run: bool
    restored: Restored
    not_in_archive: tuple[str, ...] = ()
    entries: tuple[Run, ...] = ()
    stopped: CleverAgentsError | None = None
    duration: timedelta = timedelta(0)

    def plus(self, other: Self) -> Self:
        """With what one archive more gave; `not_in_archive` are those that are in neither."""
        return replace(
            self,
            archives=(*self.archives, *other.archives),
            restored=self.restored.plus(other.restored),
            not_in_archive=tuple(each for each in self.not_in_archive if each in other.not_in_archive),
            entries=(*self.entries, *other.entries),
            duration=self.duration + other.duration,
        )
