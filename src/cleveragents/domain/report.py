"""What a scan or a purge found and did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Self, TypeVar

from cleveragents.domain.archive import KnownArchive, Leftovers
from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.preflight import Hazard
from cleveragents.domain.retention import Protection, Reason, RetentionPolicy
from cleveragents.domain.run import Run, run_of
from cleveragents.domain.space import GivenBack

Key = TypeVar("Key", bound=StrEnum)

LISTED = 50
SKIPS_NAMED = 1_000


class Outcome(StrEnum):
    """How far a run came. Only `purged` changed anything."""

    SCANNED = "scanned"
    PURGED = "purged"
    DECLINED = "declined"
    DISABLED = "disabled"
    REPORTED = "reported"
    REHEARSED = "rehearsed"


class SkipReason(StrEnum):
    """Why a session that the scan chose was not purged after all."""

    USED = "used"
    PINNED = "pinned"
    LEASED = "leased"
    NEWEST = "newest"
    ANCESTOR = "ancestor"
    FUTURE = "future"
    REMOVED = "removed"
    PURGED = "purged"
    CHANGED = "changed"
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


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something in a foreign store that could not be understood, and was left as it is."""

    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    session_id: str
    reason: SkipReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The sessions that are no candidates, each counted once.

    `protected` would be candidates but for a protection (or are dated in the future), `recent` are
    past no threshold, `filtered` were outside the policy's filters. Where a plan is carried out, only
    its sessions are judged: `unplanned` are all that it will not purge. `undated` are sessions of a foreign
    store whose age nobody can tell.
    """

    protected: int = 0
    recent: int = 0
    filtered: int = 0
    unplanned: int = 0
    undated: int = 0

    @property
    def total(self) -> int:
        return self.protected + self.recent + self.filtered + self.unplanned + self.undated


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What one look at a store found; `scanned == candidates + kept.total`.

    A session with several reasons counts once in `candidates` and under each in `by_reason`.
    `messages` and `content_bytes` are those of the candidates; dangling messages are apart. With
    `only_named` only sessions that were named by their ids were looked at, and `scanned` are those of
    them that exist.
    """

    scanned: int = 0
    only_named: bool = False
    candidates: int = 0
    by_reason: Mapping[Reason, int] = field(default_factory=lambda: _none(Reason))
    kept: Kept = field(default_factory=Kept)
    protected: Mapping[Protection, int] = field(default_factory=lambda: _none(Protection))
    messages: int = 0
    content_bytes: int = 0
    dangling_messages: int = 0
    dangling_bytes: int = 0
    unreadable: Sequence[Unreadable] = ()
    """What a foreign store holds that could not be understood; it was left as it is."""
    sessions: Sequence[Candidate] = ()
    """The listed candidates, oldest first; many of them are read from a temporary file each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What a purge's transaction deleted, by the database's own count.

    `content_bytes` were removed; `reusable_bytes` became free inside the file or the tables and stay
    there (None where the database does not tell), `physical_bytes` is how much smaller these are.
    `lock_held` is how long writers had to wait. `skipped` names at most `SKIPS_NAMED` sessions;
    `skipped_by_reason` counts them all.
    """

    sessions: int = 0
    by_reason: Mapping[Reason, int] = field(default_factory=lambda: _none(Reason))
    messages: int = 0
    content_bytes: int = 0
    dangling_messages: int = 0
    dangling_bytes: int = 0
    reusable_bytes: int | None = None
    physical_bytes: int = 0
    lock_held: timedelta = timedelta(0)
    skipped: tuple[Skip, ...] = ()
    skipped_by_reason: Mapping[SkipReason, int] = field(default_factory=dict)

    @property
    def skipped_total(self) -> int:
        return sum(self.skipped_by_reason.values())

    def plus(self, other: Self) -> Self:
        """Both together; `lock_held` is that of the one that held it longer."""
        reusable = [freed for freed in (self.reusable_bytes, other.reusable_bytes) if freed is not None]
        return replace(
            self,
            sessions=self.sessions + other.sessions,
            by_reason=sums(self.by_reason, other.by_reason),
            messages=self.messages + other.messages,
            content_bytes=self.content_bytes + other.content_bytes,
            dangling_messages=self.dangling_messages + other.dangling_messages,
            dangling_bytes=self.dangling_bytes + other.dangling_bytes,
            reusable_bytes=sum(reusable) if reusable else None,
            physical_bytes=self.physical_bytes + other.physical_bytes,
            lock_held=max(self.lock_held, other.lock_held),
            skipped=(*self.skipped, *other.skipped)[:SKIPS_NAMED],
            skipped_by_reason=sums(self.skipped_by_reason, other.skipped_by_reason),
        )

    @property
    def rows(self) -> int:
        return self.sessions + self.messages + self.dangling_messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How a store moved away from a plan: its sessions that could not be chosen again, and why."""

    skipped: Sequence[Skip] = ()
    by_reason: Mapping[SkipReason, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.by_reason.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanUsed:
    """The plan that a purge carried out; `planned == drift.total + found.candidates`."""

    digest: str
    created_at: datetime
    planned: int
    drift: Drift


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunks:
    """How a purge in chunks went.

    `before` chunks of the run were done when it was interrupted, `done` since; each left its archive,
    if anything was deleted, and its entry in the ledger. `stopped` is what ended it too early.
    """

    run_id: str
    before: int = 0
    done: int = 0
    archives: tuple[KnownArchive, ...] = ()
    stopped: CleverAgentsError | None = None

    def plus(self, archive: KnownArchive | None) -> Self:
        """With one chunk more."""
        archives = self.archives if archive is None else (*self.archives, archive)
        return replace(self, done=self.done + 1, archives=archives)


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanupReport:
    """The outcome of a scan, a purge, a rehearsal or an applied plan.

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
    plan: PlanUsed | None = None
    run: Run | None = None
    """The ledger's entry, the last one of a purge in chunks; None where nothing was committed."""
    archive: KnownArchive | None = None
    """That of a purge in one transaction."""
    chunks: Chunks | None = None
    expired: tuple[KnownArchive, ...] = ()
    unexpired: int = 0
    """Archives past their retention that are kept: the clock may have leapt."""
    leftovers: Leftovers = field(default_factory=Leftovers)
    is_verified: bool = True
    """Whether a look after the commit could be had."""
    remaining: tuple[str, ...] = ()
    """Ids of sessions that were deleted and yet are there after the commit."""
    given_back: GivenBack | None = None
    """What the disk got back after the commit; None where that is off, or nothing was committed."""
    preflight: tuple[Hazard, ...] = ()
    """What stands in the purge's way without forbidding it."""
    held_back: str = ""
    """Why a brake would refuse this purge, were it one."""
    database_missing: bool = False
    duration: timedelta = timedelta(0)

    @property
    def run_id(self) -> str | None:
        """The id that undoes all of it."""
        return run_of(self.run.run_id) if self.run else None

    @property
    def archives(self) -> tuple[KnownArchive, ...]:
        if self.chunks is not None:
            return self.chunks.archives
        return (self.archive,) if self.archive else ()

    @property
    def has_deleted(self) -> bool:
        """Whether the deletes ran, be it only to be rolled back."""
        return self.outcome in {Outcome.PURGED, Outcome.REHEARSED}

    @property
    def logical_bytes(self) -> int:
        """Content that was removed or, where nothing was, that would be."""
        part = self.purged if self.has_deleted else self.found
        return part.content_bytes + part.dangling_bytes


def sums(one: Mapping[Key, int], other: Mapping[Key, int]) -> Mapping[Key, int]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}


def _none(keys: type[Key]) -> Mapping[Key, int]:
    return MappingProxyType(dict.fromkeys(keys, 0))
