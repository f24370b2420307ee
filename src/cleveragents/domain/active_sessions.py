"""Which sessions one process has open, in the order in which they were used."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cleveragents.domain.errors import InvalidValueError


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveSession:
    """What is kept in memory of one: `leased_until` is the lease that this process asked for last."""

    session_id: str
    last_accessed_at: datetime
    leased_until: datetime

    def merged(self, other: ActiveSession) -> ActiveSession:
        """The later of both: what several threads did is told in any order."""
        return replace(
            self,
            last_accessed_at=max(self.last_accessed_at, other.last_accessed_at),
            leased_until=max(self.leased_until, other.leased_until),
        )


class ActiveSessions:
    """At most `most` of them. One thread at a time may look or change."""

    def __init__(self, most: int) -> None:
        if most < 1:
            raise InvalidValueError(f"At least one session can be active, not {most}.")
        self._most = most
        self._by_use: OrderedDict[str, ActiveSession] = OrderedDict()
        self._tools: Counter[str] = Counter()
        self.current: str | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The least recently used comes first."""
        return tuple(self._by_use)

    @property
    def with_tools(self) -> tuple[str, ...]:
        """Those in which a tool runs, active or not."""
        return tuple(self._tools)

    def use(self, used: ActiveSession) -> ActiveSession | None:
        """Make it the most recently used one; returns which one had to be closed for it."""
        known = self._by_use.pop(used.session_id, None)
        closed = self._make_room() if known is None else None
        self._by_use[used.session_id] = known.merged(used) if known else used
        return closed

    def close(self, session_id: str) -> ActiveSession | None:
        """Return what was known of it, or None where it was not active."""
        if session_id == self.current:
            self.current = None
        return self._by_use.pop(session_id, None)

    def inactive(self, now: datetime, max_age: timedelta) -> Sequence[ActiveSession]:
        """Those not used for longer than `max_age`, and in which no tool runs."""
        return [
            each
            for each in self._by_use.values()
            if now - each.last_accessed_at > max_age and each.session_id not in self._tools
        ]

    def close_unused(self, since: Sequence[ActiveSession]) -> int:
        """Close those that are as they were then; returns how many are not active now."""
        for each in since:
            if self._by_use.get(each.session_id) == each:
                self.close(each.session_id)
        return sum(each.session_id not in self._by_use for each in since)

    def begin_tool(self, session_id: str) -> None:
        self._tools[session_id] += 1

    def end_tool(self, session_id: str) -> None:
        self._tools[session_id] -= 1
        if not self._tools[session_id]:
            del self._tools[session_id]

    def _make_room(self) -> ActiveSession | None:
        if len(self._by_use) < self._most:
            return None
        least = next(iter(self._by_use))
        without_tool = (session_id for session_id in self._by_use if session_id not in self._tools)
        return self.close(next(without_tool, least))
