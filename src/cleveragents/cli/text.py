"""Untrusted text and figures as a terminal may show them."""

from __future__ import annotations

import unicodedata

SHORT_ID = 8
# Joiners inside emoji and Indic or Arabic words; they change no direction and move no cursor.
_HARMLESS = {"\u200c", "\u200d"}
_UNSHOWABLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def shown(text: str) -> str:
    """Make control and direction characters visible, so that no name can move the cursor or lie."""
    return "".join(map(_shown_character, text))


def shown_lines(text: str) -> str:
    """The same for text of several lines."""
    return "\n".join(shown(line.expandtabs()) for line in text.split("\n"))


def _shown_character(character: str) -> str:
    if character in _HARMLESS or unicodedata.category(character) not in _UNSHOWABLE:
        return character
    return character.encode("unicode_escape").decode()


def short_id(session_id: str) -> str:
    """The beginning of an id; one of a foreign store ends with what tells it from others."""
    return session_id.rpartition("/")[2][:SHORT_ID]


def bytes_shown(number: int) -> str:
    """Write bytes with three significant figures in binary units."""
    size = float(number)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024:  # noqa: PLR2004 - the base of binary units
            return f"{number} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} TiB"


def counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
