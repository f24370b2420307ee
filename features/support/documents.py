"""Session documents as files: plain ones as agents write them, and exports that were damaged since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

Document = dict[str, Any]


def checksum_of(document: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical form, worked out independently of the code under test."""
    content = {key: value for key, value in document.items() if key != "checksum"}
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def damaged(text: str, damage: str) -> bytes:
    """Damage the text of an export; `with a fitting checksum` stands for a forger, not an accident."""
    what, _, fitting = damage.partition(", ")
    if what in _OF_TEXT:
        return _OF_TEXT[what](text)
    document = json.loads(text)
    _OF_DOCUMENT[what](document)
    if fitting:
        document["checksum"] = checksum_of(document)
    return json.dumps(document, ensure_ascii=False).encode()


_OF_TEXT: Mapping[str, Callable[[str], bytes]] = {
    "the end is missing": lambda text: text[: len(text) // 2].encode(),
    "the file is empty": lambda _: b"",
    "it is a list": lambda _: b"[]",
    "it is prose": lambda _: b"Dear reader,",
    "a key stands twice": lambda text: text.replace("{", '{"kind": "cleveragents.session",', 1).encode(),
    "a number is not a number": lambda text: text.replace(
        '"schema_version": 1', '"schema_version": NaN'
    ).encode(),
    "it is nested ten thousand deep": lambda _: b'{"kind":' * 100_000,
    "it is not UTF-8": lambda text: text.encode("utf-16"),
}


def _swap(messages: list[Document]) -> None:
    messages[0], messages[1] = messages[1], messages[0]


def _later(document: Document) -> None:
    moment = datetime.fromisoformat(document["session"]["last_accessed_at"]) + timedelta(days=1)
    document["session"]["last_accessed_at"] = moment.isoformat()


_OF_DOCUMENT: Mapping[str, Callable[[Document], object]] = {
    "a word of a message is another": lambda d: d["messages"][0].update(content="another"),
    "a message is missing": lambda d: d["messages"].pop(),
    "two messages have changed places": lambda d: _swap(d["messages"]),
    "the last access is later": _later,
    "the checksum is missing": lambda d: d.pop("checksum"),
    "the checksum is of another kind": lambda d: d.update(checksum="md5:d41d8cd98f00b204e9800998ecf8427e"),
    "the schema version is 2": lambda d: d.update(schema_version=2),
    "the schema version is true": lambda d: d.update(schema_version=True),
    "the schema version is missing": lambda d: d.pop("schema_version"),
    "the kind is another": lambda d: d.update(kind="somebody.else"),
    "the message count is wrong": lambda d: d["session"].update(message_count=99),
    "the size is wrong": lambda d: d["session"].update(content_bytes=1),
    "a sequence number stands twice": lambda d: d["messages"][1].update(sequence=1),
    "a message comes from a wizard": lambda d: d["messages"][0].update(role="wizard"),
    "a field is unknown": lambda d: d["session"].update(colour="red"),
    "a field is missing": lambda d: d["session"].pop("source"),
    "the id is blank": lambda d: d["session"].update(session_id=" "),
    "the id holds a NUL": lambda d: d["session"].update(session_id="a\0b"),
    "the name holds a NUL": lambda d: d["session"].update(name="a\0b"),
    "the tokens are below zero": lambda d: d["session"].update(output_tokens=-1),
    "its own threshold is nothing": lambda d: d["session"].update(stale_after_seconds=0),
    "its own threshold is endless": lambda d: d["session"].update(stale_after_seconds=10**18),
    "the name is a number": lambda d: d["session"].update(name=42),
    "a message is only text": lambda d: d["messages"].insert(0, "Hello"),
    "the session is a list": lambda d: d.update(session=[]),
    "it holds something more": lambda d: d.update(more=1),
    "a time is a number": lambda d: d["session"].update(created_at=1_700_000_000),
    "a time is before the year 1": lambda d: d["session"].update(created_at="0001-01-01T00:00:00+05:00"),
    "a time has no meaning": lambda d: d["session"].update(created_at="yesterday"),
    "the messages are no list": lambda d: d.update(messages={}),
    "a message holds a NUL": lambda d: d["messages"][0].update(content="a\0b"),
    "a number is enormous": lambda d: d["session"].update(input_tokens=10**30),
    "its first message came another time": lambda d: d["session"].update(first_message_at=None),
}


def plain_session(session_id: str, last_accessed: datetime, messages: int) -> Document:
    return {
        "session_id": session_id,
        "channel": "cli",
        "chat_id": session_id,
        "created_at": (last_accessed - timedelta(hours=1)).isoformat(),
        "last_accessed": last_accessed.isoformat(),
        "messages": [
            {"role": "user" if index % 2 else "assistant", "content": f"message {index}"}
            for index in range(messages)
        ],
    }


def mistaken(session: Document, mistake: str) -> Document:
    return {**session, **_MISTAKES[mistake]} if mistake in _MISTAKES else _without(session, mistake)


def _without(session: Document, mistake: str) -> Document:
    missing = mistake.removeprefix("no ")
    return {key: value for key, value in session.items() if key != missing}


_MISTAKES: Mapping[str, Document] = {
    "nothing wrong": {},
    "a blank session_id": {"session_id": ""},
    "a number as session_id": {"session_id": 42},
    "yesterday as last_accessed": {"last_accessed": "yesterday"},
    "a message without a role": {"messages": [{"content": "Hello"}]},
    "a message of an unknown role": {"messages": [{"role": "wizard", "content": "Hello"}]},
    "a message whose content is a list": {"messages": [{"role": "user", "content": ["Hello"]}]},
    "a message that is only text": {"messages": ["Hello"]},
    "messages that are no list": {"messages": "Hello"},
}
