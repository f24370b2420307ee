"""Which sessions are among the newest of their actor, found by a few looks into the actors' index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from cleveragents.infrastructure.database.rows import sessions
from cleveragents.infrastructure.database.types import Key

_NO_ACTOR = ""


def oldest_of_newest(keep_last: int) -> CTE:
    """For each actor the last of its newest sessions, or NULL where it has fewer than `keep_last`.

    Sessions without an actor are a group like any other. No ranking of all sessions: each actor costs
    a jump to where the index has it and `keep_last` steps from there.
    """
    actors = _actors()
    of_actor = sessions.c.actor_name == actors.c.actor_name
    of_nobody = sessions.c.actor_name.is_(None)
    accessed, session_id = _last_of_newest(of_actor, keep_last)
    named = select(
        _key(actors.c.actor_name).label("key"),
        accessed.label("last_accessed_at"),
        session_id.label("session_id"),
    ).where(actors.c.actor_name.is_not(None))
    unnamed = select(literal(_NO_ACTOR, Key), *_last_of_newest(of_nobody, keep_last))
    return union_all(named, unnamed).cte("oldest_of_newest").prefix_with("MATERIALIZED")


@dataclass(frozen=True, slots=True)
class Newest:
    """The last of the newest sessions of one actor, as columns; NULL where it has too few."""

    last_accessed_at: ColumnElement[Any]
    session_id: ColumnElement[Any]


def oldest_of_newest_beside(rows: FromClause, keep_last: int) -> Newest:
    """The same for the actor of each row by itself: where there are few rows and many actors."""
    of_nobody = _last_of_newest(sessions.c.actor_name.is_(None), keep_last)
    of_actor = _last_of_newest(sessions.c.actor_name == rows.c.actor_name, keep_last)
    has_none = rows.c.actor_name.is_(None)
    accessed, session_id = (
        case((has_none, nobodys), else_=own) for nobodys, own in zip(of_nobody, of_actor, strict=True)
    )
    return Newest(accessed, session_id)


def same_actor(rows: FromClause, oldest: CTE) -> ColumnElement[bool]:
    """To join the two on; exactly one row of `oldest` fits."""
    return oldest.c.key == _key(rows.c.actor_name)


def is_among_newest(rows: FromClause, oldest: CTE | Newest) -> ColumnElement[bool]:
    last = oldest if isinstance(oldest, Newest) else Newest(oldest.c.last_accessed_at, oldest.c.session_id)
    return or_(
        last.session_id.is_(None),
        rows.c.last_accessed_at > last.last_accessed_at,
        and_(rows.c.last_accessed_at == last.last_accessed_at, rows.c.session_id >= last.session_id),
    )


def _key(actor_name: ColumnElement[Any]) -> ColumnElement[str]:
    """An actor as a value that is equal to itself, which NULL is not, and that no other actor has."""
    return func.coalesce(literal("=", Key).concat(actor_name), _NO_ACTOR)


def _actors() -> CTE:
    """Every actor once, by jumping from each to the next; NULL at the end."""
    first: Select[Any] = select(func.min(sessions.c.actor_name).label("actor_name"))
    actors = first.cte("actors", recursive=True)
    following = select(func.min(sessions.c.actor_name)).where(sessions.c.actor_name > actors.c.actor_name)
    return actors.union_all(
        select(following.correlate(actors).scalar_subquery()).where(actors.c.actor_name.is_not(None))
    )


def _last_of_newest(belongs: ColumnElement[bool], keep_last: int) -> list[ScalarSelect[Any]]:
    """Its `last_accessed_at` and its `session_id`."""
    newest_first = sessions.c.last_accessed_at.desc(), sessions.c.session_id.desc()
    return [
        select(column).where(belongs).order_by(*newest_first).offset(keep_last - 1).limit(1).scalar_subquery()
        for column in (sessions.c.last_accessed_at, sessions.c.session_id)
    ]
