"""A scan, users and a purge in random order: what anybody used survives, and everything else is intact."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from boundaries import Boundaries
from kills import check_folder, sessions_in
from population import DAY, add, leave_messages_behind, whole
from running import NOW, Operator
from scenes import Scenes, columns_of
from tally import BrokenError, Tally, require
from users import Stored, Users, stored_in

from cleveragents.domain.errors import CleverAgentsError, PurgeMismatchError
from cleveragents.domain.report import CleanupReport, Outcome
from cleveragents.domain.retention import Reason, RetentionPolicy, SessionFilter
from cleveragents.domain.session import Message, Session

_AGES = (timedelta(hours=1), timedelta(hours=3), 2 * DAY, 29 * DAY, 31 * DAY, 60 * DAY, 90 * DAY)
_MOST_ACTS = 12
_SCAN_BEGINS = re.compile("CREATE TEMPORARY TABLE cleanup_(chosen|planned)")
_SCAN_ENDS = re.compile("(WITH … )?INSERT INTO cleanup_chosen")
_GUARDS = ("last_accessed_at", "message_count", "content_bytes")
_PLACES = {name: place for place, name in enumerate(columns_of("sessions"))}


def interleave(tally: Tally, scenes: Scenes, seed: int, number: int, chunk: int | None = None) -> None:
    """Let users and a purge have turns; with `chunk` it deletes at most so many sessions in each."""
    part = "chunks" if chunk else "interleavings"
    scene = scenes.fresh()
    scene.patience = timedelta(milliseconds=20)
    operator = Operator(scene, busy_timeout=timedelta(milliseconds=60))
    users = Operator(scene, operator.clock, busy_timeout=timedelta(milliseconds=10))
    empty = scene.keep()
    outcomes: dict[str, int] = {}
    try:
        for each in range(seed, seed + number):
            scene.put_back(empty)
            operator.at(NOW)
            choose = random.Random(each)  # noqa: S311 - to be repeated
            story = _Story(operator, Users(users, choose), chunk and choose.randint(1, chunk))
            with tally.trying(part, f"--only {part} --seed {each} --interleavings 1"):
                outcome = story.tell()
                outcomes[outcome] = outcomes.get(outcome, 0) + 1
            tally.tried["deeds of users"] += len(story.users.said)
    finally:
        scene.close()
    tally.notes.append(", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())))


class _Story:
    def __init__(self, operator: Operator, users: Users, chunk: int | None) -> None:
        self.users = users
        self._chunk = chunk
        self._operator = operator
        self._scene = operator.scene
        self._choose = users.choose
        self._policy = _policy(self._choose)
        self._chance = self._choose.choice((0.02, 0.05, 0.1))
        self._acts = 0
        self._is_scanning = False
        self._scanned: dict[str, Stored] | None = None
        self._happened_since = False
        self._planned: dict[str, Stored] | None = None

    def tell(self) -> str:
        try:
            return self._tell()
        except Exception as error:
            error.args = (f"{error.args[0] if error.args else error} [users: {'; '.join(self.users.said)}]",)
            raise

    def _tell(self) -> str:
        _populate(self._operator, self._choose)
        self.users.look_around()
        dangling_before = self._scene.rows(["dangling_sessions"])
        plan = self._scene.folder / "plan.json"
        if self._choose.random() < 0.3:
            self._save_plan(plan)
        try:
            with Boundaries(self._reached).watched(str(self._scene.archives)):
                report = self._purge(plan)
        except PurgeMismatchError as error:
            raise BrokenError(f"nobody did anything wrong, and yet: {error} {error.detail}") from error
        except CleverAgentsError as error:
            self.users.let_go()
            self._check_nothing_happened()
            return error.code
        self.users.let_go()
        deleted = self._check(report)
        self._check_archives(report, deleted)
        require(
            self._scene.rows(["dangling_sessions"]) == dangling_before, "dangling sessions were forgotten"
        )
        stopped = report.chunks is not None and report.chunks.stopped is not None
        outcome = report.outcome.value if self._planned is None else "applied"
        return f"{outcome} in part" if stopped else outcome

    def _save_plan(self, plan: Path) -> None:
        with self._operator.container() as made:
            made.plan_service().save(self._policy, plan)
        self._planned = dict(self.users.truth)
        for _ in range(self._choose.randint(0, 4)):
            self.users.act()
        self.users.let_go()

    def _purge(self, plan: Path) -> CleanupReport:
        settings = {} if self._chunk is None else {"cleanup_chunk": self._chunk}
        with self._operator.container(**settings) as made:
            if self._planned is None:
                return made.cleanup_service().purge(self._policy, listed=None)
            with made.plan_service().opened(plan) as opened:
                return made.cleanup_service().apply(opened, listed=None)

    def _reached(self, label: str) -> None:
        """Let users act before each step, except while the scan's snapshot is being taken."""
        if self._is_scanning:
            if _SCAN_ENDS.match(label):
                self._scanned = {}
            elif self._scanned is not None:
                self._is_scanning = False
                self._scanned = dict(self.users.truth)
        if not self._is_scanning:
            self._let_users_act()
            self._is_scanning = self._scanned is None and _SCAN_BEGINS.match(label) is not None

    def _let_users_act(self) -> None:
        if self._choose.random() < self._chance and self._acts < _MOST_ACTS:
            self._acts += 1
            if self.users.act():
                self._happened_since = self._scanned is not None
        if self._choose.random() < self._chance:
            self.users.let_go()

    # --- what must hold ------------------------------------------------------------------------

    def _check_nothing_happened(self) -> None:
        found = stored_in(self._scene)
        _require_same(self._known(), found, "after a refusal")
        self._operator.verified_log()

    def _check(self, report: CleanupReport) -> dict[str, Stored]:
        require(report.outcome is Outcome.PURGED, f"the run ended {report.outcome}")
        found, known = stored_in(self._scene), self._known()
        gone = {each: stored for each, stored in known.items() if each not in found}
        dangling = {each for each, stored in gone.items() if stored.session is None}
        deleted = {each: gone[each] for each in gone if each not in dangling} | self.users.overwritten
        _require_same({each: known[each] for each in known if each not in gone}, found, "after the purge")
        chosen = {candidate.session_id for candidate in report.found.sessions}
        skipped = {skip.session_id for skip in report.purged.skipped}
        require(deleted.keys() <= chosen, f"deleted though not chosen: {deleted.keys() - chosen}")
        require(not deleted.keys() & skipped, f"deleted and told as skipped: {deleted.keys() & skipped}")
        untold = chosen - deleted.keys() - skipped
        if report.chunks is not None and report.chunks.stopped is not None:
            self._check_left(untold, found)
        else:
            require(not untold, f"never told: {untold}")
        require(len(deleted) == report.purged.sessions, f"{report.purged.sessions} told, {len(deleted)} gone")
        require(not skipped or self._happened_since, f"skipped for nothing: {report.purged.skipped}")
        require(set(report.remaining) <= self.users.overwritten.keys(), f"remaining: {report.remaining}")
        self._check_eligible(deleted)
        _require_no_orphan(deleted, found, self.users.documents.keys())
        return {**deleted, **{each: gone[each] for each in dangling}}

    def _check_left(self, untold: set[str], found: dict[str, Stored]) -> None:
        """What a run did not come to is as it was, or gone by somebody else's hand."""
        known = self._known()
        require(
            all(found.get(each) == known.get(each) for each in untold), f"changed and never told: {untold}"
        )

    def _check_eligible(self, deleted: dict[str, Stored]) -> None:
        scanned = self._scanned or {}
        for session_id, stored in deleted.items():
            before = scanned.get(session_id)
            # A message that was edited behind its session's back may go, as long as the archive has the edit.
            same = before is not None and before.session == stored.session
            require(same, f"{session_id} was deleted though it had changed")
            if self._planned is not None:
                planned = self._planned.get(session_id)
                same = planned is not None and _guards(planned) == _guards(stored)
                require(same, f"{session_id} was deleted though it is not as it was planned")

    def _check_archives(self, report: CleanupReport, deleted: dict[str, Stored]) -> None:
        """Every run's archive holds what that run deleted, as it was."""
        with_session = {each for each, stored in deleted.items() if stored.session is not None}
        check_folder(self._operator)
        each_held = [sessions_in(self._scene, archive.file_name) for archive in report.archives]
        held = {each for those in each_held for each in those}
        require(held == with_session, f"the archives hold {held}, deleted were {with_session}")
        require(len(held) == sum(map(len, each_held)), f"in two archives: {each_held}")
        require(report.archives or not deleted, "what was deleted is in no archive")
        for run in (report, *reversed(self.users.other_runs)):
            if run.archives and run.run_id is not None:
                self._operator.restore(run.run_id)
        wanted = {**self.users.purged_by_them, **deleted, **self._known()}
        found = stored_in(self._scene)
        _require_same(wanted, found, "after restoring")
        self._operator.verified_log()

    def _known(self) -> dict[str, Stored]:
        return self.users.truth


