"""The one selection: a retention policy as one SQL statement.

`cleveragents.domain.retention.judge` is its specification. Scan, dry run, purge, explain and list
all read these columns; none has conditions of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    case,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from cleveragents.domain.retention import Protection, Reason, RetentionPolicy, SessionFilter
from cleveragents.infrastructure.database.rows import sessions
from cleveragents.infrastructure.database.types import UtcDateTime

Condition = ColumnElement[bool]


class later_by(FunctionElement[datetime]):  # noqa: N801 - it reads as the SQL function it is
    """A moment plus a column of whole seconds, to the microsecond."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(later_by, "sqlite")
def _later_by_on_sqlite(element: later_by, compiler: SQLCompiler, **kwargs: Any) -> str:
    moment, seconds = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"({moment} + {seconds} * 1000000)"


@compiles(later_by, "postgresql")
def _later_by_on_postgresql(element: later_by, compiler: SQLCompiler, **kwargs: Any) -> str:
    moment, seconds = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"({moment} + make_interval(secs => {seconds}))"


class matches_glob(FunctionElement[bool]):  # noqa: N801 - it reads as the SQL operator it is
    """Text against a glob of `*` and `?`, case counting; NULL matches nothing."""

    inherit_cache = True


@compiles(matches_glob, "sqlite")
def _glob_on_sqlite(element: matches_glob, compiler: SQLCompiler, **kwargs: Any) -> str:
    text, glob = (compiler.process(clause, **kwargs) for clause in element.clauses)
    # SQLite's own GLOB also knows [a-z]; ours does not.
    return f"({text} GLOB replace({glob}, '[', '[[]'))"


@compiles(matches_glob, "postgresql")
def _glob_on_postgresql(element: matches_glob, compiler: SQLCompiler, **kwargs: Any) -> str:
    text, glob = (compiler.process(clause, **kwargs) for clause in element.clauses)
    escaped = glob
    for plain, meant in (("\\", r"\\"), ("%%", r"\%%"), ("_", r"\_"), ("*", "%%"), ("?", "_")):
        escaped = f"replace({escaped}, '{plain}', '{meant}')"
    return f"({text} LIKE {escaped})"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the policy says of one row of `sessions` (or of an alias of it), kin apart from ancestry."""

    in_scope: Condition
    reasons: dict[Reason, Condition]
    protections: dict[Protection, Condition]

    @property
    def is_eligible(self) -> Condition:
        """A candidate, unless it turns out to be the ancestor of a survivor."""
        return and_(self.in_scope, or_(*self.reasons.values()), not_(or_(*self.protections.values())))


def conditions(
    table: FromClause, policy: RetentionPolicy, now: datetime, planned: Table | None = None
) -> Conditions:
    in_scope = matches(table, policy.narrowed_to)
    if planned is not None:
        in_scope = and_(in_scope, _unchanged_since_planned(table, planned))
    return Conditions(
        in_scope=in_scope,
        reasons={
            reason: reason_holds(table, reason, policy, now) if reason in policy.reasons else false()
            for reason in Reason
        },
        protections={
            Protection.PINNED: table.c.pinned_at.is_not(None),
            Protection.LEASED: and_(table.c.lease_expires_at.is_not(None), table.c.lease_expires_at > now),
            Protection.NEWEST: _is_among_newest(table, policy.keep_last),
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
            parents = sessions.alias()
            parent_exists = exists().where(parents.c.session_id == table.c.parent_session_id)
            return and_(table.c.parent_session_id.is_not(None), is_past, not_(parent_exists))


def matches(table: FromClause, wanted: SessionFilter) -> Condition:
    """Whether a row matches a filter; never NULL, so that it can be negated."""
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
    return func.coalesce(and_(*each), false()) if each else true()


def selection(
    policy: RetentionPolicy, now: datetime, planned: Table | None = None
) -> tuple[FromClause, Conditions, Condition]:
    """The sessions, the policy's conditions on them, and whether one has a surviving descendant.

    With `planned`, only sessions that stand in that table with unchanged guard values can be
    eligible, and every other session is a survivor whose ancestors stay.
    """
    judged = sessions.alias("judged")
    blocked = _ancestors_of_survivors(policy, now, planned)
    is_ancestor = judged.c.session_id.in_(select(blocked.c.session_id))
    return judged, conditions(judged, policy, now, planned), is_ancestor


def candidates(
    policy: RetentionPolicy, now: datetime, planned: Table | None = None
) -> Select[*tuple[Any, ...]]:
    """Every session to purge, with the reasons: what a purge deletes and a dry run lists."""
    judged, holds, is_ancestor = selection(policy, now, planned)
    statement = select(
        judged.c.session_id,
        judged.c.last_accessed_at,
        judged.c.message_count,
        judged.c.content_bytes,
        *(condition.label(reason.value) for reason, condition in holds.reasons.items()),
    ).where(holds.is_eligible, not_(is_ancestor))
    if planned is not None:
        statement = statement.where(judged.c.session_id.in_(select(planned.c.session_id)))
    return statement


def _ancestors_of_survivors(policy: RetentionPolicy, now: datetime, planned: Table | None) -> CTE:
    """Ids with a surviving child, and the ancestors of those that only this keeps."""
    survivor = sessions.alias("survivor")
    is_survivor = not_(conditions(survivor, policy, now, planned).is_eligible)
    seed = select(survivor.c.parent_session_id.label("session_id")).where(
        survivor.c.parent_session_id.is_not(None), is_survivor
    )
    if planned is not None:
        # Only a planned session can be deleted, so only its descendants matter.
        seed = seed.where(survivor.c.parent_session_id.in_(select(planned.c.session_id)))
    blocked = seed.cte("blocked", recursive=True)
    saved = sessions.alias("saved")
    return blocked.union(
        select(saved.c.parent_session_id).where(
            saved.c.session_id == blocked.c.session_id, saved.c.parent_session_id.is_not(None)
        )
    )


def _is_among_newest(table: FromClause, keep_last: int | None) -> Condition:
    if keep_last is None:
        return false()
    ranked = select(
        sessions.c.session_id,
        func.row_number()
        .over(
            partition_by=sessions.c.actor_name,
            order_by=(sessions.c.last_accessed_at.desc(), sessions.c.session_id.desc()),
        )
        .label("rank"),
    ).subquery()
    return table.c.session_id.in_(select(ranked.c.session_id).where(ranked.c.rank <= keep_last))


def _unchanged_since_planned(table: FromClause, planned: Table) -> Condition:
    return exists().where(
        planned.c.session_id == table.c.session_id,
        planned.c.last_accessed_at == table.c.last_accessed_at,
        planned.c.message_count == table.c.message_count,
    )
