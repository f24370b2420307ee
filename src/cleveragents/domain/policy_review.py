"""The policy and the safeguards in force: each value, where it came from, and what it does now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cleveragents.domain.duration import format_duration
from cleveragents.domain.pace import Pace
from cleveragents.domain.policy_document import policy_document
from cleveragents.domain.report import Findings
from cleveragents.domain.retention import Protection, Reason, RetentionPolicy
from cleveragents.domain.safeguards import Mode, Safeguards

Value = str | int | bool | tuple[str, ...] | None
Effect = Mapping[str, int | bool]

FILTERS = ("actors", "sources", "namespaces", "names")
UNSET = "default"
"""The place of a value that nobody set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How many sessions one filter of one kind (`actors`, `sources`, …) leaves in."""

    kind: str
    wanted: tuple[str, ...]
    sessions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveValue:
    """One value in force; `place` is None where it is a narrowing of this run alone."""

    name: str
    value: Value
    place: str | None
    effect: Effect


@dataclass(frozen=True, slots=True)
class Concern:
    """One sentence; `is_warning` False where it is worth knowing and nothing is wrong."""

    text: str
    is_warning: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyReview:
    """What the policy and the safeguards say, and what one scan found under them.

    `places` are the settings' own, under their full names. `matches` are those of each filter by
    itself; `keep_last_keeps_all` says that no session can ever become a candidate because of it.
    """

    policy: RetentionPolicy
    safeguards: Safeguards
    pace: Pace
    archive_folder: str
    places: Mapping[str, str]
    as_of: datetime
    found: Findings
    matches: tuple[Match, ...] = ()
    keep_last_keeps_all: bool = False
    unkept_tables: tuple[str, ...] = ()
    """Tables whose rows would go with sessions, that no archive keeps and no setting names."""
    concerns: tuple[Concern, ...] = ()
    database_missing: bool = False

    @property
    def in_scope(self) -> int:
        """The sessions that the filters leave."""
        return self.found.scanned - self.found.kept.filtered

    @property
    def allowed(self) -> int:
        """How many sessions one purge may take now."""
        return self.safeguards.most_of(self.found.scanned)

    @property
    def is_refused_now(self) -> bool:
        return self.found.candidates > self.allowed

    @property
    def is_only_some(self) -> bool:
        """Whether some classes are left out."""
        return self.policy.reasons != frozenset(Reason) or not self.policy.dangling

    @property
    def would_delete(self) -> bool:
        """Whether a purge now would delete its candidates."""
        held = self.safeguards
        return held.enabled and held.mode is Mode.PURGE and not (self.is_refused_now or self.unkept_tables)

    def place(self, name: str) -> str:
        return self.places[f"cleanup_{name}"]

    def is_set(self, name: str) -> bool:
        return self.place(name) != UNSET

    @property
    def values(self) -> tuple[EffectiveValue, ...]:
        """Every value in force, in the order in which a cleanup asks for them."""
        return (
            *self._switches(),
            *self._thresholds(),
            *self._narrowings(),
            *self._brakes(),
            *self._pace(),
        )

    def _switches(self) -> Iterator[EffectiveValue]:
        held = self.safeguards
        yield self._setting("enabled", held.enabled, {"deletes": held.enabled})
        yield self._setting("mode", held.mode.value, {"deletes": held.mode is Mode.PURGE})

    def _thresholds(self) -> Iterator[EffectiveValue]:
        for name, reason in (
            ("stale_after", Reason.STALE),
            ("empty_after", Reason.EMPTY),
            ("orphaned_after", Reason.ORPHANED),
        ):
            effect = {"selects": self.found.by_reason[reason]}
            if reason is Reason.ORPHANED:
                effect["dangling_messages"] = self.found.dangling_messages
            yield self._setting(name, format_duration(self.policy.threshold(reason)), effect)
            if reason is Reason.STALE:
                yield from self._auto()
        newest = self.found.protected[Protection.NEWEST]
        yield self._setting("keep_last", self.policy.keep_last, {"protects": newest})

    def _auto(self) -> Iterator[EffectiveValue]:
        """What a threshold that is worked out depends on."""
        if self.policy.choice is not None:
            auto = self.policy.choice.auto
            yield self._setting("return_rate", str(auto.return_rate), {})
            yield self._setting("auto_least", format_duration(auto.least), {})
            yield self._setting("auto_most", format_duration(auto.most), {})

    def _narrowings(self) -> Iterator[EffectiveValue]:
        if self.is_only_some:
            selects = {"selects": self.found.candidates, "dangling_messages": self.found.dangling_messages}
            classes = tuple(policy_document(self.policy)["only"])
            yield EffectiveValue(name="only", value=classes, place=None, effect=selects)
        for kind in FILTERS:
            if wanted := getattr(self.policy.narrowed_to, kind):
                matches = {"matches": self._matching(kind, wanted)}
                yield EffectiveValue(name=kind, value=wanted, place=None, effect=matches)

    def _brakes(self) -> Iterator[EffectiveValue]:
        held = self.safeguards
        limit = None if held.max_purge is None else str(held.max_purge)
        yield self._setting("max_purge", limit, {"allows": self.allowed, "refuses_now": self.is_refused_now})
        archived = self.found.candidates if held.archive and self.would_delete else 0
        yield self._setting("archive", held.archive, {"archives": archived})
        yield self._setting("archive_folder", self.archive_folder, {})
        named = held.unarchived_tables
        yield self._setting("unarchived_tables", named, {"refuses_now": bool(self.unkept_tables)})
        yield self._setting("archive_retention", format_duration(held.archive_retention), {})
        yield self._setting("plan_max_age", format_duration(held.plan_max_age), {})
        yield self._setting("give_back", held.give_back, {})

    def _pace(self) -> Iterator[EffectiveValue]:
        pace = self.pace
        yield self._setting("max_lock", _written(pace.max_lock), {})
        yield self._setting("chunk", pace.chunk, {})
        yield self._setting("pause", _written(pace.pause), {})
        yield self._setting("rate", str(pace.rate) if pace.rate else None, {})

    def _matching(self, kind: str, wanted: tuple[str, ...]) -> int:
        return next(match.sessions for match in self.matches if (match.kind, match.wanted) == (kind, wanted))

    def _setting(self, name: str, value: Value, effect: Effect) -> EffectiveValue:
        return EffectiveValue(name=name, value=value, place=self.place(name), effect=effect)


def _written(duration: timedelta | None) -> str | None:
    return None if duration is None else format_duration(duration)
