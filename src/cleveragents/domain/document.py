"""Sessions as JSON documents: our own, with a checksum, and the plain session file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn, TypeVar

from cleveragents.domain.errors import DocumentRefusedError, InvalidValueError
from cleveragents.domain.session import (
    MOST,
    Message,
    Role,
    Session,
    checked_message,
    checked_session,
    storable_session,
)

Value = TypeVar("Value")

KIND = "cleveragents.session"
SCHEMA_VERSION = 1
_PLAIN_KEYS = {"session_id", "channel", "chat_id", "created_at", "last_accessed", "messages"}
_PLAIN_MESSAGE_KEYS = {"role", "content", "timestamp"}


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
    digest = hashlib.sha256(f'{{"kind":{_canonical(KIND)},"messages":['.encode())
    head = json.dumps(
        {"kind": KIND, "schema_version": SCHEMA_VERSION, "session": record}, ensure_ascii=False, indent=2
    )
    yield head.removesuffix("\n}") + ',\n  "messages": ['
    count = size = 0
    for message in messages:
        entry = record_of_message(_exportable(checked_message, message))
        comma = "," if count else ""
        count, size = count + 1, size + message.content_bytes
        digest.update(comma.encode() + _canonical(entry).encode())
        yield f"{comma}\n    {json.dumps(entry, ensure_ascii=False)}"
    if _told(session) != (count, size, bool(count)):
        raise DocumentRefusedError(
            "The session's counters do not agree with its messages, so it cannot be exported.",
            hints=["agents db check", "agents db check --mend"],
        )
    digest.update(f'],"schema_version":{SCHEMA_VERSION},"session":{_canonical(record)}}}'.encode())
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
    document = _parse(text)
    try:
        if document.get("kind") == KIND:
            return _read_own(document)
        if "kind" not in document and {"session_id", "messages"} <= document.keys():
            return _read_plain(document)
    except InvalidValueError as error:
        raise DocumentRefusedError(error.message, hints=error.hints) from error
    _refuse(
        "it is neither an export document nor a plain session file",
        hint="A plain session file has session_id, created_at, last_accessed and messages.",
    )


def _parse(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        _refuse(f"it is not complete JSON (line {error.lineno}, column {error.colno}: {error.msg})")
    except (ValueError, RecursionError) as error:
        _refuse(f"its JSON cannot be read ({error})")
    if not isinstance(document, dict):
        _refuse("it is not a JSON object")
    return document


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _read_own(document: Mapping[str, Any]) -> WholeSession:
    version = document.get("schema_version")
    if type(version) is not int or version != SCHEMA_VERSION:  # JSON's true equals 1 in Python
        _refuse(
            f"its schema version {version!r} is unknown; this version reads {SCHEMA_VERSION}",
            hint="It may come from a newer version of cleveragents.",
        )
    unknown = document.keys() - {"kind", "schema_version", "session", "messages", "checksum"}
    if unknown:
        _refuse(f"it has unknown keys: {', '.join(sorted(unknown))}")
    content = {key: value for key, value in document.items() if key != "checksum"}
    if document.get("checksum") != f"sha256:{hashlib.sha256(_canonical(content).encode()).hexdigest()}":
        _refuse("its checksum does not match its content: it was altered or damaged after the export")
    record, entries = _fields(document.get("session"), "session"), document.get("messages")
    if not isinstance(entries, list):
        _refuse("its messages are not a list")
    session = storable_session(Session(**_typed(record, _SESSION_FIELDS, "session")))
    messages = tuple(
        checked_message(Message(**_typed(_fields(entry, "message"), _MESSAGE_FIELDS, "message")))
        for entry in entries
    )
    _check_counters(session, messages)
    return WholeSession(session, messages)


def _check_counters(session: Session, messages: tuple[Message, ...]) -> None:
    sequences = [message.sequence for message in messages]
    if sequences != sorted(set(sequences)) or any(sequence < 1 for sequence in sequences):
        _refuse("its messages are not in the order of their sequence numbers")
    size = sum(message.content_bytes for message in messages)
    if _told(session) != (len(messages), size, bool(messages)):
        _refuse("its counters do not agree with its messages")


def _read_plain(document: Mapping[str, Any]) -> WholeSession:
    """Take a plain session file; what has no column of ours is kept in the metadata."""
    created_at = _moment(document.get("created_at"), "created_at")
    last_accessed_at = _moment(document.get("last_accessed"), "last_accessed")
    channel, chat_id = document.get("channel"), document.get("chat_id")
    entries = document["messages"]
    if not isinstance(entries, list):
        _refuse("its messages are not a list")
    messages: list[Message] = []
    session_id = _text(document["session_id"], "session_id")
    for sequence, entry in enumerate(entries, start=1):
        before = messages[-1].created_at if messages else created_at
        messages.append(_plain_message(session_id, sequence, _fields(entry, "message"), before))
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
    return WholeSession(checked_session(session), tuple(map(checked_message, messages)))


def _plain_message(session_id: str, sequence: int, entry: Mapping[str, Any], before: datetime) -> Message:
    role, content = entry.get("role"), entry.get("content")
    if role not in set(Role):
        _refuse(f"message {sequence} has the role {role!r}; known are {', '.join(Role)}")
    if content is not None and not isinstance(content, str):
        _refuse(f"message {sequence} has a content that is not text")
    timestamp = entry.get("timestamp")
    return Message(
        # The file has no message ids; one that follows from the place makes a second import equal.
        message_id=f"{session_id}#{sequence}",
        sequence=sequence,
        role=Role(role),
        content=content or "",
        # Without a time of its own, a message is as old as the one before it.
        created_at=before if timestamp is None else _moment(timestamp, f"message {sequence}'s timestamp"),
        metadata={key: value for key, value in entry.items() if key not in _PLAIN_MESSAGE_KEYS},
    )


def _moment(value: Any, what: str) -> datetime:
    if not isinstance(value, str):
        _refuse(f"{what} is not an ISO 8601 time")
    try:
        moment = datetime.fromisoformat(value)
        # A time without a zone is taken as UTC, as the format's writers mean it.
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        _refuse(f"{what} is {value!r}, which is not an ISO 8601 time")


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        _refuse(f"{what} is not text")
    return value


def _number(value: Any, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST:
        _refuse(f"{what} is not a whole number from 0 upwards")
    return value


def _seconds(value: Any, what: str) -> timedelta:
    try:
        return timedelta(seconds=_number(value, what))
    except OverflowError:
        _refuse(f"{what} is too long")


def _role(value: Any, what: str) -> Role:
    if value not in set(Role):
        _refuse(f"{what} is {value!r}; known are {', '.join(Role)}")
    return Role(value)


def _fields(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        _refuse(f"its {what} is not a JSON object")
    return value


Reader = Callable[[Any, str], Any]


def _optional(read: Reader) -> Reader:
    return lambda value, what: None if value is None else read(value, what)


_SESSION_FIELDS: Mapping[str, Reader] = {
    "session_id": _text,
    "created_at": _moment,
    "last_accessed_at": _moment,
    "name": _optional(_text),
    "actor_name": _optional(_text),
    "namespace": _text,
    "source": _text,
    "parent_session_id": _optional(_text),
    "first_message_at": _optional(_moment),
    "message_count": _number,
    "content_bytes": _number,
    "input_tokens": _number,
    "output_tokens": _number,
    "stale_after_seconds": _optional(_seconds),
    "pinned_at": _optional(_moment),
    "lease_expires_at": _optional(_moment),
    "metadata": _fields,
}
_MESSAGE_FIELDS: Mapping[str, Reader] = {
    "message_id": _text,
    "sequence": _number,
    "role": _role,
    "content": _text,
    "created_at": _moment,
    "tool_call_id": _optional(_text),
    "metadata": _fields,
}


def _typed(record: Mapping[str, Any], fields: Mapping[str, Reader], what: str) -> dict[str, Any]:
    if record.keys() != fields.keys():
        wrong = sorted(record.keys() ^ fields.keys())
        _refuse(f"its {what} lacks or has unknown fields: {', '.join(wrong)}")
    values = {name: read(record[name], f"{what}.{name}") for name, read in fields.items()}
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


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _refuse(why: str, *, hint: str = "Nothing was changed. Export the session again.") -> NoReturn:
    raise DocumentRefusedError(f"The document was refused: {why}.", hints=[hint])
