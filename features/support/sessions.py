"""Sessions and durations as the tables of the features write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cleveragents.domain.session import Message, Role, Session

_UNITS = {
    "us": timedelta(microseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_PART = re.compile(r"([+-]?)\s*(\d+)(us|[smhdw])\s*")
_COLUMNS = {
    "name", "id", "idle", "created", "messages", "size", "content", "actor", "source", "namespace",
    "parent", "pinned", "leased", "stale_after",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SessionWithMessages:
    session: Session
    messages: tuple[Message, ...]


def span(text: str) -> timedelta:
    """Read `30d`, `30d +1us`, `30d -1us` or `-2h`: a length of time, also backwards."""
    parts = list(_PART.finditer(text.strip()))
    if not parts or "".join(part[0] for part in parts) != text.strip():
        raise ValueError(f"{text!r} is not a length of time such as 30d, 30d +1us or -2h")
    return sum(
        (int(part[2]) * _UNITS[part[3]] * (-1 if part[1] == "-" else 1) for part in parts), timedelta(0)
    )


def session_id_for(name: str) -> str:
    """The id that a session of a table has unless its row says another: its name, made safe."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name).lstrip(".-") or "unnamed"


def session_from_row(row: Mapping[str, str], now: datetime) -> SessionWithMessages:
    """Build a session from a row; a blank cell and a missing column both mean the usual.

    Usual are: used this moment, two messages of five characters, no actor, no parent.
    `idle` and `created` say how long ago (`-2h`: in two hours), `leased` how far ahead.
    """
    unknown = row.keys() - _COLUMNS
    if unknown:
        raise ValueError(f"A table of sessions has no column {', '.join(sorted(unknown))}")
    cells = {column: cell for column, cell in row.items() if cell}
    last_accessed_at = now - span(cells.get("idle", "0s"))
    created_at = now - span(cells["created"]) if "created" in cells else last_accessed_at
    session_id = cells.get("id") or session_id_for(cells["name"])
    messages = _messages(session_id, cells, last_accessed_at)
    session = Session(
        session_id=session_id,
        name=cells.get("name"),
        created_at=created_at,
        last_accessed_at=last_accessed_at,
        first_message_at=messages[0].created_at if messages else None,
        message_count=len(messages),
        content_bytes=sum(message.content_bytes for message in messages),
        parent_session_id=session_id_for(cells["parent"]) if "parent" in cells else None,
        actor_name=cells.get("actor"),
        source=cells.get("source", "cli"),
        namespace=cells.get("namespace", "local"),
        **_protections(cells, now),
    )
    return SessionWithMessages(session, messages)


def _protections(cells: Mapping[str, str], now: datetime) -> dict[str, Any]:
    pinned = cells.get("pinned", "no")
    if pinned not in {"yes", "no"}:
        raise ValueError(f"pinned is yes or no, not {pinned!r}")
    return {
        "pinned_at": now if pinned == "yes" else None,
        "lease_expires_at": now + span(cells["leased"]) if "leased" in cells else None,
        "stale_after": span(cells["stale_after"]) if "stale_after" in cells else None,
    }


def _messages(session_id: str, cells: Mapping[str, str], at: datetime) -> tuple[Message, ...]:
    content = cells.get("content") or "x" * int(cells.get("size", "5"))
    return tuple(
        Message(
            message_id=f"{session_id}-{sequence}",
            sequence=sequence,
            role=Role.USER if sequence % 2 else Role.ASSISTANT,
            content=content,
            created_at=at,
        )
        for sequence in range(1, int(cells.get("messages", "2")) + 1)
    )
