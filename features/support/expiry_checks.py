"""Holding the list of what expires against the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleveragents.domain.listing import SessionQuery
from cleveragents.domain.retention import RetentionPolicy, SessionFilter, judge_all
from cleveragents.domain.session import Session
from support.clock import START
from support.random_sessions import policies, stores
from support.sessions import SessionWithMessages

if TYPE_CHECKING:
    from support.driver import Driver

_INSTANT = timedelta(microseconds=1)
_TABLES = ("session_messages", "sessions", "dangling_sessions")
_spans = st.sampled_from([_INSTANT, timedelta(seconds=1), timedelta(minutes=30), timedelta(hours=25)])
_long_spans = st.timedeltas(timedelta(days=1), timedelta(days=60))


_days = st.integers(20, 32).map(lambda number: timedelta(days=number))
_hours = st.integers(0, 9).map(lambda number: timedelta(hours=number))


@st.composite
def _kin(draw: st.DrawFn) -> list[SessionWithMessages]:
    """Families, rings among them, of which each member is due at a moment of its own."""
    ids = [f"kin-{number}" for number in range(draw(st.integers(2, 7)))]
    return [
        SessionWithMessages(
            Session(
                session_id=each,
                created_at=START - timedelta(days=90),
                last_accessed_at=START
                - timedelta(days=draw(st.integers(20, 32)), hours=draw(st.integers(0, 9))),
                message_count=1,
                parent_session_id=draw(st.sampled_from([*ids, *ids, None, "gone"])),
                lease_expires_at=draw(st.sampled_from([None] * 4 + [START + timedelta(days=2)])),
            ),
            (),
        )
        for each in ids
    ]


_cases = st.tuples(stores(START), policies) | st.tuples(
    _kin(),
    st.builds(RetentionPolicy, orphaned_after=st.sampled_from([timedelta(days=29), timedelta(days=40)])),
)


class Outlook:
    """One database that is filled anew for each example."""

    def __init__(self, driver: Driver, examples: int) -> None:
        self._broom = driver.another_connection()
        self._container = driver.container()
        driver.at_the_end(lambda: self._container.store().close())
        self._settings = settings(
            deadline=None,
            database=None,
            print_blob=True,
            max_examples=examples,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )
        self.found = 0
        """How many sessions the examples had to show."""

    def lists_follow_the_rules(self) -> None:
        """What is listed is no candidate now, is one then, and becomes one at the very moment told."""

        @self._settings
        @given(_cases, _spans | _long_spans)
        def check(case: tuple[list[SessionWithMessages], RetentionPolicy], within: timedelta) -> None:
            store, policy = case
            self._fill(store)
            sessions = [entry.session for entry in store]

            def candidates_at(moment) -> set[str]:
                verdicts = judge_all(sessions, policy, moment)
                return {session_id for session_id, verdict in verdicts.items() if verdict.is_purge}

            page = self._list(policy, within)
            listed = {entry.session.session_id: entry.eligible_at for entry in page.sessions}
            assert set(listed) == candidates_at(START + within) - candidates_at(START)
            for session_id, moment in listed.items():
                assert session_id in candidates_at(moment), (session_id, moment)
                assert session_id not in candidates_at(moment - _INSTANT), (session_id, moment)
            assert list(listed.items()) == sorted(listed.items(), key=lambda item: (item[1], item[0]))
            assert [entry.session for entry in page.sessions] == [
                next(one for one in sessions if one.session_id == session_id) for session_id in listed
            ]
            assert (page.total, page.until) == (len(listed), START + within)
            self.found += len(listed)

        check()

    def _list(self, policy: RetentionPolicy, within: timedelta):
        query = SessionQuery(matching=SessionFilter(), having=frozenset(), policy=policy, now=START)
        return self._container.expiry_service().list(query, within)

    def _fill(self, store: Sequence[SessionWithMessages]) -> None:
        for table in _TABLES:
            self._broom.execute(f"DELETE FROM {table}")
        with self._container.store().writing() as work:
            work.sessions.add_many((entry.session, entry.messages) for entry in store)
            work.commit()
