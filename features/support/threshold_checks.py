"""Holding the figures about unused sessions against a plain computation."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleveragents.domain.adaptive import AutoThreshold, ReturnRate, Unused
from cleveragents.domain.session import Message, Role, Session
from support.clock import START
from support.sessions import SessionWithMessages, session_id_for

if TYPE_CHECKING:
    from support.driver import Driver

_INSTANT = timedelta(microseconds=1)
_TABLES = ("session_messages", "sessions", "dangling_sessions")
_days = st.sampled_from([1, 2, 3, 5, 8]).map(lambda number: timedelta(days=number))
_edges = st.sampled_from([timedelta(0), _INSTANT, -_INSTANT, timedelta(hours=7)])
# Around the ages that are tried, so that a microsecond decides.
_spans = st.builds(lambda days, edge: days + edge, _days, _edges) | st.timedeltas(
    timedelta(0), timedelta(days=9)
)
_lines = st.builds(
    lambda least, more: AutoThreshold(least=least, most=least + more, return_rate=ReturnRate(Decimal(1))),
    st.sampled_from([timedelta(days=1), timedelta(days=2), timedelta(hours=30)]),
    st.sampled_from([timedelta(0), timedelta(hours=5), timedelta(days=1), timedelta(days=4, hours=3)]),
)


@st.composite
def _lived(draw: st.DrawFn, session_id: str) -> SessionWithMessages:
    """A session with messages in any order of time, some of them dated outside of its life."""
    created = START - draw(_spans) - draw(_spans)
    accessed = created + draw(_spans) - draw(st.sampled_from([timedelta(0)] * 5 + [timedelta(days=2)]))
    offsets = draw(st.lists(_spans | _spans.map(lambda span: -span), max_size=4))
    messages = tuple(
        Message(
            message_id=f"{session_id}-{sequence}",
            sequence=sequence,
            role=Role.USER,
            content="hello",
            created_at=created + offset,
        )
        for sequence, offset in enumerate(offsets, start=1)
    )
    session = Session(
        session_id=session_id,
        created_at=created,
        last_accessed_at=accessed,
        message_count=len(messages),
        content_bytes=5 * len(messages),
    )
    return SessionWithMessages(session, messages)


@st.composite
def _histories(draw: st.DrawFn) -> list[SessionWithMessages]:
    return [draw(_lived(f"s-{number}")) for number in range(draw(st.integers(0, 6)))]


def lived(name: str, created: datetime, accessed: datetime) -> SessionWithMessages:
    """A session with one message, when it was created, that was used again once, when it last was."""
    session_id = session_id_for(name)
    message = Message(
        message_id=f"{session_id}-1", sequence=1, role=Role.USER, content="hello", created_at=created
    )
    session = Session(
        session_id=session_id,
        name=name,
        created_at=created,
        last_accessed_at=accessed,
        first_message_at=created,
        message_count=1,
        content_bytes=5,
    )
    return SessionWithMessages(session, (message,))


class Archaeology:
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
        self.returned = 0
        """How many returns the examples had."""

    def figures_are_right(self) -> None:
        @self._settings
        @given(_histories(), _lines)
        def check(store: list[SessionWithMessages], auto: AutoThreshold) -> None:
            for table in _TABLES:
                self._broom.execute(f"DELETE FROM {table}")
            with self._container.store().writing() as work:
                work.sessions.add_many((entry.session, entry.messages) for entry in store)
                work.commit()
            with self._container.store().reading() as work:
                found = work.sessions.unused(auto, START)
            expected = plainly(store, auto, START)
            assert (list(found.reached), list(found.returned)) == (expected.reached, expected.returned), found
            self.returned += sum(expected.returned)

        check()


def plainly(store: list[SessionWithMessages], auto: AutoThreshold, now: datetime) -> Unused:
    """The definition, word for word."""
    reached, returned = [], []
    for age in auto.ages:
        came_back = [entry for entry in store if any(gap > age for gap in _gaps(entry))]
        lay_unused = [
            entry for entry in store if now - entry.session.last_accessed_at > age or entry in came_back
        ]
        reached.append(len(lay_unused))
        returned.append(len(came_back))
    return Unused(reached, returned)


def _gaps(entry: SessionWithMessages) -> list[timedelta]:
    """The times between one use and the next."""
    begin, end = entry.session.created_at, entry.session.last_accessed_at
    if begin > end:
        return []
    appended = [message.created_at for message in entry.messages if begin <= message.created_at <= end]
    return [later - earlier for earlier, later in pairwise(sorted([begin, *appended, end]))]
