"""Reading values out of somebody's JSON: each is what it should be, or the document is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from cleveragents.domain.errors import DocumentRefusedError
from cleveragents.domain.session import MOST, Role

Reader = Callable[[Any, str], Any]
"""Takes a value and what it is called; returns it typed, or raises DocumentRefusedError."""


def parse_object(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        refuse(f"it is not complete JSON (line {error.lineno}, column {error.colno}: {error.msg})")
    except (ValueError, RecursionError) as error:
        refuse(f"its JSON cannot be read ({error})")
    if not isinstance(document, dict):
        refuse("it is not a JSON object")
    return document


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def moment(value: Any, what: str) -> datetime:
    if not isinstance(value, str):
        refuse(f"{what} is not an ISO 8601 time")
    try:
        told = datetime.fromisoformat(value)
        # A time without a zone is taken as UTC, as the format's writers mean it.
        return told.replace(tzinfo=UTC) if told.tzinfo is None else told.astimezone(UTC)
    except (ValueError, OverflowError):
        refuse(f"{what} is {value!r}, which is not an ISO 8601 time")


def text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        refuse(f"{what} is not text")
    return value


def number(value: Any, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST:
        refuse(f"{what} is not a whole number from 0 upwards")
    return value


def seconds(value: Any, what: str) -> timedelta:
    try:
        return timedelta(seconds=number(value, what))
    except OverflowError:
        refuse(f"{what} is too long")


def role(value: Any, what: str) -> Role:
    if value not in set(Role):
        refuse(f"{what} is {value!r}; known are {', '.join(Role)}")
    return Role(value)


def fields(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        refuse(f"its {what} is not a JSON object")
    return value


def optional(read: Reader) -> Reader:
    return lambda value, what: None if value is None else read(value, what)


def refuse(why: str, *, hint: str = "Nothing was changed. Export the session again.") -> NoReturn:
    raise DocumentRefusedError(f"The document was refused: {why}.", hints=[hint])
