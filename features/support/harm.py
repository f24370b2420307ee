"""Text that would do harm if it were shown as it is, and what a terminal would obey."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import yaml


@dataclass(frozen=True, slots=True)
class Harm:
    """A text and what people see of it; `shown` is the text itself where nothing in it does harm."""

    text: str
    shown: str


HARMS = {
    "Rich markup": Harm("[bold red]spring[/] [link=https://example.org]x[/link] [/]",
                        "[bold red]spring[/] [link=https://example.org]x[/link] [/]"),
    "a colour code": Harm("\x1b[31mspring\x1b[2J", r"\x1b[31mspring\x1b[2J"),
    "a line break": Harm("spring\nPurged 0 sessions\r", r"spring\nPurged 0 sessions\r"),
    "a right-to-left override": Harm("spring\u202egnp.exe\u2066", r"spring\u202egnp.exe\u2066"),
    "an eight-bit control code": Harm("spring\x9b31m\x85", r"spring\x9b31m\x85"),
    "emoji": Harm("spring 🌱👩‍👩‍👧🇵🇹", "spring 🌱👩‍👩‍👧🇵🇹"),
    "emoji codes": Harm("spring :smile: :warning:", "spring :smile: :warning:"),
    "Arabic words": Harm("ربيع spring", "ربيع spring"),
}  # fmt: skip

# Colours and bold are what rich answers are made of; anything else moves the cursor or lies.
_OBEYED = re.compile(
    r"\x1b(?!\[[0-9;]*m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
_STYLE = re.compile(r"\x1b\[[0-9;]*m")
_COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[0-9;]*m")
_BOXES = re.compile("[\u2500-\u259f]")


def what_a_terminal_obeys(written: str) -> list[str]:
    return _OBEYED.findall(written)


def colours(written: str) -> list[str]:
    return _COLOUR.findall(written)


def styles(written: str) -> list[str]:
    """Colours, bold and dim."""
    return _STYLE.findall(written)


def boxes(written: str) -> list[str]:
    return _BOXES.findall(written)


def shows(harm: Harm, written: str, format_: str) -> bool:
    """Whether people see the text as it may be seen, and machines read it exactly as it is."""
    if format_ == "json":
        return harm.text in _texts(json.loads(written))
    if format_ == "yaml":
        return harm.text in _texts(yaml.safe_load(written))
    # A narrow column folds a long name; what was folded is read together again.
    flat = re.sub(r"\s+", "", _STYLE.sub("", written))
    return re.sub(r"\s+", "", harm.shown) in flat


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []
