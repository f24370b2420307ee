"""Sweeps: purges that a schedule starts, whose turn it is, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.report import CleanupReport, Outcome
from cleveragents.domain.run import Run

_MILLISECOND = timedelta(milliseconds=1)


class SweepOutcome(StrEnum):
    """`begun` is at work, or its process died; from `failed` on, a sweep did not do its work."""

    BEGUN = "begun"
    PURGED = "purged"
    REPORTED = "reported"
    DISABLED = "disabled"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


SUCCEEDED = frozenset({SweepOutcome.PURGED, SweepOutcome.REPORTED, SweepOutcome.DISABLED})
_OUTCOMES = {
    Outcome.PURGED: SweepOutcome.PURGED,
    Outcome.REPORTED: SweepOutcome.REPORTED,
    Outcome.DISABLED: SweepOutcome.DISABLED,
}


class Idle(StrEnum):
    """Why nothing was swept."""

    NOT_DUE = "not due"
    PAUSED = "paused"
    STOP_FILE = "stop file"
    ELSEWHERE = "another process sweeps"
    NO_DATABASE = "no database"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """The right to sweep, for one holder, until it expires; every new one has a higher token."""

    holder: str
    token: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Sweeps are not wanted, on no host."""

    since: datetime
    who: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Whose turn it is: `lease` is the last one given, None where it was handed back or never given."""

    lease: Lease | None = None
    pause: Pause | None = None
    read_at: datetime
    """By the database's own clock, by which leases expire."""

    @property
    def holder(self) -> Lease | None:
        """The lease in force."""
        return self.lease if self.lease and self.lease.expires_at > self.read_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the schedule asks about earlier sweeps.

    `failures` is how many have failed since the last success, the last of them at `failed_at`.
    """

    last_success_at: datetime | None = None
    """When it began."""
    failures: int = 0
    failed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """One sweep as its row tells it, with counts of what happened.

    `sweep_id` is the id of its run. `backlog` counts the sessions that were eligible when it was over,
    None where nobody knows; `freed_bytes` is how much smaller the database became. `code` and `message`
    tell why it failed.
    """

    sweep_id: str
    token: int
    host: str
    outcome: SweepOutcome
    started_at: datetime
    finished_at: datetime | None = None
    scanned: int = 0
    candidates: int = 0
    sessions: int = 0
    skipped: int = 0
    messages: int = 0
    content_bytes: int = 0
    freed_bytes: int = 0
    backlog: int | None = None
    duration_ms: int = 0
    code: str = ""
    message: str = ""

    @property
    def has_succeeded(self) -> bool:
        return self.outcome in SUCCEEDED

    def done(self, report: CleanupReport, now: datetime) -> Self:
        """The same with what its report says; a run that stopped between two chunks has not succeeded."""
        stopped = report.chunks.stopped if report.chunks else None
        purged = report.purged
        told = replace(
            self,
            outcome=_OUTCOMES.get(report.outcome, SweepOutcome.REPORTED),
            finished_at=now,
            scanned=report.found.scanned,
            candidates=report.found.candidates,
            sessions=purged.sessions,
            skipped=purged.skipped_total,
            messages=purged.messages + purged.dangling_messages,
            content_bytes=purged.content_bytes + purged.dangling_bytes,
            freed_bytes=purged.physical_bytes,
            # What was skipped is eligible no more, or will be looked at again by the next sweep.
            backlog=report.found.candidates - purged.sessions - purged.skipped_total,
            duration_ms=(now - self.started_at) // _MILLISECOND,
        )
        return told if stopped is None else told.failed(stopped, now)

    def committed(self, entries: Sequence[Run]) -> Self:
        """The same with what the ledger's entries say, for a sweep that died after its last commit."""
        last = entries[-1]
        return replace(
            self,
            outcome=SweepOutcome.PURGED,
            finished_at=last.finished_at,
            scanned=last.scanned,
            candidates=entries[0].candidates,
            sessions=sum(entry.sessions for entry in entries),
            skipped=sum(entry.skipped for entry in entries),
            messages=sum(entry.messages + entry.dangling_messages for entry in entries),
            content_bytes=sum(entry.content_bytes for entry in entries),
            duration_ms=max((last.finished_at - self.started_at) // _MILLISECOND, 0),
        )

    def failed(self, error: CleverAgentsError, now: datetime) -> Self:
        is_interrupted = error.code == "interrupted"
        return replace(
            self,
            outcome=SweepOutcome.INTERRUPTED if is_interrupted else SweepOutcome.FAILED,
            finished_at=now,
            duration_ms=max((now - self.started_at) // _MILLISECOND, 0),
            code=error.code,
            message=error.message,
        )
