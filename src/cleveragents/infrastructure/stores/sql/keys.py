"""What other programs may have written instead of texts in UTF-8, as SQLite lets them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def why_unreadable(key: Sequence[Any]) -> str:
    """Why a session of such a key cannot be told apart for sure; blank where it can."""
    for part in key:
        if not isinstance(part, str):
            return "its key is no text"
        if not is_utf8(part):
            return "its key is not in UTF-8"
    return ""


def shown_key(key: Sequence[Any]) -> str:
    return "/".join(map(_shown, key))


def is_utf8(value: Any) -> bool:
    """Whether a value is anything but a text with bytes that are no UTF-8."""
    try:
        if isinstance(value, str) and not value.isascii():
            value.encode()
    except UnicodeEncodeError:
        return False
    return True


def as_bytes(text: str) -> bytes:
    """The bytes that such a text has in the store."""
    return text.encode(errors="surrogateescape")


def _shown(part: Any) -> str:
    if isinstance(part, str):
        part = as_bytes(part)
    return part.decode(errors="backslashreplace") if isinstance(part, bytes) else str(part)
