"""One session as a JSON file: what it says of itself, or why it cannot be understood."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cleveragents.infrastructure.stores.clocks import unknown_zone
from cleveragents.infrastructure.stores.files.content import Digest, content_of_opened
from cleveragents.infrastructure.stores.files.root import NotPlainError, Root, Stamp

LARGEST = 64 * 1024 * 1024
"""A file that is larger is not read: as Python's values it would take several times its size."""
SUFFIX = ".json"
_NEEDED = ("session_id", "last_accessed", "messages")
_LONGEST_TEXT = 200
_MEGABYTE = 1024 * 1024


class NotASessionError(Exception):
    """What could not be understood, and why."""


class ForeignError(NotASessionError):
    """It can be read, and is something else."""


@dataclass(frozen=True, slots=True)
class Document:
    stamp: Stamp
    digest: str
    created_at: datetime | None
    last_accessed_at: datetime
    messages: int
    name: str | None
    source: str


def read_document(root: Root, name: str, now: datetime) -> Document:
    """Raise NotASessionError where a file is no session, and FileNotFoundError where it is gone."""
    stamp, content = _content(root, name)
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        why = "is empty" if not content else "is not JSON; it may be half written"
        raise NotASessionError(why) from error
    if not isinstance(told, dict) or "session_id" not in told:
        raise ForeignError("is no session")
    missing = [each for each in _NEEDED if each not in told]
    if missing:
        raise ForeignError(f"is no session: it has no {' and no '.join(missing)}")
    _require_own_name(told["session_id"], name)
    if not isinstance(told["messages"], list):
        raise NotASessionError("has messages that are no list")
    accessed = _moment(told["last_accessed"], now)
    if accessed is None:
        raise NotASessionError("has a last_accessed that is no date and time")
    digest = Digest()
    digest.begin(stamp)
    digest.add(content)
    return Document(
        stamp=stamp,
        digest=digest.text,
        created_at=_moment(told.get("created_at"), now),
        last_accessed_at=accessed,
        messages=len(told["messages"]),
        name=_text(told.get("chat_id")),
        source=_text(told.get("channel")) or "",
    )


def _content(root: Root, name: str) -> tuple[Stamp, bytes]:
    try:
        with root.opened(name) as descriptor:
            stamp = Stamp.of(name, os.fstat(descriptor))
            if stamp.is_folder:
                raise NotASessionError("is a folder")
            if stamp.size > LARGEST:
                size = stamp.size // _MEGABYTE
                raise NotASessionError(f"has {size:,} MiB; more than {LARGEST // _MEGABYTE} are not read")
            return stamp, b"".join(content_of_opened(descriptor, stamp.size))
    except FileNotFoundError:
        raise
    except NotPlainError as error:
        raise NotASessionError(error.strerror) from error
    except OSError as error:
        is_link = root.is_link(name)
        why = "is a symbolic link" if is_link else f"cannot be read: {error.strerror}"
        raise NotASessionError(why) from error


def _require_own_name(session_id: Any, name: str) -> None:
    """The file's name is what is deleted; a copy of another session's file is not that session."""
    if not isinstance(session_id, str) or not session_id:
        raise NotASessionError("has a session_id that is no text")
    if "/" in session_id or "\\" in session_id or "\0" in session_id or session_id in {".", ".."}:
        raise NotASessionError("has a session_id that leads out of the folder")
    stem = name.removesuffix(SUFFIX)
    if session_id != stem and _bare(session_id) != _bare(stem):
        raise NotASessionError(f"has the session_id of another file: {session_id[:_LONGEST_TEXT]!r}")


def _bare(text: str) -> str:
    """What of a name stays the same, whatever its writer puts for characters that no file should have."""
    return re.sub(r"%[0-9A-Fa-f]{2}|[^\w.]", "_", text)


def _moment(told: Any, now: datetime) -> datetime | None:
    """A moment as ISO 8601; without a zone it is the latest that it can mean."""
    if not isinstance(told, str):
        return None
    try:
        moment = datetime.fromisoformat(told)
        return unknown_zone(moment, now) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _text(told: Any) -> str | None:
    """A value as a text that can be shown and stored."""
    if isinstance(told, bool) or not isinstance(told, (str, int)) or told == "":
        return None
    text = str(told)[:_LONGEST_TEXT]
    if text.isascii() and text.isprintable():
        return text
    return text.encode(errors="replace").decode().replace("\0", "?")
