"""Whether sessions' counters agree with their messages, and how to set them right."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, Table, func, or_, select, update

from cleveragents.infrastructure.database.functions import octets, whole_sum
from cleveragents.infrastructure.database.rows import session_messages, sessions


def mismatches(among: Table | None = None) -> Select[*tuple[Any, ...]]:
    """Sessions whose counters are wrong, with what they should say; reads every message of them."""
    counted = select(
        session_messages.c.session_id,
        func.count().label("found_messages"),
        whole_sum(octets(session_messages.c.content)).label("found_bytes"),
    ).group_by(session_messages.c.session_id)
    if among is not None:
        counted = counted.where(session_messages.c.session_id.in_(select(among.c.session_id)))
    found = counted.subquery()
    found_messages = func.coalesce(found.c.found_messages, 0)
    found_bytes = func.coalesce(found.c.found_bytes, 0)
    statement = (
        select(
            sessions.c.session_id,
            sessions.c.message_count,
            found_messages.label("found_messages"),
            sessions.c.content_bytes,
            found_bytes.label("found_bytes"),
        )
        .outerjoin(found, found.c.session_id == sessions.c.session_id)
        .where(
            or_(
                sessions.c.message_count != found_messages,
                sessions.c.content_bytes != found_bytes,
                sessions.c.first_message_at.is_(None) != (found_messages == 0),
            )
        )
        .order_by(sessions.c.session_id)
    )
    if among is not None:
        statement = statement.where(sessions.c.session_id.in_(select(among.c.session_id)))
    return statement


def mend_counters(connection: Connection) -> int:
    """Set the counters to what the messages say; returns how many sessions were wrong."""
    own = session_messages.c.session_id == sessions.c.session_id
    wrong = select(mismatches().subquery().c.session_id)
    messages, content = session_messages, session_messages.c.content
    return connection.execute(
        update(sessions)
        .where(sessions.c.session_id.in_(wrong))
        .values(
            message_count=select(func.count()).select_from(messages).where(own).scalar_subquery(),
            content_bytes=select(whole_sum(octets(content))).where(own).scalar_subquery(),
            first_message_at=select(func.min(messages.c.created_at)).where(own).scalar_subquery(),
        )
    ).rowcount
