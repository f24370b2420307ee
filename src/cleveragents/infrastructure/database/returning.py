"""How long sessions lay unused, and whether somebody came back to them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import accumulate

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    case,
    func,
    literal,
    select,
    union_all,
)

from cleveragents.domain.adaptive import STEP, AutoThreshold, Unused
from cleveragents.domain.duration import MICROSECOND
from cleveragents.infrastructure.database.functions import greatest_of, microseconds_between
from cleveragents.infrastructure.database.rows import session_messages, sessions
from cleveragents.infrastructure.database.types import Count, Key, UtcDateTime


def unused(connection: Connection, auto: AutoThreshold, now: datetime) -> Unused:
    """Count them for each age that is tried, in one statement with a result as small as their number.

    A session was used when it was created, when a message was appended, and when it was last accessed.
    Messages dated outside of its life count for nothing. Only a session that lived for longer than the
    shortest age can have been used again after that, so only the messages of such are read.
    """
    gaps = _longest_gaps(auto)
    gap = func.coalesce(gaps.c.gap, literal(0, Count))
    since = microseconds_between(sessions.c.last_accessed_at, literal(now, UtcDateTime))
    reached = select(
        literal("reached", Key).label("what"),
        _ages_below(greatest_of(gap, since), auto).label("ages"),
        func.count().label("sessions"),
    ).select_from(sessions.outerjoin(gaps, gaps.c.session_id == sessions.c.session_id))
    returned = select(literal("returned", Key), _ages_below(gaps.c.gap, auto).label("ages"), func.count())
    counted = union_all(reached.group_by("ages"), returned.group_by("ages"))
    counts: dict[str, Counter[int]] = {"reached": Counter(), "returned": Counter()}
    for what, ages, number in connection.execute(counted):
        counts[what][ages] += number
    number = len(auto.ages)
    return Unused(_of_each_age(counts["reached"], number), _of_each_age(counts["returned"], number))


def _longest_gaps(auto: AutoThreshold) -> CTE:
    """The longest time between two uses of each session that lived long enough to have come back to."""
    life = microseconds_between(sessions.c.created_at, sessions.c.last_accessed_at)
    lived = (
        select(sessions.c.session_id, sessions.c.created_at, sessions.c.last_accessed_at)
        .where(life > _microseconds(auto.least))
        .cte("lived")
    )
    # For one session at a time: neither database then reads other messages, or sorts those of all.
    at = session_messages.c.created_at
    before = func.lag(at, 1, lived.c.created_at).over(order_by=at)
    appended = (
        select(at.label("at"), microseconds_between(before, at).label("gap"))
        .where(
            session_messages.c.session_id == lived.c.session_id,
            at.between(lived.c.created_at, lived.c.last_accessed_at),
        )
        .correlate(lived)
        .subquery("appended")
    )
    last = func.max(appended.c.at)
    longest = greatest_of(func.max(appended.c.gap), microseconds_between(last, lived.c.last_accessed_at))
    gap = select(case((last.is_not(None), longest))).correlate(lived).scalar_subquery()
    whole_life = microseconds_between(lived.c.created_at, lived.c.last_accessed_at)
    return (
        select(lived.c.session_id, func.coalesce(gap, whole_life).label("gap"))
        .cte("gaps")
        .prefix_with("MATERIALIZED")
    )


def _ages_below(span: ColumnElement[int], auto: AutoThreshold) -> ColumnElement[int]:
    """How many of the ages that are tried are shorter than a span."""
    least, most, step = map(_microseconds, (auto.least, auto.most, STEP))
    return case(
        (span > most, len(auto.ages)),
        (span > least, (span - (least - step + 1)) // step),
        else_=0,
    )


def _of_each_age(counts: Counter[int], number: int) -> list[int]:
    """A session whose span is longer than so many ages counts for each of them."""
    from_the_longest = accumulate(counts[ages] for ages in range(number, 0, -1))
    return list(from_the_longest)[::-1]


def _microseconds(duration: timedelta) -> int:
    return duration // MICROSECOND
