"""When this process sweeps next: the schedule, some patience after failures, and a little chance."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from cleveragents.domain.schedule import Schedule
from cleveragents.domain.sweep import Past

_EVER_SINCE = datetime.min.replace(tzinfo=UTC)
_SOON = timedelta(seconds=5)
_BETWEEN_LOOKS = timedelta(minutes=1)
"""A sweep may be taken over, paused or resumed by other hosts at any time."""
_FIRST_PATIENCE = timedelta(minutes=1)
_LONGEST_PATIENCE = timedelta(hours=1)
_MOST_DOUBLINGS = 10
_CLOCKS_DIFFER = timedelta(minutes=1)


class SweepPlan:
    """Keeps the chance that it took for each due sweep, so that looking again does not draw anew."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self._drawn_for: datetime | None = None
        self._planned = _EVER_SINCE
        self._has_begun = False

    @property
    def _jitter(self) -> timedelta:
        """Never so long that a sweep comes as late as the next one."""
        return min(self.schedule.jitter, self.schedule.every / 2)

    def due(self, past: Past, now: datetime) -> datetime:
        """When this process sweeps next; what was missed while nobody ran, soon after the start."""
        due = self.due_for_anybody(past, now)
        if not self._has_begun:
            self._has_begun = True
            self._drawn_for = due
            # Soon, so that a process that is started anew again and again comes to it.
            longest = self._jitter if due > now else min(self._jitter, _SOON)
            self._planned = max(due, now) + _by_chance(longest)
        if self._drawn_for != due:
            self._drawn_for = due
            self._planned = due + _by_chance(timedelta(0) if past.failures else self._jitter)
        if self._planned > max(due, now) + max(self._jitter, _SOON):
            # It was planned by a clock that has been set back since.
            self._planned = max(due, now)
        return self._planned

    def due_for_anybody(self, past: Past, now: datetime) -> datetime:
        """The same without jitter; long ago where there was no sweep yet.

        What seems to lie ahead was written down while a clock was wrong: waiting for it might take years.
        """
        due = _EVER_SINCE
        if past.last_success_at is not None and not self._lies_ahead(past.last_success_at, now):
            due = self.schedule.due_after(past.last_success_at)
        if past.failures and past.failed_at is not None and not self._lies_ahead(past.failed_at, now):
            doublings = min(past.failures - 1, _MOST_DOUBLINGS)
            patience = min(_FIRST_PATIENCE * 2**doublings, _LONGEST_PATIENCE, self.schedule.every)
            due = max(due, past.failed_at + patience)
        return due

    def _lies_ahead(self, moment: datetime, now: datetime) -> bool:
        return moment - now > max(_CLOCKS_DIFFER, self.schedule.every)

    def at_latest(self, due: datetime, now: datetime) -> datetime:
        """When to look again."""
        return min(due, now + _BETWEEN_LOOKS) if due > now else now + timedelta(seconds=1)

    def later(self, now: datetime) -> datetime:
        return now + min(_BETWEEN_LOOKS, self.schedule.every)


def _by_chance(longest: timedelta) -> timedelta:
    return longest * random.random()  # noqa: S311 - nobody guesses at it
