"""What only other sessions tell about one, looked at again right before the deletes.

A session that nobody touched may be protected all the same: newer ones of its actor went meanwhile, or it
became a parent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from cleveragents.domain.ports.adapters import StoreRun
from cleveragents.domain.report import SkipReason
from cleveragents.domain.retention import Protection, RetentionPolicy
from cleveragents.infrastructure.database.rows import sessions
from cleveragents.infrastructure.database.selection import BITS, FIRST_PROTECTION, flagged
from cleveragents.infrastructure.stores.projection import Projection, projecting


def protected_now(
    run: StoreRun, before: Projection, policy: RetentionPolicy, now: datetime
) -> Mapping[str, SkipReason]:
    """The sessions that the policy would select now but for a protection; none where kin cannot matter."""
    if policy.keep_last is None and not _has_kin(before.connection):
        return {}
    with projecting(before.kind) as again:
        again.fill(run.sessions(now))
        judged = flagged(policy, now).subquery("judged")
        rows = again.connection.execute(select(judged).where(judged.c.flags >= FIRST_PROTECTION))
        return {row.session_id: _why(row.flags) for row in rows}


def _has_kin(connection: Connection) -> bool:
    parent, child = sessions.alias("parent"), sessions.alias("child")
    is_child = child.c.parent_session_id == parent.c.session_id
    with connection.begin():
        found = select(child.c.session_id).join(parent, is_child).limit(1)
        return connection.scalar(found) is not None


def _why(flags: int) -> SkipReason:
    return next(SkipReason(each.value) for each in Protection if flags & BITS[each])