def _require_same(wanted: dict[str, Stored], found: dict[str, Stored], when: str) -> None:
    for session_id, stored in wanted.items():
        there = found.get(session_id)
        require(there == stored, f"{when}, {session_id} is {there} where it should be {stored}")
    require(wanted.keys() == found.keys(), f"{when}, nobody made {found.keys() - wanted.keys()}")


def _require_no_orphan(deleted: dict[str, Stored], found: dict[str, Stored], imported: object) -> None:
    for session_id, stored in found.items():
        parent = stored.session[_PLACES["parent_session_id"]] if stored.session else None
        made_orphan = parent in deleted and session_id not in imported and parent not in found  # type: ignore[operator]
        require(not made_orphan, f"{session_id} became an orphan")


def _guards(stored: Stored) -> list[object]:
    return [stored.session[_PLACES[name]] for name in _GUARDS] if stored.session else []


def _policy(choose: random.Random) -> RetentionPolicy:
    policy = RetentionPolicy()
    if choose.random() < 0.2:
        policy = replace(policy, keep_last=choose.randint(1, 2))
    if choose.random() < 0.1:
        policy = replace(policy, narrowed_to=SessionFilter(sources=("cli",)))
    if choose.random() < 0.1:
        policy = replace(policy, reasons=frozenset({Reason.STALE}))
    return policy


def _populate(operator: Operator, choose: random.Random) -> None:
    names = [f"session-{number}" for number in range(choose.randint(5, 12))]
    add(operator, [_random_session(choose, name, names) for name in names])
    if operator.scene.backend == "sqlite" and choose.random() < 0.3:
        leave_messages_behind(operator)


def _random_session(choose: random.Random, name: str, names: list[str]) -> tuple[Session, list[Message]]:
    at = NOW - choose.choice(_AGES)
    others = [each for each in names if each < name]
    session = Session(
        session_id=name,
        created_at=at,
        last_accessed_at=at,
        name=choose.choice((None, "a name")),
        actor_name=choose.choice((None, "local/a", "local/b")),
        source=choose.choice(("cli", "cli", "api")),
        parent_session_id=choose.choice([*others, "nobody"]) if choose.random() < 0.4 else None,
        pinned_at=NOW - DAY if choose.random() < 0.1 else None,
        lease_expires_at=NOW + choose.choice((-DAY, DAY)) if choose.random() < 0.1 else None,
        stale_after=choose.choice((DAY, 365 * DAY)) if choose.random() < 0.1 else None,
    )
    return whole(session, [f"{name} says {number}" for number in range(choose.choice((0, 1, 1, 2, 3)))])
