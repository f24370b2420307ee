"""Moments of PostgreSQL that no datetime can be, which must not hide the other rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg import DataError
from psycopg.types.datetime import TimestampLoader


class _AnyMoment(TimestampLoader):
    def load(self, data: Any) -> datetime | None:  # type: ignore[override] # nobody knows when it was
        try:
            return super().load(data)
        except DataError:
            return None


def read_any_moment(connection: Any) -> None:
    """Read such as `infinity`, or years before 1 and after 9999, as None: a time that nobody knows."""
    connection.adapters.register_loader("timestamp", _AnyMoment)
