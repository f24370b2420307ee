"""How the sweeps of one database stand, and whether somebody should have a look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from cleveragents.domain.duration import describe_age, format_duration
from cleveragents.domain.report import Findings
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.domain.safeguards import Mode, Safeguards
from cleveragents.domain.schedule import Schedule
from cleveragents.domain.sweep import Past, Sweep, SweepOutcome, Turn

_GROWS_AFTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepStatus:
    """What is known of one database's sweeps at a moment.

    `next_at` is when the next one is due for whoever runs, without jitter; None where nothing may begin.
    `found` is what is eligible now. `recent` are the newest sweeps, newest first.
    """

    database: str
    as_of: datetime
    policy: RetentionPolicy
    safeguards: Safeguards
    schedule: Schedule
    stop_file: str | None = None
    """The stop file, where it is there."""
    turn: Turn
    past: Past
    next_at: datetime | None = None
    last_success: Sweep | None = None
    last_failure: Sweep | None = None
    recent: Sequence[Sweep] = ()
    found: Findings
    archives: int = 0
    archives_bytes: int = 0
    database_bytes: int = 0
    database_missing: bool = False

    @property
    def backlogs(self) -> Sequence[tuple[datetime, int]]:
        """What was left eligible after each recent success, oldest first, and what is eligible now."""
        after = [
            (sweep.finished_at, sweep.backlog)
            for sweep in reversed(self.recent)
            if sweep.has_succeeded and sweep.finished_at and sweep.backlog is not None
        ]
        return [*after, (self.as_of, self.found.candidates)]

    @property
    def is_growing(self) -> bool:
        """Whether the last sweep left more behind than the one before it, and now it is more still."""
        newest = [backlog for _, backlog in self.backlogs][-_GROWS_AFTER:]
        return len(newest) == _GROWS_AFTER and all(later > earlier for earlier, later in pairwise(newest))

    def problems(self, max_age: timedelta) -> Iterator[str]:
        """Why somebody should have a look: no success for longer than `max_age`, or a growing backlog."""
        if self.database_missing:
            yield "There is no database."
        elif self.last_success is None:
            yield "No sweep has succeeded yet."
        elif (age := self.as_of - self.last_success.started_at) > max_age:
            allowed = format_duration(max_age)
            yield f"The last sweep that succeeded began {describe_age(age)} ago; {allowed} are allowed."
        elif -age > max_age:
            yield f"The last sweep that succeeded begins {describe_age(age)}: a clock is, or was, wrong."
        if self.is_growing:
            newest = ", ".join(f"{number:,}" for _, number in self.backlogs[-_GROWS_AFTER:])
            yield f"The backlog grows: {newest}."

    def _mode_hint(self) -> str:
        if self.last_success and self.last_success.outcome is SweepOutcome.PURGED:
            return "By these settings the mode is report; the last sweep was told to purge all the same."
        return "The mode is report, so sweeps delete nothing; cleanup.mode = purge lets them."

    def hints(self) -> Iterator[str]:
        """What explains that nothing is deleted."""
        if self.stop_file:
            yield f"The file {self.stop_file} keeps sweeps from beginning."
        if self.turn.pause:
            since = describe_age(self.as_of - self.turn.pause.since)
            why = f": {self.turn.pause.why}" if self.turn.pause.why else ""
            yield f"{self.turn.pause.who} paused sweeps {since} ago{why}"
        if not self.safeguards.enabled:
            yield "Cleanup is disabled, so sweeps delete nothing."
        elif self.safeguards.mode is Mode.REPORT:
            yield self._mode_hint()
