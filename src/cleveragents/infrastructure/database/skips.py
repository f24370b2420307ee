"""Why a session that was chosen, or planned, is still there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, case, exists, func, not_, or_, select

from cleveragents.domain.report import SKIPS_NAMED, Skip, SkipReason
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.infrastructure.database.selection import selection
from cleveragents.infrastructure.database.temporary import (
    chosen,
    edited,
    is_as_it_was,
    lockable,
    victims,
)


def named_skips(connection: Connection, policy: RetentionPolicy, now: datetime) -> dict[str, Any]:
    """Say for each session that was chosen and not deleted why not."""
    is_postgresql = connection.dialect.name == "postgresql"
    statement = why_not(policy, now, of=chosen, scope=lockable, but=victims, is_postgresql=is_postgresql)
    why = statement.subquery()
    counted = connection.execute(select(why.c.reason, func.count()).group_by(why.c.reason))
    rows = connection.execute(select(why).order_by(why.c.session_id).limit(SKIPS_NAMED))
    return {
        "skipped_by_reason": {SkipReason(reason): number for reason, number in counted},
        "skipped": tuple(Skip(session_id=row.session_id, reason=SkipReason(row.reason)) for row in rows),
    }


def why_not(  # noqa: PLR0913 - three tables, each with a part of its own
    policy: RetentionPolicy, now: datetime, *, of: Table, scope: Table, but: Table, is_postgresql: bool
) -> Select[*tuple[Any, ...]]:
    """Name the first reason that holds for each session of one table that is not in another.

    `scope` are those that the selection was narrowed to when that other table was filled.
    """
    selected = selection(policy, now, scope)
    judged, protections = selected.rows, selected.conditions.protections
    is_used = or_(
        judged.c.last_accessed_at != of.c.last_accessed_at,
        judged.c.message_count != of.c.message_count,
    )
    reasons = {
        SkipReason.REMOVED: judged.c.session_id.is_(None),
        SkipReason.USED: is_used,
        **{SkipReason(protection.value): holds for protection, holds in protections.items()},
        SkipReason.CHANGED: judged.c.content_bytes != of.c.content_bytes,
    }
    if scope is lockable:
        same_row = is_as_it_was(of, is_postgresql=is_postgresql)
        is_out = not_(exists().where(scope.c.session_id == of.c.session_id))
        is_edited = exists().where(edited.c.session_id == of.c.session_id)
        reasons[SkipReason.CHANGED] = or_(reasons[SkipReason.CHANGED], not_(same_row), is_edited)
        reasons[SkipReason.LOCKED] = and_(is_out, same_row)
    reason = case(
        *((holds, why.value) for why, holds in reasons.items()), else_=SkipReason.NOT_ELIGIBLE.value
    )
    return (
        select(of.c.session_id, reason.label("reason"))
        .select_from(of.outerjoin(selected.source, judged.c.session_id == of.c.session_id))
        .where(not_(exists().where(but.c.session_id == of.c.session_id)))
    )
