"""Who was warned of which session before it became eligible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, not_, or_, select, update

from cleveragents.domain.listing import ExpiringSession
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.infrastructure.database.expiring import expiring, with_moments
from cleveragents.infrastructure.database.listing import expiring_from
from cleveragents.infrastructure.database.rows import expiry_warnings, sessions
from cleveragents.infrastructure.spool import spooled

_ROWS_AT_A_TIME = 500


class SqlExpiryWarnings:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def pending(self, policy: RetentionPolicy, now: datetime, until: datetime) -> Sequence[ExpiringSession]:
        due = with_moments(expiring(policy, now, until), policy, until).subquery("due")
        is_settled = and_(
            expiry_warnings.c.session_id == sessions.c.session_id,
            expiry_warnings.c.last_accessed_at == sessions.c.last_accessed_at,
            expiry_warnings.c.claim.is_(None),
        )
        statement = (
            select(sessions, due.c.eligible_at)
            .join(due, due.c.session_id == sessions.c.session_id)
            .outerjoin(expiry_warnings, is_settled)
            .where(expiry_warnings.c.session_id.is_(None))
            .order_by(due.c.eligible_at, due.c.session_id)
        )
        rows = self._connection.execute(statement, execution_options={"yield_per": _ROWS_AT_A_TIME})
        return spooled(map(expiring_from, rows))

    def claim(
        self, found: Sequence[ExpiringSession], claim: str, now: datetime, until: datetime
    ) -> Sequence[ExpiringSession]:
        same = self._unchanged(found)
        rows = [
            {
                "session_id": entry.session.session_id,
                "last_accessed_at": entry.session.last_accessed_at,
                "claim": claim,
                "claimed_until": until,
            }
            # In one order, so that warners who claim at once do not wait for each other in a ring.
            for entry in sorted(same, key=lambda entry: entry.session.session_id)
        ]
        if rows:
            self._connection.execute(self._take(now), rows)
        mine = select(expiry_warnings.c.session_id).where(expiry_warnings.c.claim == claim)
        claimed = set(self._connection.scalars(mine))
        return [entry for entry in same if entry.session.session_id in claimed]

    def _unchanged(self, found: Sequence[ExpiringSession]) -> list[ExpiringSession]:
        """Those that nobody used, pinned or removed meanwhile, nor can before this transaction ends."""
        ids = sorted(entry.session.session_id for entry in found)
        statement = (
            select(sessions.c.session_id, sessions.c.last_accessed_at)
            .where(sessions.c.session_id.in_(ids), sessions.c.pinned_at.is_(None))
            .order_by(sessions.c.session_id)
            .with_for_update(read=True)
        )
        seen = {row.session_id: row.last_accessed_at for row in self._connection.execute(statement)}
        return [
            entry for entry in found if seen.get(entry.session.session_id) == entry.session.last_accessed_at
        ]

    def _take(self, now: datetime) -> Any:
        if self._connection.dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import insert
        else:
            from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]
        taking = insert(expiry_warnings)
        others = expiry_warnings.c
        is_reset = others.last_accessed_at != taking.excluded.last_accessed_at
        is_abandoned = and_(others.claim.is_not(None), others.claimed_until <= now)
        return taking.on_conflict_do_update(
            index_elements=[others.session_id],
            set_={name: taking.excluded[name] for name in ("last_accessed_at", "claim", "claimed_until")},
            where=or_(is_reset, is_abandoned),
        )

    def settle(self, claim: str) -> None:
        own = expiry_warnings.c.claim == claim
        self._connection.execute(update(expiry_warnings).where(own).values(claim=None, claimed_until=None))

    def release(self, claim: str) -> None:
        self._connection.execute(delete(expiry_warnings).where(expiry_warnings.c.claim == claim))

    def gone(self, limit: int) -> Sequence[str]:
        statement = select(expiry_warnings.c.session_id).where(_is_gone()).limit(limit)
        return self._connection.scalars(statement).all()

    def forget(self, session_ids: Sequence[str]) -> None:
        """Those of the sessions that are still gone."""
        remembered = expiry_warnings.c.session_id.in_(session_ids)
        self._connection.execute(delete(expiry_warnings).where(remembered, _is_gone()))


def _is_gone() -> Any:
    return not_(exists().where(sessions.c.session_id == expiry_warnings.c.session_id))
