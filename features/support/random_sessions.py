"""Random sessions and policies, crowded around everything that could make two judges disagree."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from cleveragents.domain.duration import LONGEST
from cleveragents.domain.retention import Reason, RetentionPolicy, SessionFilter
from cleveragents.domain.session import Message, Role, Session
from support.sessions import SessionWithMessages

_INSTANT = timedelta(microseconds=1)
# Upper case, lower case and punctuation: databases like to sort these in orders of their own.
_IDS = ["a", "B", "a.1", "A-1", "_x", "a_1", "Z", "z", "a-1", "b"]
_THRESHOLDS = [timedelta(seconds=1), timedelta(minutes=30), timedelta(hours=24), timedelta(days=30)]
_ACTORS = ["a", "A", "local/a", "é"]
_SOURCES = ["cli", "cron", "CLI"]
_NAMESPACES = ["local", "team"]
# What is special to one database's patterns, to the other's, or to neither.
_NAME_CHARACTERS = "ab*?[]!^-\\%_ \nAé😀"
_NAMES = ["a", "ab", "A", "[ab]", "a_b", "a%b", "axb", "a\\b", "a*b", "!", "^", "\\", "a\nb", "é😀"]
_GLOBS = ["*", "?", "??", "a*", "*b", "a?b", "[ab]", "[!a]", "[^a]", "a_b", "a%b", "a\\*", "\\", "*\n*"]

_moments_apart = st.sampled_from([-_INSTANT, timedelta(0), _INSTANT])
_thresholds = st.sampled_from(_THRESHOLDS)
_names = st.sampled_from(_NAMES) | st.text(_NAME_CHARACTERS, min_size=1, max_size=4).filter(str.strip)
_at_thresholds = st.builds(lambda threshold, apart: threshold + apart, _thresholds, _moments_apart)
_beside_now = st.sampled_from([timedelta(0), -_INSTANT, _INSTANT, -timedelta(days=2)])
_long_ago = st.timedeltas(timedelta(days=31), timedelta(days=400))
_any_age = st.timedeltas(timedelta(days=-1), timedelta(days=60))


def _weighted(*choices: tuple[int, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """One of the strategies, as often as its weight says; `one_of` sees to no proportions."""
    return st.sampled_from([choice for weight, choice in choices for _ in range(weight)]).flatmap(lambda x: x)


_ages = _weighted((4, _at_thresholds), (4, _long_ago), (1, _beside_now), (1, _any_age))
_own_thresholds = _weighted(
    (4, st.none()), (2, _thresholds), (1, st.sampled_from([timedelta(days=90), LONGEST]))
)
_parents = _weighted((4, st.none()), (3, st.sampled_from(_IDS)), (2, st.just("gone")))


def _rarely(values: st.SearchStrategy[timedelta]) -> st.SearchStrategy[timedelta | None]:
    return _weighted((6, st.none()), (1, values))


_leases = _rarely(st.one_of(_moments_apart, st.sampled_from([timedelta(hours=1), timedelta(days=-1)])))
_pins = _rarely(st.sampled_from([timedelta(0), timedelta(days=3)]))


@st.composite
def _globs_of_names(draw: st.DrawFn) -> str:
    """A name of which some characters became wildcards, so that there is something to match."""
    characters = [draw(st.sampled_from([character] * 3 + ["?", "*"])) for character in draw(_names)]
    return "".join(characters) if "".join(characters).strip() else "*"


globs = st.sampled_from(_GLOBS) | _globs_of_names()
names = st.lists(_names, min_size=1, max_size=20, unique=True).map(lambda drawn: [*_NAMES, *drawn])


@st.composite
def _session(draw: st.DrawFn, session_id: str, now: datetime) -> SessionWithMessages:
    own = draw(_own_thresholds)
    ages = _ages if own is None else _weighted((1, _ages), (1, _moments_apart.map(own.__add__)))
    accessed = now - draw(ages)
    created = accessed - draw(st.sampled_from([*[timedelta(0)] * 6, timedelta(days=1), -timedelta(days=1)]))
    lease, pin = draw(_leases), draw(_pins)
    contents = draw(st.lists(st.sampled_from(["", "hello", "é😀"]), max_size=2))
    messages = tuple(
        Message(
            message_id=f"{session_id}-{sequence}",
            sequence=sequence,
            role=Role.USER,
            content=content,
            created_at=created,
        )
        for sequence, content in enumerate(contents, start=1)
    )
    session = Session(
        session_id=session_id,
        name=draw(_weighted((4, _names), (1, st.none()))),
        actor_name=draw(st.none() | st.sampled_from(_ACTORS)),
        source=draw(st.sampled_from(_SOURCES)),
        namespace=draw(st.sampled_from(_NAMESPACES)),
        parent_session_id=draw(_parents),
        created_at=created,
        last_accessed_at=accessed,
        first_message_at=created if messages else None,
        message_count=len(messages),
        content_bytes=sum(message.content_bytes for message in messages),
        stale_after=own,
        pinned_at=None if pin is None else now - pin,
        lease_expires_at=None if lease is None else now + lease,
    )
    return SessionWithMessages(session, messages)


@st.composite
def stores(draw: st.DrawFn, now: datetime) -> list[SessionWithMessages]:
    """All sessions of a store: parents that are missing, cycles and self-parents among them."""
    ids = draw(st.lists(st.sampled_from(_IDS), unique=True, max_size=len(_IDS)))
    return [draw(_session(session_id, now)) for session_id in ids]


@st.composite
def forests(draw: st.DrawFn, now: datetime) -> list[SessionWithMessages]:
    """Old sessions of which most would go, and each of which may descend from an earlier one."""
    store = draw(stores(now))
    grown: list[SessionWithMessages] = []
    for entry in store:
        ancestors = [earlier.session.session_id for earlier in grown]
        parent = draw(st.sampled_from([*ancestors, *ancestors, None, "gone"]))
        accessed = now - draw(st.sampled_from([*[timedelta(days=40)] * 4, timedelta(days=1)]))
        grown.append(_replanted(entry, parent, accessed))
    return grown


def _replanted(entry: SessionWithMessages, parent: str | None, accessed: datetime) -> SessionWithMessages:
    session = replace(
        entry.session,
        parent_session_id=parent,
        created_at=min(entry.session.created_at, accessed),
        last_accessed_at=accessed,
        stale_after=None,
    )
    return SessionWithMessages(session, entry.messages)


def _some(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, min_size=1, max_size=3, unique=True).map(tuple)


_KINDS = {
    "actors": _some(st.sampled_from([*_ACTORS, "nobody"])),
    "sources": _some(st.sampled_from([*_SOURCES, "nowhere"])),
    "namespaces": _some(st.sampled_from([*_NAMESPACES, "none"])),
    "names": _some(globs),
}
filters = st.builds(SessionFilter, **_KINDS)
# Mostly one kind at a time: several together leave next to nothing to disagree about.
_narrowings = _weighted(
    (4, st.just(SessionFilter())),
    *((1, st.builds(SessionFilter, **{kind: values})) for kind, values in _KINDS.items()),
    (2, st.builds(SessionFilter, names=_KINDS["names"])),
    (1, filters),
)
policies = st.builds(
    RetentionPolicy,
    stale_after=st.one_of(_thresholds, st.just(LONGEST)),
    empty_after=_thresholds,
    orphaned_after=_thresholds,
    reasons=_weighted(
        (3, st.just(frozenset(Reason))), (1, st.frozensets(st.sampled_from(list(Reason)), min_size=1))
    ),
    dangling=st.booleans(),
    keep_last=_weighted((3, st.none()), (1, st.integers(1, 3))),
    narrowed_to=_narrowings,
)
