"""JSON and YAML for machines, piece by piece where a list in them is long."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from cleveragents.cli.answer import Streamed

# Characters that JSON and YAML allow raw but that a terminal would obey.
_OBEYED = re.compile(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def harmless(json_text: str) -> str:
    """JSON that says the same without a character that a terminal would obey."""
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", json_text)


def json_pieces(document: Mapping[str, Any], *, unicode: bool) -> Iterator[str]:
    """The text that `json.dumps` would give, a streamed list record by record."""
    text, streams = _with_places(document, ensure_ascii=not unicode, indent=2)
    for place, stream in streams.items():
        head, text = text.split(f'"{place}"')
        yield harmless(head)
        yield from _json_list(stream, _indentation(head), ensure_ascii=not unicode)
    yield harmless(text) + "\n"


def _json_list(stream: Streamed, indentation: str, *, ensure_ascii: bool) -> Iterator[str]:
    opening, inner = "[", f"\n{indentation}  "
    for record in stream:
        text = json.dumps(record, default=_json_value, ensure_ascii=ensure_ascii, indent=2)
        yield opening + inner + harmless(text.replace("\n", inner))
        opening = ","
    yield "[]" if opening == "[" else f"\n{indentation}]"


def _indentation(text: str) -> str:
    line = text.rpartition("\n")[2]
    return line[: len(line) - len(line.lstrip())]


def yaml_pieces(document: Mapping[str, Any], *, unicode: bool) -> Iterator[str]:
    text, streams = _with_places(document)
    plain = json.loads(text)
    text = _yaml(plain, unicode=unicode)
    for place, stream in streams.items():
        head, text = text.split(f" {place}\n")
        yield head
        yield from _yaml_list(stream, _path_to(place, plain), unicode=unicode)
    yield text


def _yaml_list(stream: Streamed, path: Sequence[str], *, unicode: bool) -> Iterator[str]:
    opening = "\n"
    for record in stream:
        # Dumped where it stands: how far in a text begins decides where YAML folds it.
        nested: Any = [json.loads(json.dumps(record, default=_json_value))]
        for key in reversed(path):
            nested = {key: nested}
        yield opening + _yaml(nested, unicode=unicode).split("\n", len(path))[-1]
        opening = ""
    if opening:
        yield " []\n"


def _path_to(place: str, document: Any) -> list[str]:
    for key, value in document.items():
        if value == place:
            return [key]
        if isinstance(value, dict) and (path := _path_to(place, value)):
            return [key, *path]
    return []


def _yaml(plain: Any, *, unicode: bool) -> str:
    import yaml

    text = str(yaml.safe_dump(plain, allow_unicode=unicode, sort_keys=False))
    if _OBEYED.search(text):
        text = str(yaml.safe_dump(plain, allow_unicode=False, sort_keys=False))
    return text


def _with_places(document: Mapping[str, Any], **options: Any) -> tuple[str, dict[str, Streamed]]:
    """The document as JSON in which a word that stands nowhere else keeps the place of each streamed list."""
    streams: dict[str, Streamed] = {}

    def default(value: object) -> object:
        if not isinstance(value, Streamed):
            return _json_value(value)
        place = f"streamed-{uuid4().hex}"
        streams[place] = value
        return place

    return json.dumps(document, default=default, **options), streams


def _json_value(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} has no JSON form")
