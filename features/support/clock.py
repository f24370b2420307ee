"""A clock that stands still and moves on command."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


class StandingClock:
    def __init__(self, moment: datetime = START) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment

    def advance(self, by: timedelta) -> None:
        self._moment += by

    def show_real_time(self) -> None:
        """Stand at the present; for what runs in another process, which has the computer's clock."""
        self._moment = datetime.now(UTC)
