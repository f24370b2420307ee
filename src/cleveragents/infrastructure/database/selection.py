"""The one selection: a retention policy as one SQL statement.

`cleveragents.domain.retention.judge` is its specification. Scan, dry run, purge, explain and list
all read these columns; none has conditions of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)

from cleveragents.domain.retention import Protection, Reason, RetentionPolicy, SessionFilter, Verdict
from cleveragents.infrastructure.database.functions import later_by, matches_glob, row_version
from cleveragents.infrastructure.database.newest import (
    is_among_newest,
    oldest_of_newest,
    oldest_of_newest_beside,
    same_actor,
)
from cleveragents.infrastructure.database.rows import sessions

Condition = ColumnElement[bool]
_ZERO: ColumnElement[int] = literal_column("0")
_GUARDED = ("session_id", "last_accessed_at", "message_count", "content_bytes")
"""What tells whether a session is as it was when it was planned or chosen."""


BITS: dict[Reason | Protection, int] = {flag: 1 << place for place, flag in enumerate((*Reason, *Protection))}
FIRST_PROTECTION = BITS[next(iter(Protection))]
"""Flags below this hold reasons and no protection: a candidate."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the policy says of one row of `sessions`, as SQL."""

    in_scope: Condition
    reasons: dict[Reason, Condition]
    protections: dict[Protection, Condition]

    @property
    def is_purge(self) -> Condition:
        return and_(self.in_scope, or_(*self.reasons.values()), not_(or_(*self.protections.values())))

    @property
    def flags(self) -> ColumnElement[int]:
        """One number for all reasons and protections: each is worked out once, and groups sort fast."""
        holding: dict[Any, Condition] = {**self.reasons, **self.protections}
        bits = (case((holding[flag], literal_column(str(bit))), else_=_ZERO) for flag, bit in BITS.items())
        return reduce(add, bits)


@dataclass(frozen=True, slots=True)
class Selection:
    """Every session in `rows`, beside what tells about its kin in `source`, and the policy's conditions."""

    rows: FromClause
    source: FromClause
    conditions: Conditions
    newest: CTE | None


def verdict_of(session_id: str, flags: int, *, in_scope: bool) -> Verdict:
    return Verdict(
        session_id=session_id,
        in_scope=in_scope,
        reasons=frozenset(reason for reason in Reason if flags & BITS[reason]),
        protections=frozenset(protection for protection in Protection if flags & BITS[protection]),
    )


def flagged(
    policy: RetentionPolicy, now: datetime, among: FromClause | None = None
) -> Select[*tuple[Any, ...]]:
    """Every session in scope that a reason selects or that is dated in the future, with its flags.

    All the others are recent: no reason, no verdict but to keep them. With `among`, a session is in
    scope only if it stands there, with unchanged guard values where there are any, and every other
    session is a survivor whose ancestors stay.
    """
    chosen = selection(policy, now, among)
    rows, holds = chosen.rows, chosen.conditions
    statement = (
        select(
            rows.c.session_id,
            rows.c.last_accessed_at,
            rows.c.message_count,
            rows.c.content_bytes,
            holds.flags.label("flags"),
            row_version(rows.c.session_id).label("row_version"),
        )
        .select_from(chosen.source)
        .where(holds.in_scope, or_(holds.protections[Protection.FUTURE], *holds.reasons.values()))
    )
    if among is not None:
        statement = statement.where(rows.c.session_id.in_(select(among.c.session_id)))
    return statement


def selection(
    policy: RetentionPolicy, now: datetime, among: FromClause | None = None, *, only: str | None = None
) -> Selection:
    """The policy as SQL; with `only`, kin is worked out for that session, and only its row is right."""
    newest = None if _are_ids(among) else _newest_of_all(policy)
    blocked = _ancestors_of_survivors(policy, now, among, newest, only)
    judged = sessions.alias("judged")
    # Outer joins, not IN: PostgreSQL walks the whole list again for each row of an IN that it
    # thinks too long to hash.
    source, holds = _conditions(judged, policy, now, among, newest)
    is_ancestor = blocked.c.session_id.is_not(None)
    return Selection(
        rows=judged,
        source=source.outerjoin(blocked, blocked.c.session_id == judged.c.session_id),
        conditions=replace(holds, protections={**holds.protections, Protection.ANCESTOR: is_ancestor}),
        newest=newest,
    )


def judged_again(before: Selection, policy: RetentionPolicy, now: datetime) -> Selection:
    """The rows of a selection, judged by the same policy at another moment too."""
    blocked = _ancestors_of_survivors(policy, now, None, before.newest, None, name="blocked_again")
    _, holds = _conditions(before.rows, policy, now, None, before.newest)
    is_ancestor = blocked.c.session_id.is_not(None)
    return replace(
        before,
        source=before.source.outerjoin(blocked, blocked.c.session_id == before.rows.c.session_id),
        conditions=replace(holds, protections={**holds.protections, Protection.ANCESTOR: is_ancestor}),
    )


