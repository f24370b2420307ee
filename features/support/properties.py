"""What must hold for every store and every policy, on a real database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleveragents.domain.report import CleanupReport, Findings
from cleveragents.domain.retention import (
    Protection,
    Reason,
    RetentionPolicy,
    SessionFilter,
    Verdict,
    glob_matches,
    judge_all,
)
from cleveragents.domain.session import Session
from support import other_user
from support.random_sessions import filters, forests, globs, names, policies, stores
from support.sessions import SessionWithMessages

if TYPE_CHECKING:
    from support.driver import Driver

_TABLES = ("session_messages", "sessions", "dangling_sessions")
_DEEDS = [*other_user.ACTS]


class Laboratory:
    """One database that is filled anew for each example."""

    def __init__(self, driver: Driver, examples: int) -> None:
        self._driver = driver
        self._container = driver.container()
        driver.at_the_end(lambda: self._container.store().close())
        self._broom = driver.another_connection()
        self._now = driver.clock.now()
        self._settings = settings(
            max_examples=examples,
            deadline=None,
            database=None,
            print_blob=True,
            # A database answers slower than hypothesis would like; the examples are as small as they can be.
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )

    # --- the properties ---------------------------------------------------------------------

    def same_verdicts(self) -> None:
        """The statement and `judge_all` agree about every session, reasons and protections included."""

        @self._settings
        @given(stores(self._now), policies)
        def check(store: list[SessionWithMessages], policy: RetentionPolicy) -> None:
            self._fill(store)
            expected = judge_all([entry.session for entry in store], policy, self._now)
            assert self._verdicts(expected, policy) == expected
            report = self._container.cleanup_service().scan(policy, listed=None)
            self._check_findings(report.found, store, expected)
            self._check_purge(store, policy, expected)

        check()

    def filters_narrow(self) -> None:
        """A filter more, a class less or a newest session kept never adds a candidate."""

        @self._settings
        @given(stores(self._now), policies, filters, policies)
        def check(
            store: list[SessionWithMessages],
            policy: RetentionPolicy,
            more: SessionFilter,
            other: RetentionPolicy,
        ) -> None:
            self._fill(store)
            wide = self._candidates(policy)
            for narrower in _narrowed(policy, more, other):
                narrow = self._candidates(narrower)
                assert narrow <= wide, f"{narrower} adds {narrow - wide}"

        check()

    def names_narrow(self) -> None:
        """Of the sessions that are named, those go that would anyway and whose descendants are named too."""
        named = st.lists(st.integers(0, 9), max_size=12)

        @self._settings
        @given(stores(self._now) | forests(self._now), policies, named)
        def check(store: list[SessionWithMessages], policy: RetentionPolicy, numbers: list[int]) -> None:
            self._fill(store)
            sessions = [entry.session for entry in store]
            ids = [sessions[number].session_id for number in numbers if number < len(sessions)]
            expected = _would_go(sessions, judge_all(sessions, policy, self._now), set(ids))
            service = self._container.cleanup_service()
            found = service.scan(policy, listed=None, among=[*ids, "unknown"]).found
            assert {each.session_id for each in found.sessions} == expected
            assert found.scanned == len(set(ids)) == found.candidates + found.kept.total
            purged = service.purge(policy, among=[*ids, "unknown"], ignore_clock=True)
            assert replace(purged.found, sessions=()) == replace(found, sessions=())
            left = {session.session_id for session in self._driver.sessions()}
            assert {session.session_id for session in sessions} - left == expected

        check()

    def no_orphans(self) -> None:
        """After a purge each survivor's parent is there if it was there before."""

        @self._settings
        @given(forests(self._now), policies)
        def check(forest: list[SessionWithMessages], policy: RetentionPolicy) -> None:
            self._fill(forest)
            self._container.cleanup_service().purge(policy, ignore_clock=True)
            self._check_no_orphans({entry.session.session_id for entry in forest})

        check()

    def others_are_respected(self) -> None:
        """Whatever others do between scan and purge: what they used stays, and no orphan is made."""
        deeds = st.lists(st.tuples(st.sampled_from(_DEEDS), st.integers(0, 9)), max_size=4)

        @self._settings
        @given(forests(self._now), deeds)
        def check(forest: list[SessionWithMessages], chosen: list[tuple[str, int]]) -> None:
            self._fill(forest)
            removed, used = set[str](), set[str]()

            def act(_report: CleanupReport) -> bool:
                self._let_others_act(forest, chosen, removed, used)
                return True

            report = self._container.cleanup_service().purge(
                RetentionPolicy(), approve=act, ignore_clock=True
            )
            assert report.found.candidates == report.purged.sessions + report.purged.skipped_total
            left = self._check_no_orphans({entry.session.session_id for entry in forest} - removed)
            assert used - removed <= left, f"{used - removed - left} were used and purged"

        check()

    def same_names(self) -> None:
        """A glob matches the same names in the database as in the rules."""

        @self._settings
        @given(names, st.lists(globs, min_size=1, max_size=5))
        def check(stored: list[str], asked_for: list[str]) -> None:
            store = [_old_session(f"s{number}", name, self._now) for number, name in enumerate(stored)]
            self._fill(store)
            for glob in asked_for:
                policy = RetentionPolicy(narrowed_to=SessionFilter(names=(glob,)))
                expected = {
                    entry.session.session_id
                    for entry in store
                    if glob_matches(glob, entry.session.name or "")
                }
                assert self._candidates(policy) == expected, glob

        check()

    # --- how they look -----------------------------------------------------------------------------

    def _fill(self, store: Sequence[SessionWithMessages]) -> None:
        for table in _TABLES:
            self._broom.execute(f"DELETE FROM {table}")
        with self._container.store().writing() as work:
            work.sessions.add_many((entry.session, entry.messages) for entry in store)
            work.commit()

    def _verdicts(self, ids: Any, policy: RetentionPolicy) -> dict[str, Verdict]:
        with self._container.store().reading() as work:
            return {each: work.sessions.verdict(each, policy, self._now) for each in ids}

    def _candidates(self, policy: RetentionPolicy) -> set[str]:
        report = self._container.cleanup_service().scan(policy, listed=None)
        return {candidate.session_id for candidate in report.found.sessions}

    def _check_findings(
        self, found: Findings, store: Sequence[SessionWithMessages], verdicts: dict[str, Verdict]
    ) -> None:
        """Every figure of a scan follows from the verdicts."""
        chosen = [entry.session for entry in store if verdicts[entry.session.session_id].is_purge]
        saved = [verdict for verdict in verdicts.values() if _is_saved(verdict)]
        kept_outside = sum(not verdict.in_scope for verdict in verdicts.values())
        assert (found.scanned, found.candidates) == (len(store), len(chosen))
        assert (found.kept.protected, found.kept.filtered) == (len(saved), kept_outside)
        assert found.kept.recent == len(store) - len(chosen) - len(saved) - kept_outside
        assert found.messages == sum(session.message_count for session in chosen)
        assert found.content_bytes == sum(session.content_bytes for session in chosen)
        for reason in Reason:
            counted = sum(reason in verdicts[session.session_id].reasons for session in chosen)
            assert found.by_reason[reason] == counted, reason
        for protection in Protection:
            counted = sum(protection in verdict.protections for verdict in saved)
            assert found.protected[protection] == counted, protection
        oldest_first = sorted(chosen, key=lambda session: (session.last_accessed_at, session.session_id))
        assert [(listed.session_id, frozenset(listed.reasons)) for listed in found.sessions] == [
            (session.session_id, verdicts[session.session_id].reasons) for session in oldest_first
        ]

    def _check_purge(
        self, store: Sequence[SessionWithMessages], policy: RetentionPolicy, verdicts: dict[str, Verdict]
    ) -> None:
        """A purge deletes what the verdicts say, with its messages, and nothing else."""
        report = self._container.cleanup_service().purge(policy, ignore_clock=True)
        survivors = [entry for entry in store if not verdicts[entry.session.session_id].is_purge]
        assert self._driver.sessions() == sorted(
            (entry.session for entry in survivors),
            key=lambda session: (session.last_accessed_at, session.session_id),
        )
        assert self._driver.database.count_messages() == sum(len(entry.messages) for entry in survivors)
        assert (report.purged.sessions, report.purged.skipped_total) == (len(store) - len(survivors), 0)
        for name in ("by_reason", "messages", "content_bytes"):
            assert getattr(report.purged, name) == getattr(report.found, name), name

    def _check_no_orphans(self, before: set[str]) -> set[str]:
        left = {session.session_id: session for session in self._driver.sessions()}
        for session in left.values():
            parent = session.parent_session_id
            assert parent not in before or parent in left, f"{session.session_id} lost its parent {parent}"
        return set(left)

    def _let_others_act(
        self,
        forest: Sequence[SessionWithMessages],
        deeds: Sequence[tuple[str, int]],
        removed: set[str],
        used: set[str],
    ) -> None:
        service = self._container.session_service()
        for deed, number in deeds if forest else ():
            session_id = forest[number % len(forest)].session.session_id
            if session_id in removed:
                continue
            other_user.ACTS[deed](service, session_id)
            (removed if deed == "deletes" else used).add(session_id)


