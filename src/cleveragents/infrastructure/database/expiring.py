"""Sessions that are no candidates yet and will be if nobody touches them, and when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    func,
    literal,
    not_,
    select,
    type_coerce,
    union_all,
)

from cleveragents.domain.duration import LONGEST, MICROSECOND, SECOND
from cleveragents.domain.retention import Reason, RetentionPolicy
from cleveragents.infrastructure.database.functions import greatest_of, later_by_microseconds, least_of
from cleveragents.infrastructure.database.rows import sessions
from cleveragents.infrastructure.database.selection import judged_again, parent_exists, selection
from cleveragents.infrastructure.database.types import Count

_NEVER = literal(2 * LONGEST // MICROSECOND, Count)
"""Longer than any threshold."""


def expiring(policy: RetentionPolicy, now: datetime, then: datetime) -> CTE:
    """`session_id` and `parent_session_id` of what the selection finds at `then` and not at `now`.

    `own_at` is when the session would become a candidate had it no descendants.
    """
    later = selection(policy, then)
    sooner = judged_again(later, policy, now)
    rows = later.rows
    return (
        select(
            rows.c.session_id,
            rows.c.parent_session_id,
            _own_moment(rows, policy, policy.reasons).label("own_at"),
        )
        .select_from(sooner.source)
        .where(later.conditions.is_purge, not_(sooner.conditions.is_purge))
        .cte("expiring")
        .prefix_with("MATERIALIZED")
    )


def with_moments(found: CTE, policy: RetentionPolicy, then: datetime) -> Select[*tuple[Any, ...]]:
    """`session_id` and `eligible_at` of each: when the last of its descendants and itself is due.

    All descendants of a session that is found are candidates by then, or it were their protected
    ancestor. What it waits for is carried up from the leaves, so that a long line costs its length.
    """
    parents = (
        select(found.c.parent_session_id.label("session_id"))
        .where(found.c.parent_session_id.is_not(None), found.c.parent_session_id != found.c.session_id)
        .distinct()
        .subquery("parents")
    )
    beside_parents = found.outerjoin(parents, parents.c.session_id == found.c.session_id)
    is_leaf = parents.c.session_id.is_(None)
    of_leaves = _to_parents(found).select_from(beside_parents).where(is_leaf)
    from_leaves = _carried_up("from_leaves", of_leaves, policy, then)
    # What descends from itself has no leaves below it, unless other sessions descend from it too.
    reached = select(from_leaves.c.session_id).distinct().subquery("reached")
    of_rings = (
        _to_parents(found)
        .select_from(beside_parents.outerjoin(reached, reached.c.session_id == found.c.session_id))
        .where(not_(is_leaf), reached.c.session_id.is_(None))
    )
    from_rings = _carried_up("from_rings", of_rings, policy, then)
    carried = union_all(
        select(from_leaves.c.session_id, from_leaves.c.at), select(from_rings.c.session_id, from_rings.c.at)
    ).subquery("carried")
    last = (
        select(carried.c.session_id, func.max(carried.c.at).label("at"))
        .group_by(carried.c.session_id)
        .subquery("last")
    )
    own_at = found.c.own_at
    return select(
        found.c.session_id, greatest_of(own_at, func.coalesce(last.c.at, own_at)).label("eligible_at")
    ).select_from(found.outerjoin(last, last.c.session_id == found.c.session_id))


def _to_parents(found: CTE) -> Select[*tuple[Any, ...]]:
    return select(found.c.parent_session_id.label("session_id"), found.c.own_at.label("at")).where(
        found.c.parent_session_id.is_not(None)
    )


def _carried_up(name: str, seed: Select[*tuple[Any, ...]], policy: RetentionPolicy, then: datetime) -> CTE:
    """Each ancestor with the latest moment on the way to it."""
    carried = seed.cte(name, recursive=True)
    ancestor = sessions.alias("ancestor")
    # It is carried on only to parents that exist, so no session on the way is orphaned.
    own_at = _own_moment(ancestor, policy, policy.reasons - {Reason.ORPHANED})
    return carried.union(
        select(ancestor.c.parent_session_id, greatest_of(carried.c.at, own_at)).where(
            ancestor.c.session_id == carried.c.session_id,
            ancestor.c.parent_session_id.is_not(None),
            # What is dated later is no candidate, and may be dated beyond all reckoning.
            ancestor.c.last_accessed_at <= then,
        )
    )


def _own_moment(
    table: FromClause, policy: RetentionPolicy, reasons: Collection[Reason]
) -> ColumnElement[datetime]:
    """The first moment at which a reason selects a row and neither its lease nor its date protects it."""
    waits = (_wait(table, reason, policy) for reason in Reason if reason in reasons)
    accessed = table.c.last_accessed_at
    return greatest_of(
        later_by_microseconds(accessed, least_of(_NEVER, *waits)),
        func.coalesce(table.c.lease_expires_at, accessed),
        table.c.created_at,
    )


def _wait(table: FromClause, reason: Reason, policy: RetentionPolicy) -> ColumnElement[int]:
    """How many microseconds after its last access a reason selects a row: one more than its threshold."""
    wait = literal(policy.threshold(reason) // MICROSECOND + 1, Count)
    match reason:
        case Reason.STALE:
            own = type_coerce(table.c.stale_after_seconds, Count)
            in_a_second = literal(SECOND // MICROSECOND, Count)
            return case((own.is_(None), wait), else_=own * in_a_second + literal(1, Count))
        case Reason.EMPTY:
            return case((table.c.message_count == 0, wait), else_=_NEVER)
        case Reason.ORPHANED:
            is_orphan = and_(table.c.parent_session_id.is_not(None), not_(parent_exists(table)))
            return case((is_orphan, wait), else_=_NEVER)
