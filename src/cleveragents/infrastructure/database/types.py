"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 12, 31, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC: `timestamptz` on PostgreSQL, microseconds since 1970 on SQLite.

    SQLite has no type for moments. Text would lose its zone and, in arithmetic, its microseconds;
    a whole number keeps both and compares fast.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return _moment(value)
        moment: datetime = value
        return moment.astimezone(UTC)


def _moment(microseconds: int) -> datetime:
    try:
        return _EPOCH + timedelta(microseconds=microseconds)
    except OverflowError:  # another program's figure, outside the years that a datetime knows
        return EARLIEST if microseconds < 0 else LATEST


class Seconds(TypeDecorator[timedelta]):
    """A whole number of seconds, as a timedelta."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else BigInteger())

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - as declared above it
        return None if value is None else int(value.total_seconds())

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:  # noqa: ARG002 - as declared above it
        return None if value is None else timedelta(seconds=value)


def read_json(written: str | bytes) -> Any:
    """Read JSON that can be written again; what is none, or holds what JSON cannot say, stays text."""
    text = written if isinstance(written, str) else written.decode()
    try:
        value = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()  # half a character is no text
    except (ValueError, RecursionError):
        return text
    return value


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits} is beyond every float")
    return number


class JsonObject(TypeDecorator[dict[str, Any]]):
    """A JSON object: JSONB on PostgreSQL, text on SQLite.

    What another program wrote there and is no object is read as `{"unreadable": …}`: one broken row
    must not keep anybody from listing or cleaning the others.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        from sqlalchemy.dialects.postgresql import JSONB

        return dialect.type_descriptor(JSONB())

    def process_bind_param(self, value: Mapping[str, Any] | None, dialect: Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return json.dumps(value, ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> dict[str, Any] | None:
        if dialect.name == "sqlite":
            value = read_json(value)
        return value if isinstance(value, dict) else {"unreadable": value}


class RowVersion(UserDefinedType[Any]):
    """The number of a transaction on PostgreSQL, kept as it is and only ever compared there."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid"


# Keys and names compare by code point on both databases: the same order, and prefixes use the index.
Key = Text().with_variant(Text(collation="C"), "postgresql")
# On SQLite a plain INTEGER; 64 bits on both.
Count = BigInteger().with_variant(Integer(), "sqlite")
