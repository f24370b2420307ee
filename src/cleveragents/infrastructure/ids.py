"""ULIDs for the sessions and messages made here."""

from __future__ import annotations

from datetime import datetime


class UlidFactory:
    def new_id(self, at: datetime) -> str:
        from ulid import ULID

        return str(ULID.from_datetime(at))
