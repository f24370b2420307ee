"""ULIDs for the sessions and messages made here."""

from __future__ import annotations

from datetime import datetime

from ulid import ULID


class UlidFactory:
    def new_id(self, at: datetime) -> str:
        return str(ULID.from_datetime(at))
