"""A session and its messages: what they hold and what they may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cleveragents.domain.errors import InvalidValueError

Metadata = Mapping[str, Any]

_SESSION_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:@+=~-]{0,127}", re.ASCII)
_ACTOR = re.compile(r"(?:[\w.@+-]+:)?(?:[\w.@+-]+/)?[\w.@+-]+")
_LABEL = re.compile(r"[\w.:@+-]{1,64}")
LONGEST_NAME = 500
LONGEST_ACTOR = 255
DEFAULT_NAMESPACE = "local"
DEFAULT_SOURCE = "cli"


class Role(StrEnum):
    USER = "user"
    ASSISTANT = "assistant"
    SYSTEM = "system"
    TOOL = "tool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One conversation without its messages.

    `content_bytes` is the UTF-8 length of all message contents. `parent_session_id` may name a
    session that no longer exists: that is what makes an orphan. All times are aware, in UTC.
    """

    session_id: str
    created_at: datetime
    last_accessed_at: datetime
    name: str | None = None
    actor_name: str | None = None
    namespace: str = DEFAULT_NAMESPACE
    source: str = DEFAULT_SOURCE
    parent_session_id: str | None = None
    first_message_at: datetime | None = None
    message_count: int = 0
    content_bytes: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    stale_after: timedelta | None = None
    pinned_at: datetime | None = None
    lease_expires_at: datetime | None = None
    metadata: Metadata = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_session_id(self.session_id)
        if self.parent_session_id is not None:
            check_session_id(self.parent_session_id)
        _check_name(self.name)
        _check_actor(self.actor_name)
        _check_label("source", self.source)
        _check_label("namespace", self.namespace)
        check_metadata(self.metadata)
        if self.stale_after is not None and self.stale_after < timedelta(seconds=1):
            raise InvalidValueError("A session's own stale_after is at least one second.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One entry of a session; `sequence` counts from 1 and orders the session."""

    message_id: str
    sequence: int
    role: Role
    content: str
    created_at: datetime
    tool_call_id: str | None = None
    metadata: Metadata = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_text("A message", self.content)
        if self.tool_call_id is not None:
            check_text("A tool call id", self.tool_call_id)
        check_metadata(self.metadata)

    @property
    def content_bytes(self) -> int:
        return len(self.content.encode())


def check_session_id(session_id: str) -> None:
    if not _SESSION_ID.fullmatch(session_id):
        raise InvalidValueError(
            f"{session_id!r} cannot be a session id.",
            hints=[
                "1 to 128 of the characters A-Z a-z 0-9 _ . : @ + = ~ -, beginning with one of A-Z a-z 0-9 _."
            ],
        )


def check_text(what: str, text: str) -> None:
    """Refuse what one of the databases could not give back: NUL and lone surrogates."""
    if "\0" in text:
        raise InvalidValueError(f"{what} cannot hold a NUL character.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidValueError(f"{what} holds a character that is not Unicode text.") from None


def check_metadata(metadata: Metadata) -> None:
    """Refuse text that a database could not give back, at any depth."""
    pending: list[Any] = [metadata]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            check_text("Metadata", value)
        elif isinstance(value, Mapping):
            pending += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            pending += value
        elif isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):  # noqa: PLR0124 - NaN
            raise InvalidValueError("Metadata cannot hold NaN or an infinity: JSON has neither.")


def _check_name(name: str | None) -> None:
    if name is None:
        return
    check_text("A session name", name)
    if not name.strip():
        raise InvalidValueError("A session name cannot be blank; leave it out instead.")
    if len(name) > LONGEST_NAME:
        raise InvalidValueError(f"A session name has at most {LONGEST_NAME} characters, not {len(name)}.")


def _check_actor(actor_name: str | None) -> None:
    if actor_name is not None and (len(actor_name) > LONGEST_ACTOR or not _ACTOR.fullmatch(actor_name)):
        raise InvalidValueError(
            f"{actor_name!r} is not an actor name.",
            hints=["Write name, namespace/name or server:namespace/name, without spaces."],
        )


def _check_label(what: str, label: str) -> None:
    if not _LABEL.fullmatch(label):
        raise InvalidValueError(
            f"{label!r} cannot be a {what}.",
            hints=["1 to 64 letters, digits and _ . : @ + -, for example cli, api, cron or subagent."],
        )
