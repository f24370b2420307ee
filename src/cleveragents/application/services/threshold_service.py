"""Working out the stale threshold from the sessions' own history."""

from __future__ import annotations

from cleveragents.domain.adaptive import AutoThreshold, Choice, choose, without_history
from cleveragents.domain.ports import Clock, SessionStore


class ThresholdService:
    def __init__(self, store: SessionStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def choose(self, auto: AutoThreshold) -> Choice:
        """Look how long sessions of the whole database lay unused; changes nothing, creates nothing.

        In doubt it is the longest age that is allowed. Raises DatabaseError where the database is there
        and cannot be read.
        """
        if self._store.is_missing():
            return without_history(auto)
        with self._store.reading() as work:
            return choose(auto, work.sessions.unused(auto, self._clock.now()))
