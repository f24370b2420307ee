"""A session and its messages: what they hold and what they may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cleveragents.domain.duration import LONGEST
from cleveragents.domain.errors import InvalidValueError

Metadata = Mapping[str, Any]

_SESSION_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:@+=~-]{0,127}", re.ASCII)
_ACTOR = re.compile(r"(?:[\w.@+-]+:)?(?:[\w.@+-]+/)?[\w.@+-]+")
_LABEL = re.compile(r"[\w.:@+-]{1,64}")
LONGEST_NAME = 500
LONGEST_ACTOR = 255
MOST = 2**63 - 1
"""The largest whole number that both databases hold."""
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

    Any session that a database holds can be read into one, however another program wrote it;
    `checked_session` says what may be written. `content_bytes` is the UTF-8 length of all message
    contents. `parent_session_id` may name a session that no longer exists: that is what makes an
    orphan. All times are aware, in UTC.
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

    @property
    def content_bytes(self) -> int:
        return len(self.content.encode())


def checked_session(session: Session) -> Session:
    """Return the session, or raise InvalidValueError where it holds what none may be given."""
    check_session_id(session.session_id)
    if session.parent_session_id is not None:
        check_session_id(session.parent_session_id)
    _check_name(session.name)
    _check_actor(session.actor_name)
    _check_label("source", session.source)
    _check_label("namespace", session.namespace)
    check_metadata(session.metadata)
    _check_tokens(session.input_tokens, session.output_tokens)
    _check_stale_after(session.stale_after)
    return session


def storable_session(session: Session) -> Session:
    """The same for a session that existed before: only what no database could give back is refused."""
    if not session.session_id.strip():
        raise InvalidValueError("A session id cannot be blank.")
    for text in (session.session_id, session.name, session.actor_name, session.parent_session_id):
        check_text("A session", text or "")
    check_text("A source", session.source)
    check_text("A namespace", session.namespace)
    check_metadata(session.metadata)
    _check_tokens(session.input_tokens, session.output_tokens)
    _check_stale_after(session.stale_after)
    return session


def checked_message(message: Message) -> Message:
    """Return the message, or raise InvalidValueError where it holds what none may be given."""
    check_text("A message", message.content)
    check_text("A message id", message.message_id)
    if message.tool_call_id is not None:
        check_text("A tool call id", message.tool_call_id)
    check_metadata(message.metadata)
    return message


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


def _check_stale_after(stale_after: timedelta | None) -> None:
    if stale_after is not None and not timedelta(seconds=1) <= stale_after <= LONGEST:
        raise InvalidValueError("A session's own stale_after is from one second to a hundred years.")


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


def _check_tokens(*counts: int) -> None:
    if not all(0 <= count <= MOST for count in counts):
        raise InvalidValueError(f"Tokens are counted from 0 to {MOST}.")