def _conditions(
    table: FromClause, policy: RetentionPolicy, now: datetime, among: FromClause | None, newest: CTE | None
) -> tuple[FromClause, Conditions]:
    """The table beside who is newest, and every condition on a row but that of ancestry."""
    in_scope = matches(table, policy.narrowed_to)
    if among is not None:
        in_scope = and_(in_scope, _stands_in(table, among))
    source = table
    is_newest: Condition = false()
    if newest is not None:
        source = table.join(newest, same_actor(table, newest))
        is_newest = is_among_newest(table, newest)
    elif policy.keep_last is not None:
        is_newest = is_among_newest(table, oldest_of_newest_beside(table, policy.keep_last))
    return source, Conditions(
        in_scope=in_scope,
        reasons={
            reason: reason_holds(table, reason, policy, now) if reason in policy.reasons else false()
            for reason in Reason
        },
        protections={
            Protection.PINNED: table.c.pinned_at.is_not(None),
            Protection.LEASED: and_(table.c.lease_expires_at.is_not(None), table.c.lease_expires_at > now),
            Protection.NEWEST: is_newest,
            Protection.FUTURE: or_(table.c.created_at > now, table.c.last_accessed_at > now),
        },
    )


def reason_holds(table: FromClause, reason: Reason, policy: RetentionPolicy, now: datetime) -> Condition:
    accessed = table.c.last_accessed_at
    is_past = accessed < now - policy.threshold(reason)
    match reason:
        case Reason.STALE:
            own = table.c.stale_after_seconds
            return case((own.is_(None), is_past), else_=later_by(accessed, own) < now)
        case Reason.EMPTY:
            return and_(table.c.message_count == 0, is_past)
        case Reason.ORPHANED:
            return and_(table.c.parent_session_id.is_not(None), is_past, not_(parent_exists(table)))


def parent_exists(table: FromClause) -> Condition:
    parents = sessions.alias()
    # The offset keeps PostgreSQL from hashing all sessions for the few that have a parent.
    parent = select(parents.c.session_id).where(parents.c.session_id == table.c.parent_session_id)
    return parent.correlate(table).offset(0).exists()


def matches(table: FromClause, wanted: SessionFilter) -> Condition:
    """Whether a row matches a filter; never NULL, so that it can be negated."""
    return func.coalesce(and_(*filters(table, wanted)), false()) if wanted else true()


def filters(table: FromClause, wanted: SessionFilter) -> list[Condition]:
    """What a row must fulfil to match a filter, in a form that indexes serve."""
    each: list[Condition] = [
        column.in_(values)
        for column, values in (
            (table.c.actor_name, wanted.actors),
            (table.c.source, wanted.sources),
            (table.c.namespace, wanted.namespaces),
        )
        if values
    ]
    if wanted.names:
        each.append(or_(*(matches_glob(table.c.name, glob) for glob in wanted.names)))
    return each


def _ancestors_of_survivors(  # noqa: PLR0913 - all that it may be narrowed by
    policy: RetentionPolicy,
    now: datetime,
    among: FromClause | None,
    newest: CTE | None,
    only: str | None,
    *,
    name: str = "blocked",
) -> CTE:
    """Ids with a surviving child, and the ancestors of those that only this keeps; each once."""
    survivor = sessions.alias("survivor")
    source, holds = _conditions(survivor, policy, now, among, newest)
    seed = (
        select(survivor.c.parent_session_id.label("session_id"))
        .select_from(source)
        .where(survivor.c.parent_session_id.is_not(None), not_(holds.is_purge))
    )
    if among is not None:
        # Only what stands there can be deleted, so only its descendants matter.
        seed = seed.where(survivor.c.parent_session_id.in_(select(among.c.session_id)))
    if only is not None:
        seed = seed.where(survivor.c.session_id.in_(select(_descendants(only).c.session_id)))
    blocked = seed.cte(name, recursive=True)
    saved = sessions.alias("saved")
    return blocked.union(
        select(saved.c.parent_session_id).where(
            saved.c.session_id == blocked.c.session_id, saved.c.parent_session_id.is_not(None)
        )
    )


def _descendants(session_id: str) -> CTE:
    child, grandchild = sessions.alias("child"), sessions.alias("grandchild")
    found = (
        select(child.c.session_id)
        .where(child.c.parent_session_id == session_id)
        .cte("descendants", recursive=True)
    )
    return found.union(
        select(grandchild.c.session_id).where(grandchild.c.parent_session_id == found.c.session_id)
    )


def _stands_in(table: FromClause, among: FromClause) -> Condition:
    if _are_ids(among):
        return table.c.session_id.in_(select(among.c.session_id))
    return exists().where(*(among.c[name] == table.c[name] for name in _GUARDED))


def _are_ids(among: FromClause | None) -> bool:
    """Whether only ids stand there, and nothing of how their sessions were."""
    return among is not None and _GUARDED[-1] not in among.c


def _newest_of_all(policy: RetentionPolicy) -> CTE | None:
    return None if policy.keep_last is None else oldest_of_newest(policy.keep_last)
