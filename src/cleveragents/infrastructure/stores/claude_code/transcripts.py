"""Reading a transcript, line by line, however long it is."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cleveragents.infrastructure.stores.clocks import unknown_zone
from cleveragents.infrastructure.stores.files.root import Root

_MESSAGES = {"user", "assistant"}
_LONGEST_LINE = 32 * 1024 * 1024
"""A longer line is counted as a message, and not read."""


class NotATranscriptError(Exception):
    """What could not be understood."""


@dataclass(frozen=True, slots=True)
class Transcript:
    oldest: datetime | None
    newest: datetime | None
    messages: int


def read_transcript(root: Root, path: str, now: datetime) -> Transcript:
    """Raise NotATranscriptError where no line of it can be understood, and OSError where it cannot be read.

    A last line that is half written is another program's work.
    """
    first = last = ""
    moments: list[datetime] = []
    messages = lines = understood = 0
    for line in _lines(root, path):
        lines += 1
        told = _told(line)
        if told is None:
            continue
        understood += 1
        messages += told.get("type") in _MESSAGES
        at = told.get("timestamp")
        if not isinstance(at, str):
            continue
        if at.endswith("Z") and len(at) == len(first or at):
            # All of one form, so that their order is that of their texts.
            first, last = min(first or at, at), max(last, at)
        else:
            moments += _moments(at, now)
    moments += [moment for text in (first, last) for moment in _moments(text, now)]
    if lines and not understood:
        raise NotATranscriptError("is no transcript: not one of its lines is JSON")
    return Transcript(oldest=min(moments, default=None), newest=max(moments, default=None), messages=messages)


def _lines(root: Root, path: str) -> Iterator[bytes]:
    with root.opened(path) as descriptor, os.fdopen(os.dup(descriptor), "rb") as file:
        while line := file.readline(_LONGEST_LINE):
            yield line
            while not line.endswith(b"\n") and len(line) == _LONGEST_LINE:
                line = file.readline(_LONGEST_LINE)


def _told(line: bytes) -> dict[str, Any] | None:
    if len(line) == _LONGEST_LINE:
        return {"type": "user"}
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _moments(text: str, now: datetime) -> list[datetime]:
    try:
        moment = datetime.fromisoformat(text)
        return [unknown_zone(moment, now) if moment.tzinfo is None else moment.astimezone(UTC)]
    except (ValueError, OverflowError):
        return []
