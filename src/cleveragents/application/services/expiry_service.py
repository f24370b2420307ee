"""Which sessions become eligible soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cleveragents.domain.listing import ExpiringSession, SessionQuery, end_of
from cleveragents.domain.ports import SessionStore


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiringPage:
    """A page of what becomes eligible up to and including `until`; `total` counts all of that exactly."""

    sessions: Sequence[ExpiringSession]
    until: datetime
    total: int
    offset: int


class ExpiryService:
    def __init__(self, store: SessionStore) -> None:
        self._store = store

    def list(self, query: SessionQuery, within: timedelta) -> ExpiringPage:
        """Find what `query.policy` does not select at `query.now` and does after `within`.

        The one selection is asked at both moments. Filters of the query narrow the page, and not what
        the policy looks at. Raises InvalidValueError where nobody could look that far ahead.
        """
        until = end_of(query.now, within)
        with self._store.reading() as work:
            page, total = work.sessions.expiring(query, until)
        return ExpiringPage(sessions=page, until=until, total=total, offset=query.offset)
