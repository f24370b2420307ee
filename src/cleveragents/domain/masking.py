"""Passwords in what people wrote, so that it may be repeated to them."""

from __future__ import annotations

import re

_OF_USER = re.compile(r"(://[^/@:]*:)[^@]+@")
_AS_PARAMETER = re.compile(r"([?&]password=)[^&]*", re.IGNORECASE)


def masked(text: str) -> str:
    """The same with `***` for every password of a URL in it."""
    return _AS_PARAMETER.sub(r"\1***", _OF_USER.sub(r"\1***@", text))
