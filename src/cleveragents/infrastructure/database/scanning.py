"""Counting what the selection finds, without writing anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    cast,
    exists,
    false,
    func,
    not_,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from cleveragents.domain.report import Candidate, Findings, Kept
from cleveragents.domain.retention import Protection, Reason, RetentionPolicy
from cleveragents.infrastructure.database.rows import dangling_sessions, session_messages, sessions
from cleveragents.infrastructure.database.selection import candidates, selection
from cleveragents.infrastructure.database.types import Count


class octets(FunctionElement[int]):  # noqa: N801 - it reads as the SQL function it is
    """The length of a text in UTF-8 bytes."""

    type = Count
    inherit_cache = True


@compiles(octets, "postgresql")
def _octets_on_postgresql(element: octets, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"octet_length({compiler.process(element.clauses, **kwargs)})"


@compiles(octets, "sqlite")
def _octets_on_sqlite(element: octets, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"length(CAST({compiler.process(element.clauses, **kwargs)} AS BLOB))"


def whole_sum(column: ColumnElement[int], *where: ColumnElement[bool]) -> ColumnElement[int]:
    """A sum that is zero over no rows, and an integer on PostgreSQL too."""
    summed = func.sum(column).filter(*where) if where else func.sum(column)
    return cast(func.coalesce(summed, 0), BigInteger)


def find(connection: Connection, policy: RetentionPolicy, now: datetime, *, listed: int | None) -> Findings:
    """Count every session under its verdict and list the first candidates, oldest first."""
    counts = connection.execute(_counts(policy, now)).one()
    dangling = _dangling(connection, policy, now)
    found = connection.execute(_listed(policy, now, listed)) if counts.candidates else ()
    return Findings(
        scanned=counts.scanned,
        candidates=counts.candidates,
        by_reason={reason: getattr(counts, reason.value) for reason in Reason},
        kept=Kept(protected=counts.kept_protected, recent=counts.kept_recent, filtered=counts.kept_filtered),
        protected={protection: getattr(counts, protection.value) for protection in Protection},
        messages=counts.messages,
        content_bytes=counts.content_bytes,
        dangling_messages=dangling.messages if dangling else 0,
        dangling_bytes=dangling.content_bytes if dangling else 0,
        sessions=tuple(_candidate(row) for row in found),
    )


def is_dangling(policy: RetentionPolicy, now: datetime) -> ColumnElement[bool]:
    """A message whose session was recorded as gone, is still gone, and that is past `orphaned_after`."""
    return and_(
        session_messages.c.session_id.in_(select(dangling_sessions.c.session_id)),
        not_(exists().where(sessions.c.session_id == session_messages.c.session_id)),
        session_messages.c.created_at < now - policy.orphaned_after,
    )


def _counts(policy: RetentionPolicy, now: datetime) -> Select[*tuple[Any, ...]]:
    judged, holds, is_ancestor = selection(policy, now)
    has_reason = or_(false(), *holds.reasons.values())
    protections = {**holds.protections, Protection.ANCESTOR: is_ancestor}
    row = select(
        holds.in_scope.label("in_scope"),
        has_reason.label("has_reason"),
        *(condition.label(reason.value) for reason, condition in holds.reasons.items()),
        *(condition.label(protection.value) for protection, condition in protections.items()),
        judged.c.message_count,
        judged.c.content_bytes,
    ).subquery("verdicts")
    in_scope, reasoned = row.c.in_scope, row.c.has_reason
    is_protected = or_(*(row.c[protection.value] for protection in Protection))
    is_candidate = and_(in_scope, reasoned, not_(is_protected))
    is_saved = and_(in_scope, or_(and_(reasoned, is_protected), row.c[Protection.FUTURE.value]))

    def number(*holding: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(and_(*holding))

    return select(
        func.count().label("scanned"),
        number(is_candidate).label("candidates"),
        *(number(is_candidate, row.c[reason.value]).label(reason.value) for reason in Reason),
        *(number(is_saved, row.c[protection.value]).label(protection.value) for protection in Protection),
        number(is_saved).label("kept_protected"),
        number(in_scope, not_(is_candidate), not_(is_saved)).label("kept_recent"),
        number(not_(in_scope)).label("kept_filtered"),
        whole_sum(row.c.message_count, is_candidate).label("messages"),
        whole_sum(row.c.content_bytes, is_candidate).label("content_bytes"),
    )


def _listed(policy: RetentionPolicy, now: datetime, listed: int | None) -> Select[*tuple[Any, ...]]:
    chosen = candidates(policy, now).subquery("chosen")
    return (
        select(sessions, *(chosen.c[reason.value] for reason in Reason))
        .join(chosen, chosen.c.session_id == sessions.c.session_id)
        .order_by(sessions.c.last_accessed_at, sessions.c.session_id)
        .limit(listed)
    )


def _dangling(connection: Connection, policy: RetentionPolicy, now: datetime) -> Row[*tuple[Any, ...]] | None:
    if not policy.selects_dangling:
        return None
    content_bytes = whole_sum(octets(session_messages.c.content))
    return connection.execute(
        select(func.count().label("messages"), content_bytes.label("content_bytes")).where(
            is_dangling(policy, now)
        )
    ).one()


def _candidate(row: Row[*tuple[Any, ...]]) -> Candidate:
    return Candidate(
        session_id=row.session_id,
        name=row.name,
        actor_name=row.actor_name,
        source=row.source,
        last_accessed_at=row.last_accessed_at,
        message_count=row.message_count,
        content_bytes=row.content_bytes,
        reasons=tuple(reason for reason in Reason if getattr(row, reason.value)),
    )
