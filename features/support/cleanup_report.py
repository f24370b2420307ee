"""The figures of a cleanup's answer, under the words the features use."""

from __future__ import annotations

import json
import re
from typing import Any

_PLACES = {
    **{name: (name,) for name in ("scanned", "candidates", "purged", "messages")},
    **{name: ("by_reason", name) for name in ("stale", "empty", "orphaned")},
    **{name: ("protected", name) for name in ("pinned", "leased", "newest", "ancestor", "future")},
    **{name: ("kept", name) for name in ("protected", "recent", "filtered")},
    "skipped": ("skipped_total",),
    "dangling messages": ("dangling_messages",),
    "bytes": ("bytes", "logical"),
}


def figure(data: dict[str, Any], name: str) -> int:
    value: Any = data
    for key in _PLACES[name]:
        value = value[key]
    assert isinstance(value, int), f"{name} is {value!r}"
    return value


def check_reconciled(data: dict[str, Any]) -> None:
    """Hold every figure of an answer against the others."""
    kept = sum(figure(data, name) for name in ("protected", "recent", "filtered"))
    assert figure(data, "scanned") == figure(data, "candidates") + kept, data
    if data["outcome"] == "purged":
        assert figure(data, "candidates") == figure(data, "purged") + figure(data, "skipped"), data
        assert figure(data, "skipped") == len(data["skipped"]), data
    else:
        assert figure(data, "purged") == figure(data, "skipped") == 0, data
    listed = data["sessions"]
    if len(listed) == figure(data, "candidates") and not figure(data, "skipped"):
        _check_sums(data, listed)


def _check_sums(data: dict[str, Any], listed: list[dict[str, Any]]) -> None:
    assert sum(session["message_count"] for session in listed) == figure(data, "messages"), data
    for reason in ("stale", "empty", "orphaned"):
        count = sum(reason in session["reasons"] for session in listed)
        assert count == figure(data, reason), f"{reason}: {count}"
    if not figure(data, "dangling messages"):
        assert sum(session["content_bytes"] for session in listed) == figure(data, "bytes"), data


def columns_of(line: str) -> list[str]:
    """The cells of a line of a plain table."""
    return re.split(r"\s{2,}", line.strip())


def log_lines(text: str) -> list[dict[str, str]]:
    """The log lines among what stderr says, text or JSON, each as its facts and its level."""
    lines = []
    for line in text.splitlines():
        if line.startswith("{"):
            lines.append({name: str(value) for name, value in json.loads(line).items()})
        elif found := re.match(r"(?:\S*?\s)?(DEBUG|INFO|WARNING|ERROR) ", line):
            lines.append({"level": found[1], **dict(re.findall(r"(\w+)=(\S+)", line))})
    return lines
