"""Sessions as JSON documents: our own, with a checksum, and the plain session file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from cleveragents.domain import json_reading as read
from cleveragents.domain.canonical_json import canonical_json
from cleveragents.domain.errors import DocumentRefusedError, InvalidValueError
from cleveragents.domain.plain_session import read_plain
from cleveragents.domain.session import (
    Message,
    Role,
    Session,
    checked_message,
    storable_session,
)

Value = TypeVar("Value")

KIND = "cleveragents.session"
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class WholeSession:
    """A session with all its messages, in order."""

    session: Session
    messages: tuple[Message, ...]


def record_of_session(session: Session) -> dict[str, Any]:
    """Every column under its name, as JSON values: times in ISO 8601, `stale_after` in seconds."""
    values = {name: _json_value(getattr(session, name)) for name in Session.__slots__}
    values["stale_after_seconds"] = values.pop("stale_after")
    return values


def record_of_message(message: Message) -> dict[str, Any]:
    return {name: _json_value(getattr(message, name)) for name in Message.__slots__}


def write_document(session: Session, messages: Iterable[Message]) -> Iterator[str]:
    """Yield the text of one export document piece by piece, so that a long session needs no memory.

    The checksum is SHA-256 over the canonical JSON (keys sorted, no spaces, UTF-8) of everything
    but the checksum itself. Raises DocumentRefusedError, at the latest after the last message, where
    an import would refuse the document: nobody shall delete a session trusting it.
    """
    record = record_of_session(_exportable(storable_session, session))
    digest = hashlib.sha256(f'{{"kind":{canonical_json(KIND)},"messages":['.encode())
    head = json.dumps(
        {"kind": KIND, "schema_version": SCHEMA_VERSION, "session": record}, ensure_ascii=False, indent=2
    )
    yield head.removesuffix("\n}") + ',\n  "messages": ['
    count = size = 0
    for message in messages:
        entry = record_of_message(_exportable(checked_message, message))
        comma = "," if count else ""
        count, size = count + 1, size + message.content_bytes
        digest.update(comma.encode() + canonical_json(entry).encode())
        yield f"{comma}\n    {json.dumps(entry, ensure_ascii=False)}"
    if _told(session) != (count, size, bool(count)):
        raise DocumentRefusedError(
            "The session's counters do not agree with its messages, so it cannot be exported.",
            hints=["agents db check", "agents db check --mend"],
        )
    digest.update(f'],"schema_version":{SCHEMA_VERSION},"session":{canonical_json(record)}}}'.encode())
    yield f'\n  ],\n  "checksum": "sha256:{digest.hexdigest()}"\n}}\n'


def _exportable(check: Callable[[Value], Value], value: Value) -> Value:
    try:
        return check(value)
    except InvalidValueError as error:
        raise DocumentRefusedError(f"The session cannot be exported: {error.message}") from error


def _told(session: Session) -> tuple[int, int, bool]:
    """What a session says of its messages: how many, of what size, and whether there was a first."""
    return session.message_count, session.content_bytes, session.first_message_at is not None


def read_document(text: str) -> WholeSession:
    """Read one of our documents or a plain session file.

    Raises DocumentRefusedError where it is truncated, altered, of an unknown kind or version, or
    holds what no session may hold.
    """
    document = read.parse_object(text)
    try:
        if document.get("kind") == KIND:
            return _read_own(document)
        if "kind" not in document and {"session_id", "messages"} <= document.keys():
            return WholeSession(*read_plain(document))
    except InvalidValueError as error:
        raise DocumentRefusedError(error.message, hints=error.hints) from error
    read.refuse(
        "it is neither an export document nor a plain session file",
        hint="A plain session file has session_id, created_at, last_accessed and messages.",
    )


def _read_own(document: Mapping[str, Any]) -> WholeSession:
    version = document.get("schema_version")
    if type(version) is not int or version != SCHEMA_VERSION:  # JSON's true equals 1 in Python
        read.refuse(
            f"its schema version {version!r} is unknown; this version reads {SCHEMA_VERSION}",
            hint="It may come from a newer version of cleveragents.",
        )
    unknown = document.keys() - {"kind", "schema_version", "session", "messages", "checksum"}
    if unknown:
        read.refuse(f"it has unknown keys: {', '.join(sorted(unknown))}")
    content = {key: value for key, value in document.items() if key != "checksum"}
    if document.get("checksum") != f"sha256:{hashlib.sha256(canonical_json(content).encode()).hexdigest()}":
        read.refuse("its checksum does not match its content: it was altered or damaged after the export")
    record, entries = read.fields(document.get("session"), "session"), document.get("messages")
    if not isinstance(entries, list):
        read.refuse("its messages are not a list")
    session = storable_session(Session(**_typed(record, _SESSION_FIELDS, "session")))
    messages = tuple(
        checked_message(Message(**_typed(read.fields(entry, "message"), _MESSAGE_FIELDS, "message")))
        for entry in entries
    )
    _check_counters(session, messages)
    return WholeSession(session, messages)


def _check_counters(session: Session, messages: tuple[Message, ...]) -> None:
    sequences = [message.sequence for message in messages]
    if sequences != sorted(set(sequences)) or any(sequence < 1 for sequence in sequences):
        read.refuse("its messages are not in the order of their sequence numbers")
    size = sum(message.content_bytes for message in messages)
    if _told(session) != (len(messages), size, bool(messages)):
        read.refuse("its counters do not agree with its messages")


_SESSION_FIELDS: Mapping[str, read.Reader] = {
    "session_id": read.text,
    "created_at": read.moment,
    "last_accessed_at": read.moment,
    "name": read.optional(read.text),
    "actor_name": read.optional(read.text),
    "namespace": read.text,
    "source": read.text,
    "parent_session_id": read.optional(read.text),
    "first_message_at": read.optional(read.moment),
    "message_count": read.number,
    "content_bytes": read.number,
    "input_tokens": read.number,
    "output_tokens": read.number,
    "stale_after_seconds": read.optional(read.seconds),
    "pinned_at": read.optional(read.moment),
    "lease_expires_at": read.optional(read.moment),
    "metadata": read.fields,
}
_MESSAGE_FIELDS: Mapping[str, read.Reader] = {
    "message_id": read.text,
    "sequence": read.number,
    "role": read.role,
    "content": read.text,
    "created_at": read.moment,
    "tool_call_id": read.optional(read.text),
    "metadata": read.fields,
}


def _typed(record: Mapping[str, Any], readers: Mapping[str, read.Reader], what: str) -> dict[str, Any]:
    if record.keys() != readers.keys():
        wrong = sorted(record.keys() ^ readers.keys())
        read.refuse(f"its {what} lacks or has unknown fields: {', '.join(wrong)}")
    values = {name: reader(record[name], f"{what}.{name}") for name, reader in readers.items()}
    if "stale_after_seconds" in values:
        values["stale_after"] = values.pop("stale_after_seconds")
    return values


def _json_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, Role):
        return value.value
    return value
