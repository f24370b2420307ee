"""A session in which no field has its usual value, for what must come back as it went out."""

from __future__ import annotations

from datetime import datetime, timedelta

from cleveragents.domain.session import Message, Role, Session
from support.sessions import SessionWithMessages

_EVERYTHING = {
    "name": "Grüße aus Lissabon 🇵🇹",
    "actor_name": "server:team/planner",
    "namespace": "lab",
    "source": "api",
    "parent_session_id": "nobody-there",
    "input_tokens": 12,
    "output_tokens": 30,
    "stale_after": timedelta(weeks=2),
    "metadata": {"ticket": 42, "nested": {"list": [1, 2.5, None, True, "ü"]}},
}


def full_session(session_id: str, now: datetime) -> SessionWithMessages:
    """A session in which no field has its usual value; microseconds included."""
    texts = dict(zip(Role, ("Hello\r\n", "Grüße 👋🏽\t", "", "a\\nb\x7f\u2028"), strict=True))
    messages = tuple(
        Message(
            message_id=f"{session_id}-{sequence}",
            sequence=sequence * 2,
            role=role,
            content=text,
            tool_call_id="call-7" if role is Role.TOOL else None,
            metadata={"took": 0.25} if role is Role.TOOL else {},
            created_at=now - timedelta(days=3, microseconds=-sequence),
        )
        for sequence, (role, text) in enumerate(texts.items(), start=1)
    )
    session = Session(
        session_id=session_id,
        created_at=now - timedelta(days=4, microseconds=1),
        last_accessed_at=now - timedelta(days=2, microseconds=1),
        first_message_at=messages[0].created_at,
        message_count=len(messages),
        content_bytes=sum(message.content_bytes for message in messages),
        pinned_at=now - timedelta(days=1),
        lease_expires_at=now + timedelta(minutes=10),
        **_EVERYTHING,
    )
    return SessionWithMessages(session, messages)
