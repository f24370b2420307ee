"""The time inside the ids that LangGraph gives its checkpoints, read without opening any checkpoint."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SINCE_1582 = 0x01B2_1DD2_1381_4000
"""How many of a UUID's steps of 100 nanoseconds lie before the epoch."""
_STEPS_IN_MICROSECOND = 10
_LATEST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)
_DIGITS = (8, 4, 3, 3, 12)


def moment_of(uuid6: str) -> datetime:
    """When such an id was made, rounded down to the microsecond."""
    number = UUID(uuid6).int
    steps = number >> 80 << 12 | number >> 64 & 0xFFF
    microseconds = (steps - _SINCE_1582) // _STEPS_IN_MICROSECOND
    return _EPOCH + timedelta(microseconds=min(microseconds, _LATEST))


def first_at(moment: datetime) -> str:
    """What sorts before every such id that was made then or later, and after all that are earlier."""
    steps = (moment - _EPOCH) // timedelta(microseconds=1) * _STEPS_IN_MICROSECOND + _SINCE_1582
    number = max(steps, 0)
    return f"{number >> 28:08x}-{number >> 12 & 0xFFFF:04x}-6{number & 0xFFF:03x}"


class is_uuid6(FunctionElement[bool]):  # noqa: N801 - it reads as the SQL function it is
    """Whether a text is the id of a checkpoint as LangGraph makes them, in small letters."""

    type = Boolean()
    inherit_cache = True


@compiles(is_uuid6, "postgresql")
def _is_uuid6_on_postgresql(element: is_uuid6, compiler: SQLCompiler, **kwargs: Any) -> str:
    text = compiler.process(element.clauses, **kwargs)
    first, second, third, fourth, fifth = (f"[0-9a-f]{{{count}}}" for count in _DIGITS)
    return f"({text} ~ '^{first}-{second}-6{third}-[89ab]{fourth}-{fifth}$')"


@compiles(is_uuid6, "sqlite")
def _is_uuid6_on_sqlite(element: is_uuid6, compiler: SQLCompiler, **kwargs: Any) -> str:
    text = compiler.process(element.clauses, **kwargs)
    first, second, third, fourth, fifth = ("[0-9a-f]" * count for count in _DIGITS)
    return f"({text} GLOB '{first}-{second}-6{third}-[89ab]{fourth}-{fifth}')"


class bytewise(FunctionElement[str]):  # noqa: N801 - it reads as the SQL function it is
    """A text that is compared byte by byte, whatever the language of the database."""

    type = Text()
    inherit_cache = True


@compiles(bytewise, "postgresql")
def _bytewise_on_postgresql(element: bytewise, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f'({compiler.process(element.clauses, **kwargs)} COLLATE "C")'


@compiles(bytewise, "sqlite")
def _bytewise_on_sqlite(element: bytewise, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"({compiler.process(element.clauses, **kwargs)} COLLATE BINARY)"
