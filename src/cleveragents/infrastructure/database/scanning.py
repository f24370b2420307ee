"""Counting what the selection finds, without writing anything."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    cast,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from cleveragents.domain.report import Candidate, Findings, Kept
from cleveragents.domain.retention import Protection, Reason, RetentionPolicy, Verdict
from cleveragents.infrastructure.database.rows import dangling_sessions, session_messages, sessions
from cleveragents.infrastructure.database.selection import candidates, matches, selection
from cleveragents.infrastructure.database.types import Count

_BITS: dict[Reason | Protection, int] = {
    flag: 1 << place for place, flag in enumerate((*Reason, *Protection))
}


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
    totals = connection.execute(_totals(policy)).one()
    tally = _Tally()
    for group in connection.execute(_verdict_groups(policy, now)):
        tally.add(_verdict(group.flags), group)
    dangling = _dangling(connection, policy, now)
    found = connection.execute(_listed(policy, now, listed)) if tally.candidates else ()
    return Findings(
        scanned=totals.scanned,
        candidates=tally.candidates,
        by_reason={reason: tally.by_reason[reason] for reason in Reason},
        kept=Kept(
            protected=tally.protected,
            recent=totals.in_scope - tally.candidates - tally.protected,
            filtered=totals.scanned - totals.in_scope,
        ),
        protected={protection: tally.by_protection[protection] for protection in Protection},
        messages=tally.messages,
        content_bytes=tally.content_bytes,
        dangling_messages=dangling.messages if dangling else 0,
        dangling_bytes=dangling.content_bytes if dangling else 0,
        sessions=tuple(_candidate(row) for row in found),
    )


class _Tally:
    """Adds up groups of sessions that share a verdict."""

    def __init__(self) -> None:
        self.candidates = self.protected = self.messages = self.content_bytes = 0
        self.by_reason: Counter[Reason] = Counter()
        self.by_protection: Counter[Protection] = Counter()

    def add(self, verdict: Verdict, group: Row[*tuple[Any, ...]]) -> None:
        if not verdict.is_purge:
            self.protected += group.sessions
            self.by_protection.update(dict.fromkeys(verdict.protections, group.sessions))
            return
        self.candidates += group.sessions
        self.messages += group.messages
        self.content_bytes += group.content_bytes
        self.by_reason.update(dict.fromkeys(verdict.reasons, group.sessions))


def dangling_ids() -> Select[str]:
    """The ids that messages were left under, and that no session has now."""
    is_back = exists().where(sessions.c.session_id == dangling_sessions.c.session_id)
    return select(dangling_sessions.c.session_id).where(not_(is_back))


def is_dangling(
    policy: RetentionPolicy, now: datetime, ids: Select[str] | None = None
) -> ColumnElement[bool]:
    """A message left under one of these ids (all by default) and older than `orphaned_after`."""
    return and_(
        session_messages.c.session_id.in_(dangling_ids() if ids is None else ids),
        session_messages.c.created_at < now - policy.orphaned_after,
    )


def _totals(policy: RetentionPolicy) -> Select[*tuple[Any, ...]]:
    in_scope = matches(sessions, policy.narrowed_to)
    return select(func.count().label("scanned"), func.count().filter(in_scope).label("in_scope")).select_from(
        sessions
    )


def _verdict_groups(policy: RetentionPolicy, now: datetime) -> Select[*tuple[Any, ...]]:
    """Count the sessions that a reason selects, or that are dated in the future, by verdict.

    The conditions become one number for each session, so that the database works each of them out
    once and sorts by a single small column. All the others are recent, or outside the filters.
    """
    judged, holds, is_ancestor = selection(policy, now)
    is_future = holds.protections[Protection.FUTURE]
    conditions: dict[Any, ColumnElement[bool]] = {
        **holds.reasons,
        **holds.protections,
        Protection.ANCESTOR: is_ancestor,
    }
    bits = (
        case((conditions[flag], literal_column(str(bit))), else_=literal_column("0"))
        for flag, bit in _BITS.items()
    )
    flagged = (
        select(reduce(add, bits).label("flags"), judged.c.message_count, judged.c.content_bytes)
        .where(holds.in_scope, or_(is_future, *holds.reasons.values()))
        .cte("flagged")
        .prefix_with("MATERIALIZED")
    )
    return select(
        flagged.c.flags,
        func.count().label("sessions"),
        whole_sum(flagged.c.message_count).label("messages"),
        whole_sum(flagged.c.content_bytes).label("content_bytes"),
    ).group_by(flagged.c.flags)


def _verdict(flags: int) -> Verdict:
    return Verdict(
        session_id="",
        in_scope=True,
        reasons=frozenset(reason for reason in Reason if flags & _BITS[reason]),
        protections=frozenset(protection for protection in Protection if flags & _BITS[protection]),
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
