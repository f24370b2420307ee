"""What a scan or a purge found and did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from cleveragents.domain.retention import Protection, Reason, RetentionPolicy, Verdict
from cleveragents.domain.session import Session

Key = TypeVar("Key", bound=StrEnum)

LISTED = 50
SKIPS_NAMED = 1_000


class Outcome(StrEnum):
    """How far a run came. Only `purged` changed anything."""

    SCANNED = "scanned"
    PURGED = "purged"
    DECLINED = "declined"
    DISABLED = "disabled"


class SkipReason(StrEnum):
    """Why a session that the scan chose was not purged after all."""

    USED = "used"
    PINNED = "pinned"
    LEASED = "leased"
    NEWEST = "newest"
    ANCESTOR = "ancestor"
    FUTURE = "future"
    REMOVED = "removed"
    LOCKED = "locked"
    NOT_ELIGIBLE = "not_eligible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A session that the policy selects, as a report lists it."""

    session_id: str
    name: str | None
    actor_name: str | None
    source: str
    last_accessed_at: datetime
    message_count: int
    content_bytes: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    session_id: str
    reason: SkipReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The sessions that are no candidates, each counted once.

    `protected` would be candidates but for a protection (or are dated in the future), `recent` are
    past no threshold, `filtered` were outside the policy's filters.
    """

    protected: int = 0
    recent: int = 0
    filtered: int = 0

    @property
    def total(self) -> int:
        return self.protected + self.recent + self.filtered


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What one look at a store found; `scanned == candidates + kept.total`.

    A session with several reasons counts once in `candidates` and under each in `by_reason`.
    `messages` and `content_bytes` are those of the candidates; dangling messages are apart.
    """

    scanned: int = 0
    candidates: int = 0
    by_reason: Mapping[Reason, int] = field(default_factory=lambda: _none(Reason))
    kept: Kept = field(default_factory=Kept)
    protected: Mapping[Protection, int] = field(default_factory=lambda: _none(Protection))
    messages: int = 0
    content_bytes: int = 0
    dangling_messages: int = 0
    dangling_bytes: int = 0
    sessions: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What a purge's transaction deleted, by the database's own count.

    `content_bytes` were removed; `physical_bytes` is how much smaller the file or the tables are.
    `skipped` names at most `SKIPS_NAMED` sessions; `skipped_by_reason` counts them all.
    """

    sessions: int = 0
    by_reason: Mapping[Reason, int] = field(default_factory=lambda: _none(Reason))
    messages: int = 0
    content_bytes: int = 0
    dangling_messages: int = 0
    dangling_bytes: int = 0
    physical_bytes: int = 0
    skipped: tuple[Skip, ...] = ()
    skipped_by_reason: Mapping[SkipReason, int] = field(default_factory=dict)

    @property
    def skipped_total(self) -> int:
        return sum(self.skipped_by_reason.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupReport:
    """The outcome of `CleanupService.scan` or `CleanupService.purge`.

    After a purge `found.candidates == purged.sessions + purged.skipped_total`. `as_of` is the
    moment all ages were measured at. `database_missing` is true where there was no database to look
    at: everything counts zero, and nothing was created.
    """

    policy: RetentionPolicy
    as_of: datetime
    dry_run: bool
    outcome: Outcome = Outcome.SCANNED
    found: Findings = field(default_factory=Findings)
    purged: Purged = field(default_factory=Purged)
    database_missing: bool = False
    duration: timedelta = timedelta(0)

    @property
    def logical_bytes(self) -> int:
        """Content that was removed or, where nothing was, that would be."""
        part = self.purged if self.outcome is Outcome.PURGED else self.found
        return part.content_bytes + part.dangling_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The verdict for one session now, and each rule that was asked."""

    session: Session
    verdict: Verdict
    as_of: datetime
    rules: tuple[RuleOutcome, ...]
    eligible_at: datetime | None
    """When it becomes a candidate if nobody touches it; None where no rule ever selects it."""

    @property
    def age(self) -> timedelta:
        return self.as_of - self.session.last_accessed_at


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOutcome:
    """One threshold applied to one session; `applies` is false where the rule is not about it."""

    reason: Reason
    applies: bool
    threshold: timedelta
    selects: bool


def _none(keys: type[Key]) -> Mapping[Key, int]:
    return MappingProxyType(dict.fromkeys(keys, 0))
