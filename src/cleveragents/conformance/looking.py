"""Checks of what an adapter tells, none of which may change anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from cleveragents.conformance.bench import DAY, FRESH, OLD, STALE, YOUNG, Bench
from cleveragents.conformance.expecting import (
    NotApplicableError,
    NotConformingError,
    expect,
    expect_same,
    refused,
)
from cleveragents.domain.errors import StoreMissingError, StoreNotRecognisedError
from cleveragents.domain.retention import Reason, RetentionPolicy, judge_all
from cleveragents.domain.session import Session
from cleveragents.domain.stored import StoredSession, id_of_key, key_of_id

_TOLERANCE = timedelta(minutes=5)
_ZONES = timedelta(hours=26)
"""How far the zones of the earth lie apart."""


def it_says_what_it_recognised(bench: Bench) -> None:
    bench.fill()
    adapter, again = bench.adapter(), bench.adapter()
    expect(not adapter.is_missing(), "is_missing() is true of a store that is there")
    told = adapter.recognise()
    for name in ("layout", "last_accessed", "emptiness", "orphans"):
        expect(getattr(told, name).strip(), f"recognise() leaves {name} blank")
    expect(told.belongs, "recognise() does not say what belongs to a session")
    expect(told.least_age >= timedelta(0), "recognise() tells a least_age below zero")
    expect(bench.maker.kind.title.strip(), "the kind's title is blank")
    expect(adapter.displayed.strip(), "displayed is blank")
    expect(adapter.identity.strip(), "identity is blank")
    expect(adapter.identity == again.identity, "identity is another one each time the store is opened")
    expect(adapter.inspect().size_bytes > 0, "inspect() tells no size")
    expect(not adapter.hanging_tables(), "hanging_tables() names tables in a store that has only its own")


def it_finds_nothing_where_nothing_is(bench: Bench) -> None:
    adapter, before = bench.adapter(), bench.files()
    if adapter.is_missing():
        with refused(StoreMissingError, "a scan of what is missing"):
            bench.cleanup.scan(RetentionPolicy())
        with refused(StoreMissingError, "a purge of what is missing"):
            bench.cleanup.purge(RetentionPolicy())
    else:
        with refused(StoreNotRecognisedError, "recognise() of a place without a store"):
            adapter.recognise()
    expect(bench.files() == before, "a look at nothing made something")


def it_refuses_what_it_does_not_know(bench: Bench) -> None:
    bench.fill()
    policy = bench.policy
    bench.maker.spoil(bench.location)
    before = bench.files()
    with refused(StoreNotRecognisedError, "recognise() of an unknown layout"):
        bench.adapter().recognise()
    with refused(StoreNotRecognisedError, "a scan of an unknown layout"):
        bench.cleanup.scan(policy)
    with refused(StoreNotRecognisedError, "a purge of an unknown layout"):
        bench.cleanup.purge(policy)
    expect(bench.files() == before, "a store that was refused was changed")


def it_names_each_session_that_its_library_lists(bench: Bench) -> None:
    bench.fill()
    with bench.running() as run:
        ids = [each.session_id for each in run.sessions(bench.now)]
    expect_same(ids, bench.maker.ids(bench.location), "the sessions that its library lists")
    expect_same(ids, [*bench.stale, *bench.fresh], "the sessions that were made")
    for session_id in ids:
        again = id_of_key(*key_of_id(session_id))
        expect(again == session_id, f"{session_id!r} is no id that id_of_key makes: that would be {again!r}")
        explained = bench.cleanup.explain(session_id, bench.policy)
        expect(explained.session.session_id == session_id, f"{session_id!r} does not lead to its session")


def it_tells_ages(bench: Bench) -> None:
    bench.fill()
    stored, least = bench.stored(), bench.adapter().recognise().least_age
    for session_id, wanted in zip([*bench.stale, *bench.fresh], [*STALE, *FRESH], strict=True):
        told, real = stored[session_id].last_accessed_at, bench.made_at - wanted.age
        expect(told is not None, f"the age of {session_id!r} is unknown")
        if told is not None:
            off = told - real
            wrong = f"{session_id!r} was last accessed {wanted.age} ago, and it tells {off} later"
            # Whoever is uncertain must tell too young an age rather than too old a one.
            expect(-_TOLERANCE <= off <= max(least, _ZONES) + _TOLERANCE, wrong)
            expect(told <= bench.now + _TOLERANCE, f"{session_id!r} is told to be used in times to come")
            created = stored[session_id].created_at
            expect(
                created is None or created <= told + _TOLERANCE, f"{session_id!r} was used before it began"
            )


def it_tells_what_is_empty(bench: Bench) -> None:
    bench.fill()
    for session_id in (*bench.stale, *bench.fresh):
        told = bench.stored()[session_id]
        expect(told.message_count > 0, f"{session_id!r} has messages, and is told to be empty")
        expect(told.content_bytes > 0, f"{session_id!r} has messages, and is told to have no content")
    if not bench.maker.makes_empty:
        return
    old, young = bench.fill_empty()
    for session_id in (old, young):
        expect(bench.stored()[session_id].message_count == 0, f"{session_id!r} is empty, and has messages")
    only_empty = replace(bench.policy, reasons=frozenset({Reason.EMPTY}))
    found = [each.session_id for each in bench.scan(only_empty).found.sessions]
    expect_same(found, [old], "the empty sessions that a policy selects")


def the_policy_selects_what_the_rules_say(bench: Bench) -> None:
    bench.fill()
    if bench.maker.makes_empty:
        bench.fill_empty()
    now = bench.now
    sessions = [_as_ours(each) for each in bench.stored().values() if each.last_accessed_at is not None]
    usual = bench.policy
    for policy in (
        usual,
        replace(usual, stale_after=OLD + DAY),
        replace(usual, keep_last=1),
        replace(usual, reasons=frozenset({Reason.EMPTY})),
        replace(usual, stale_after=max(2 * YOUNG, usual.empty_after)),
    ):
        wanted = [each.session_id for each in judge_all(sessions, policy, now).values() if each.is_purge]
        found = [each.session_id for each in bench.scan(policy).found.sessions]
        expect_same(found, wanted, f"what {policy} selects")


def a_look_changes_nothing(bench: Bench) -> None:
    bench.fill()
    with _unchanged(bench, "a look"):
        bench.scan()
        bench.cleanup.explain(bench.stale[0], bench.policy)
        adapter = bench.adapter()
        adapter.recognise()
        adapter.inspect()
        adapter.hanging_tables()
        first, second = bench.stored(), bench.stored()
        bench.container.store_catalogue().check(f"checked:{bench.location}", bench.policy)
    for session_id, told in first.items():
        expect(told.version == second[session_id].version, f"{session_id!r} has another version at each look")


def a_version_changes_with_its_session(bench: Bench) -> None:
    bench.fill()
    before = bench.stored()
    bench.maker.append(bench.location, bench.stale[0])
    after = bench.stored()
    for session_id, told in before.items():
        is_other = told.version != after[session_id].version
        if session_id == bench.stale[0]:
            expect(is_other, f"{session_id!r} has a message more, and the same version")
        else:
            expect(not is_other, f"{session_id!r} has another version, and nobody used it")


def it_tells_who_is_there(bench: Bench) -> None:
    bench.fill()
    report = bench.purge()
    expect(report.purged.sessions == len(bench.stale), "not all that is stale went")
    with bench.running() as run:
        there = list(run.present([*bench.stale, *bench.fresh]))
    expect_same(there, bench.fresh, "the sessions that are said to be there")


def it_knows_its_own_files(bench: Bench) -> None:
    bench.fill()
    files = bench.files()
    if not files:
        raise NotApplicableError("Its store has no files in the folder.")
    adapter = bench.adapter()
    for name in files:
        path = str(bench.place / name)
        expect(
            adapter.owns(path), f"owns() is false of its own {name}, so that a plan may be written over it"
        )
    expect(not adapter.owns(str(bench.new_path("plan.json"))), "owns() is true of a file that is not its own")


@contextmanager
def _unchanged(bench: Bench, what: str) -> Iterator[None]:
    seen, files = bench.seen(), bench.files()
    yield
    expect(bench.files() == files, f"{what} changed a file of the store")
    expect(bench.seen() == seen, f"{what} changed what its library tells")


def _as_ours(told: StoredSession) -> Session:
    accessed = told.last_accessed_at or told.created_at
    if accessed is None:  # those of unknown age are no candidates
        raise NotConformingError(f"{told.session_id} was chosen, and nobody knows its age")
    return Session(
        session_id=told.session_id,
        created_at=told.created_at or accessed,
        last_accessed_at=accessed,
        name=told.name,
        actor_name=told.actor_name,
        namespace=told.namespace,
        source=told.source,
        parent_session_id=told.parent_session_id,
        message_count=told.message_count,
        content_bytes=told.content_bytes,
        lease_expires_at=told.in_use_until,
    )


LOOKING: Sequence[Callable[[Bench], None]] = (
    it_says_what_it_recognised,
    it_finds_nothing_where_nothing_is,
    it_refuses_what_it_does_not_know,
    it_names_each_session_that_its_library_lists,
    it_tells_ages,
    it_tells_what_is_empty,
    the_policy_selects_what_the_rules_say,
    a_look_changes_nothing,
    a_version_changes_with_its_session,
    it_tells_who_is_there,
    it_knows_its_own_files,
)
