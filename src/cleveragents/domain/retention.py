"""The rules: which sessions nobody will come back to, and which are kept whatever their age.

`judge` is the specification. Stores that speak SQL express the same policy as one statement for
speed, and a property-based test holds the two together, reasons included.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from cleveragents.domain.adaptive import Choice
from cleveragents.domain.duration import LONGEST
from cleveragents.domain.errors import InvalidPolicyError
from cleveragents.domain.session import MOST, Session, check_text


class Reason(StrEnum):
    """Why a session is a candidate."""

    STALE = "stale"
    EMPTY = "empty"
    ORPHANED = "orphaned"


class Protection(StrEnum):
    """Why a session is kept whatever its age."""

    PINNED = "pinned"
    LEASED = "leased"
    NEWEST = "newest"
    ANCESTOR = "ancestor"
    FUTURE = "future"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFilter:
    """Which sessions a policy may look at: a session must match one entry of every list given.

    `names` are globs in which only `*` (any characters) and `?` (one character) are special. A
    session without an actor or a name matches no actor and no name.
    """

    actors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for what in ("actors", "sources", "namespaces", "names"):
            if isinstance(getattr(self, what), str):
                raise InvalidPolicyError(f"A filter on {what} is a tuple of texts, not one text.")
            for wanted in getattr(self, what):
                check_text("A filter", wanted)
                if not wanted.strip():
                    raise InvalidPolicyError(
                        f"A filter on {what} is blank; a blank filter never means everything.",
                        hints=["Leave the filter out to look at every session."],
                    )

    def __bool__(self) -> bool:
        return bool(self.actors or self.sources or self.namespaces or self.names)

    def matches(self, session: Session) -> bool:
        return (
            (not self.actors or session.actor_name in self.actors)
            and (not self.sources or session.source in self.sources)
            and (not self.namespaces or session.namespace in self.namespaces)
            and (
                not self.names
                or (session.name is not None and any(glob_matches(glob, session.name) for glob in self.names))
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPolicy:
    """Thresholds and protections as one value; a policy that would protect nothing cannot be built.

    `stale_after` is one number; `choice` says why, where it was worked out from the sessions' history.
    `reasons` are the classes that may select a session. `dangling` says whether dangling messages
    go too; they belong to no session, so any filter leaves them alone.
    """

    stale_after: timedelta = timedelta(days=30)
    empty_after: timedelta = timedelta(minutes=30)
    orphaned_after: timedelta = timedelta(hours=24)
    reasons: frozenset[Reason] = frozenset(Reason)
    dangling: bool = True
    keep_last: int | None = None
    narrowed_to: SessionFilter = field(default_factory=SessionFilter)
    choice: Choice | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("stale_after", "empty_after", "orphaned_after"):
            threshold = getattr(self, name)
            if not timedelta(seconds=1) <= threshold <= LONGEST:
                raise InvalidPolicyError(f"{name} must be from one second to a hundred years.")
        if not self.reasons and not self.dangling:
            raise InvalidPolicyError("A policy selects at least one class; none never means everything.")
        if self.keep_last is not None and not 1 <= self.keep_last <= MOST:
            raise InvalidPolicyError(
                f"keep_last must be 1 or more, not {self.keep_last}.",
                hints=["Leave --keep-last out to protect none of an actor's newest sessions."],
            )

    @property
    def selects_dangling(self) -> bool:
        return self.dangling and not self.narrowed_to

    def threshold(self, reason: Reason, own_stale_after: timedelta | None = None) -> timedelta:
        """How long after its last access a session falls under `reason`."""
        match reason:
            case Reason.STALE:
                return own_stale_after or self.stale_after
            case Reason.EMPTY:
                return self.empty_after
            case Reason.ORPHANED:
                return self.orphaned_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """What only the other sessions can tell about one session."""

    parent_exists: bool = True
    is_newest: bool = False
    has_surviving_descendant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Purge or keep, with every reason that led there."""

    session_id: str
    in_scope: bool
    reasons: frozenset[Reason]
    protections: frozenset[Protection]

    @property
    def is_purge(self) -> bool:
        return self.in_scope and bool(self.reasons) and not self.protections


def judge(session: Session, policy: RetentionPolicy, now: datetime, kin: Kin) -> Verdict:
    """Decide about one session. Exactly at a threshold is kept; one microsecond past it is not."""
    age = now - session.last_accessed_at
    applies = {
        Reason.STALE: True,
        Reason.EMPTY: session.message_count == 0,
        Reason.ORPHANED: session.parent_session_id is not None and not kin.parent_exists,
    }
    reasons = {
        reason
        for reason in policy.reasons
        if applies[reason] and age > policy.threshold(reason, session.stale_after)
    }
    protected = {
        Protection.PINNED: session.pinned_at is not None,
        Protection.LEASED: session.lease_expires_at is not None and session.lease_expires_at > now,
        Protection.NEWEST: policy.keep_last is not None and kin.is_newest,
        Protection.ANCESTOR: kin.has_surviving_descendant,
        Protection.FUTURE: max(session.created_at, session.last_accessed_at) > now,
    }
    return Verdict(
        session_id=session.session_id,
        in_scope=policy.narrowed_to.matches(session),
        reasons=frozenset(reasons),
        protections=frozenset(protection for protection, holds in protected.items() if holds),
    )


def judge_all(sessions: Iterable[Session], policy: RetentionPolicy, now: datetime) -> dict[str, Verdict]:
    """Decide about a whole store: kinship is worked out among `sessions`, which must be all of them."""
    known = {session.session_id: session for session in sessions}
    newest = _newest_of_each_actor(known.values(), policy.keep_last)
    parents_of_survivors: set[str] = set()
    while True:
        verdicts = {
            session.session_id: judge(
                session,
                policy,
                now,
                Kin(
                    parent_exists=session.parent_session_id in known,
                    is_newest=session.session_id in newest,
                    has_surviving_descendant=session.session_id in parents_of_survivors,
                ),
            )
            for session in known.values()
        }
        found = {
            session.parent_session_id
            for session in known.values()
            if session.parent_session_id is not None and not verdicts[session.session_id].is_purge
        }
        if found == parents_of_survivors:
            return verdicts
        parents_of_survivors = found


def glob_matches(glob: str, text: str) -> bool:
    """Match as the filters do: case counts, `*` and `?` are the only wildcards, both cross newlines."""
    pattern = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in glob)
    return re.fullmatch(pattern, text, re.DOTALL) is not None


def newest_first(session: Session) -> tuple[datetime, str]:
    """The order in which `keep_last` counts: by last access, then by id."""
    return session.last_accessed_at, session.session_id


def _newest_of_each_actor(sessions: Iterable[Session], keep_last: int | None) -> set[str]:
    if keep_last is None:
        return set()
    of_actor: Mapping[str | None, list[Session]] = defaultdict(list)
    for session in sessions:
        of_actor[session.actor_name].append(session)
    return {
        session.session_id
        for own in of_actor.values()
        for session in sorted(own, key=newest_first, reverse=True)[:keep_last]
    }
