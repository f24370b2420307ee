"""Counting what the selection finds, without writing anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    and_,
    exists,
    func,
    not_,
    select,
)

from cleveragents.domain.report import Candidate, Findings, Kept
from cleveragents.domain.retention import Protection, Reason, RetentionPolicy
from cleveragents.infrastructure.database.functions import octets, whole_sum
from cleveragents.infrastructure.database.given import ids_given
from cleveragents.infrastructure.database.rows import dangling_sessions, session_messages, sessions
from cleveragents.infrastructure.database.selection import (
    BITS,
    FIRST_PROTECTION,
    flagged,
    matches,
    selection,
    verdict_of,
)
from cleveragents.infrastructure.spool import spooled

_ROWS_AT_A_TIME = 500
_SHOWN = (
    "session_id",
    "name",
    "actor_name",
    "source",
    "last_accessed_at",
    "message_count",
    "content_bytes",
)


def find(
    connection: Connection,
    policy: RetentionPolicy,
    now: datetime,
    *,
    listed: int | None,
    among: Collection[str] | None = None,
) -> Findings:
    """Count every session under its verdict and list the first candidates, oldest first.

    With `among`, only the sessions of these ids, and no dangling message.
    """
    named = None if among is None else ids_given(connection, among)
    counted = flagged(policy, now, named).cte("flagged").prefix_with("MATERIALIZED")
    if named is not None:
        return find_in(connection, counted, policy, now, listed=listed, among=named)
    return _findings(connection, counted, _listed(policy, now, listed), policy, now)


def find_in(  # noqa: PLR0913 - what `find` takes, and where to look
    connection: Connection,
    found: FromClause,
    policy: RetentionPolicy,
    now: datetime,
    *,
    listed: int | None,
    among: FromClause | None = None,
) -> Findings:
    """The same, where the selection's rows are at hand in the table `found`."""
    # Sorted and cut before the join, or PostgreSQL sorts whole rows of all.
    first = (
        select(found.c.session_id, found.c.flags)
        .where(found.c.flags < FIRST_PROTECTION)
        .order_by(found.c.last_accessed_at, found.c.session_id)
        .limit(listed)
        .subquery("first")
    )
    oldest = (
        select(*_shown_of(sessions), first.c.flags)
        .join(first, first.c.session_id == sessions.c.session_id)
        .order_by(sessions.c.last_accessed_at, sessions.c.session_id)
    )
    return _findings(connection, found, oldest, policy, now, among)


def _findings(  # noqa: PLR0913, PLR0917 - two statements, and what they are about
    connection: Connection,
    found: FromClause,
    oldest: Select[*tuple[Any, ...]],
    policy: RetentionPolicy,
    now: datetime,
    among: FromClause | None = None,
) -> Findings:
    totals = connection.execute(_totals(policy, among)).one()
    tally = tallied(connection, found)
    dangling = None if among is not None else _dangling(connection, policy, now)
    streamed = {"yield_per": _ROWS_AT_A_TIME}
    rows = connection.execute(oldest, execution_options=streamed) if tally.candidates else ()
    return Findings(
        scanned=totals.scanned,
        only_named=among is not None,
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
        sessions=spooled(_candidate(row) for row in rows),
    )


@dataclass(slots=True)
class Tally:
    """Sessions added up by their verdict; `messages` and `content_bytes` are those of the candidates."""

    candidates: int = 0
    protected: int = 0
    messages: int = 0
    content_bytes: int = 0
    by_reason: Counter[Reason] = field(default_factory=Counter)
    by_protection: Counter[Protection] = field(default_factory=Counter)


def tallied(connection: Connection, found: FromClause) -> Tally:
    """Add up the selection's rows: the database groups them, the domain's verdict counts them."""
    tally = Tally()
    groups = select(
        found.c.flags,
        func.count().label("sessions"),
        whole_sum(found.c.message_count).label("messages"),
        whole_sum(found.c.content_bytes).label("content_bytes"),
    ).group_by(found.c.flags)
    for group in connection.execute(groups):
        verdict = verdict_of("", group.flags, in_scope=True)
        if verdict.is_purge:
            tally.candidates += group.sessions
            tally.messages += group.messages
            tally.content_bytes += group.content_bytes
            tally.by_reason.update(dict.fromkeys(verdict.reasons, group.sessions))
        else:
            tally.protected += group.sessions
            tally.by_protection.update(dict.fromkeys(verdict.protections, group.sessions))
    return tally


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


def _totals(policy: RetentionPolicy, among: FromClause | None) -> Select[*tuple[Any, ...]]:
    in_scope = matches(sessions, policy.narrowed_to)
    totals = select(
        func.count().label("scanned"), func.count().filter(in_scope).label("in_scope")
    ).select_from(sessions)
    return totals if among is None else totals.where(sessions.c.session_id.in_(select(among.c.session_id)))


def _listed(policy: RetentionPolicy, now: datetime, listed: int | None) -> Select[*tuple[Any, ...]]:
    """The oldest candidates, found by walking the index of last access until there are enough."""
    chosen = selection(policy, now)
    return (
        select(*_shown_of(chosen.rows), chosen.conditions.flags.label("flags"))
        .select_from(chosen.source)
        .where(chosen.conditions.is_purge)
        .order_by(chosen.rows.c.last_accessed_at, chosen.rows.c.session_id)
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


def _shown_of(rows: FromClause) -> list[ColumnElement[Any]]:
    """What a candidate is listed with: not the metadata, which may be of any length."""
    return [rows.c[name] for name in _SHOWN]


def _candidate(row: Row[*tuple[Any, ...]]) -> Candidate:
    return Candidate(
        session_id=row.session_id,
        name=row.name,
        actor_name=row.actor_name,
        source=row.source,
        last_accessed_at=row.last_accessed_at,
        message_count=row.message_count,
        content_bytes=row.content_bytes,
        reasons=tuple(reason for reason in Reason if row.flags & BITS[reason]),
    )
