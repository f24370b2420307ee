"""A clock that stands still and moves on command."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)


class StandingClock:
    def __init__(self, moment: datetime = START) -> None:
        self._moment = moment
        self._is_out_of_order = False

    def now(self) -> datetime:
        if self._is_out_of_order:
            self._is_out_of_order = False
            raise OSError("the clock has failed")
        return self._moment

    def advance(self, by: timedelta) -> None:
        self._moment += by

    def fail_once(self) -> None:
        """Have the next look at it raise an error that nobody knows."""
        self._is_out_of_order = True

    def show_real_time(self) -> None:
        """Stand at the present; for what runs in another process, which has the computer's clock."""
        self._moment = datetime.now(UTC)
