"""Why a session that was chosen is still there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, case, exists, func, not_, or_, select

from cleveragents.domain.report import SKIPS_NAMED, Skip, SkipReason
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.infrastructure.database.selection import selection
from cleveragents.infrastructure.database.temporary import chosen, victims


def named_skips(
    connection: Connection, policy: RetentionPolicy, now: datetime, planned: Table
) -> dict[str, Any]:
    """Say for each session that was chosen and not deleted why not."""
    why = _why_skipped(policy, now, planned).subquery()
    counted = connection.execute(select(why.c.reason, func.count()).group_by(why.c.reason))
    rows = connection.execute(select(why).order_by(why.c.session_id).limit(SKIPS_NAMED))
    return {
        "skipped_by_reason": {SkipReason(reason): number for reason, number in counted},
        "skipped": tuple(Skip(session_id=row.session_id, reason=SkipReason(row.reason)) for row in rows),
    }


def _why_skipped(policy: RetentionPolicy, now: datetime, planned: Table) -> Select[*tuple[Any, ...]]:
    """Name the first reason that holds for each session that was chosen and is no victim."""
    selected = selection(policy, now, planned)
    judged, protections = selected.rows, selected.conditions.protections
    is_used = or_(
        judged.c.last_accessed_at != chosen.c.last_accessed_at,
        judged.c.message_count != chosen.c.message_count,
    )
    is_locked = not_(exists().where(planned.c.session_id == chosen.c.session_id))
    reasons = {
        SkipReason.REMOVED: judged.c.session_id.is_(None),
        SkipReason.USED: is_used,
        SkipReason.LOCKED: is_locked,
        **{SkipReason(protection.value): holds for protection, holds in protections.items()},
    }
    reason = case(
        *((holds, why.value) for why, holds in reasons.items()), else_=SkipReason.NOT_ELIGIBLE.value
    )
    return (
        select(chosen.c.session_id, reason.label("reason"))
        .select_from(chosen.outerjoin(selected.source, judged.c.session_id == chosen.c.session_id))
        .where(not_(exists().where(victims.c.session_id == chosen.c.session_id)))
    )
