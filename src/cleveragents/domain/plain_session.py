"""The plain session file: how conversations of other programs come in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cleveragents.domain import json_reading as read
from cleveragents.domain.session import Message, Role, Session, checked_message, checked_session

_PLAIN_KEYS = {"session_id", "channel", "chat_id", "created_at", "last_accessed", "messages"}
_PLAIN_MESSAGE_KEYS = {"role", "content", "timestamp"}


def read_plain(document: Mapping[str, Any]) -> tuple[Session, tuple[Message, ...]]:
    """Take a plain session file; what has no column of ours is kept in the metadata."""
    created_at = read.moment(document.get("created_at"), "created_at")
    last_accessed_at = read.moment(document.get("last_accessed"), "last_accessed")
    channel, chat_id = document.get("channel"), document.get("chat_id")
    entries = document["messages"]
    if not isinstance(entries, list):
        read.refuse("its messages are not a list")
    messages: list[Message] = []
    session_id = read.text(document["session_id"], "session_id")
    for sequence, entry in enumerate(entries, start=1):
        before = messages[-1].created_at if messages else created_at
        messages.append(_plain_message(session_id, sequence, read.fields(entry, "message"), before))
    named = [str(part) for part in (channel, chat_id) if part is not None]
    session = Session(
        session_id=session_id,
        name=":".join(named) or None,
        source=str(channel) if channel is not None else "import",
        created_at=created_at,
        last_accessed_at=last_accessed_at,
        first_message_at=messages[0].created_at if messages else None,
        message_count=len(messages),
        content_bytes=sum(message.content_bytes for message in messages),
        metadata={
            key: value
            for key, value in document.items()
            if key not in _PLAIN_KEYS - {"channel", "chat_id"} and value is not None
        },
    )
    return checked_session(session), tuple(map(checked_message, messages))


def _plain_message(session_id: str, sequence: int, entry: Mapping[str, Any], before: datetime) -> Message:
    role, content = entry.get("role"), entry.get("content")
    if role not in set(Role):
        read.refuse(f"message {sequence} has the role {role!r}; known are {', '.join(Role)}")
    if content is not None and not isinstance(content, str):
        read.refuse(f"message {sequence} has a content that is not text")
    timestamp = entry.get("timestamp")
    return Message(
        # The file has no message ids; one that follows from the place makes a second import equal.
        message_id=f"{session_id}#{sequence}",
        sequence=sequence,
        role=Role(role),
        content=content or "",
        # Without a time of its own, a message is as old as the one before it.
        created_at=before if timestamp is None else read.moment(timestamp, f"message {sequence}'s timestamp"),
        metadata={key: value for key, value in entry.items() if key not in _PLAIN_MESSAGE_KEYS},
    )