def _old_session(session_id: str, name: str, now: datetime) -> SessionWithMessages:
    long_ago = now - timedelta(days=400)
    session = Session(session_id=session_id, name=name, created_at=long_ago, last_accessed_at=long_ago)
    return SessionWithMessages(session, ())


def _would_go(sessions: Sequence[Session], verdicts: dict[str, Verdict], named: set[str]) -> set[str]:
    """Those of the named that nothing but their kin could keep, without any that has a child elsewhere."""
    going = {
        session_id
        for session_id, verdict in verdicts.items()
        if session_id in named and verdict.in_scope and verdict.reasons
        if not verdict.protections - {Protection.ANCESTOR}
    }
    while (
        parents := {session.parent_session_id for session in sessions if session.session_id not in going}
        & going
    ):
        going -= parents
    return going


def _is_saved(verdict: Verdict) -> bool:
    """Kept by a protection, and not merely because it is recent."""
    would_go = bool(verdict.reasons and verdict.protections) or Protection.FUTURE in verdict.protections
    return verdict.in_scope and would_go


def _narrowed(policy: RetentionPolicy, more: SessionFilter, other: RetentionPolicy) -> list[RetentionPolicy]:
    """The policy with one thing more that narrows, each in turn."""
    narrower = [
        replace(policy, narrowed_to=replace(policy.narrowed_to, **{kind.name: getattr(more, kind.name)}))
        for kind in fields(SessionFilter)
        if not getattr(policy.narrowed_to, kind.name)
    ]
    if common := policy.reasons & other.reasons:
        narrower.append(replace(policy, reasons=common))
    if policy.keep_last is None:
        narrower.append(replace(policy, keep_last=other.keep_last))
    return narrower
