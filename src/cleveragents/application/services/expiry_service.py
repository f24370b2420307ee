"""Which sessions become eligible soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cleveragents.application.services.session_service import most_counted
from cleveragents.domain.listing import ExpiringSession, SessionQuery, end_of
from cleveragents.domain.ports import SessionStore


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiringPage:
    """A page of what becomes eligible up to and including `until`; `total` is as that of a `Page`."""

    sessions: Sequence[ExpiringSession]
    until: datetime
    total: int
    is_total_exact: bool
    offset: int


class ExpiryService:
    def __init__(self, store: SessionStore) -> None:
        self._store = store

    def list(self, query: SessionQuery, within: timedelta) -> ExpiringPage:
        """Find what `query.policy` does not select at `query.now` and does after `within`.

        The one selection is asked at both moments. Filters of the query narrow the page, and not what
        the policy looks at. Raises InvalidValueError where nobody could look that far ahead.
        """
        until, most = end_of(query.now, within), most_counted(query)
        with self._store.reading() as work:
            page = work.sessions.expiring(query, until)
            counted = work.sessions.count_expiring(query, until, None if most is None else most + 1)
        is_exact = most is None or counted <= most
        return ExpiringPage(
            sessions=page,
            until=until,
            total=counted if is_exact else counted - 1,
            is_total_exact=is_exact,
            offset=query.offset,
        )
