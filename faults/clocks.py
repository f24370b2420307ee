"""A clock that is years off, forward or back: no purge and no archive follows it blindly."""

from __future__ import annotations

import random
from datetime import timedelta

from kills import check_folder
from population import DAY, DOOMED, add, settle, whole
from running import NOW, Operator
from scenes import CONTENT, LEDGER, Kept, Scenes, difference
from tally import BrokenError, Tally, require
from users import stored_in

from cleveragents.domain.errors import ClockRefusedError
from cleveragents.domain.session import Role, Session

_YEARS = 3650 * DAY
_LATER = timedelta(hours=1)
_RETENTION = 90 * DAY
_WALKS = 30
_STEPS = 8


def move_clocks(tally: Tally, scenes: Scenes, seed: int) -> None:
    scene = scenes.fresh()
    operator = Operator(scene)
    try:
        settle(operator)
        operator.at(NOW).purge()
        add(operator, [whole(_session("idle", 31 * DAY), ["since a month"])])
        kept = scene.keep()
        for leap in (_back, _back_and_ignored, _forward, _forward_and_back, _used_in_a_leap, _a_little):
            with tally.trying("leaps of the clock", leap.__name__.strip("_")):
                scene.put_back(kept)
                leap(operator)
        for each in range(seed, seed + _WALKS):
            with tally.trying("walks of the clock", f"--seed {each}"):
                _walk(operator, kept, random.Random(each))  # noqa: S311 - to be repeated
    finally:
        scene.close()


def _back(operator: Operator) -> None:
    """Ten years back, before the last run: refused, with the words that would allow it."""
    _require_refused(operator, -_YEARS)
    _require_purged(operator.at(NOW + _LATER), {"idle"})


def _back_and_ignored(operator: Operator) -> None:
    """Everything is dated in the future then, so nothing goes, and no archive expires."""
    _require_purged(operator.at(NOW - _YEARS), set(), ignore_clock=True)
    check_folder(operator)
    _require_purged(operator.at(NOW + _LATER), {"idle"})


def _forward(operator: Operator) -> None:
    """Whatever goes in such a leap can come back, since no archive goes with it."""
    before, archives = stored_in(operator.scene), operator.scene.archive_files()
    report = operator.at(NOW + _YEARS).purge()
    require(not report.expired, "archives expired in a leap of the clock")
    now = operator.scene.archive_files()
    require(archives.items() <= now.items(), "an archive is gone after a leap of the clock")
    _require_refused(operator, _LATER)
    require(report.archive is not None, "ten years forward, and nothing was archived")
    operator.restore(report.archive.run_id if report.archive else "")
    require(stored_in(operator.scene) == before, "what went in the leap did not come back whole")


def _forward_and_back(operator: Operator) -> None:
    """The next run with the right clock is refused until somebody says that the clock is right now."""
    report = operator.at(NOW + _YEARS).purge()
    operator.restore(report.archive.run_id if report.archive else "")
    _require_refused(operator, _LATER)
    _require_purged(operator.at(NOW + _LATER), {"idle"}, ignore_clock=True)
    check_folder(operator)


def _used_in_a_leap(operator: Operator) -> None:
    """A session that was used ten years ahead is dated in the future: kept, and the purge is refused."""
    with operator.at(NOW + _YEARS).container() as made:
        made.session_service().append("idle", Role.USER, "from the future")
    _require_refused(operator, _LATER)
    _require_purged(operator.at(NOW + _LATER), set(), ignore_clock=True)


def _a_little(operator: Operator) -> None:
    """Clocks differ by seconds between hosts, and a day of activity ahead is tolerated."""
    _require_purged(operator.at(NOW - timedelta(seconds=30)), {"idle"})


def _walk(operator: Operator, kept: Kept, choose: random.Random) -> None:
    """Runs and users under a clock that jumps: nothing goes that is not due by its own dates."""
    operator.scene.put_back(kept)
    ids = sorted(stored_in(operator.scene))
    for _ in range(_STEPS):
        leap = choose.choice((-_YEARS, _YEARS, -DAY, DAY, _LATER, 40 * DAY, 100 * DAY))
        moment = (NOW if choose.random() < 0.5 else operator.clock.moment) + leap
        operator.at(moment)
        if choose.random() < 0.4:
            with operator.container() as made:
                made.session_service().create(name=f"made at {moment:%Y}")
            continue
        _purge_at_the_moment(operator, choose, ids)
    operator.verified_log()


def _purge_at_the_moment(operator: Operator, choose: random.Random, ids: list[str]) -> None:
    scene, now = operator.scene, operator.clock.moment
    with operator.container() as made, made.store().reading() as work:
        dates = {each: work.sessions.get(each) for each in ids if each in stored_in(scene)}
        last_run = work.ledger.last()
    before = scene.rows((*CONTENT, *LEDGER))
    ignored = choose.random() < 0.5
    try:
        report = operator.purge(ignore_clock=ignored)
    except ClockRefusedError as error:
        require(not ignored, f"it was refused although told to ignore the clock: {error}")
        changed = difference(before, scene.rows((*CONTENT, *LEDGER)))
        require(not changed, f"it was refused, and yet {changed}")
        return
    if not ignored and last_run is not None:
        require(
            last_run.finished_at - now <= timedelta(minutes=1), "a clock before the last run was let pass"
        )
    gone = dates.keys() - stored_in(scene).keys()
    for session_id in gone:
        session = dates[session_id]
        require(session.last_accessed_at < now, f"{session_id} is dated in the future and was deleted")
        require(session.pinned_at is None, f"{session_id} is pinned and was deleted")
    for archive in report.expired:
        require(now - archive.created_at > _RETENTION, f"the archive of {archive.run_id} expired too soon")
    check_folder(operator)


def _require_refused(operator: Operator, leap: timedelta) -> None:
    before = operator.scene.rows((*CONTENT, *LEDGER))
    archives = operator.scene.archive_files()
    try:
        operator.at(NOW + leap).purge()
    except ClockRefusedError as error:
        require(error.exit_code == 5, f"exit code {error.exit_code}")
        require(error.remedy == ("--ignore-clock",), f"it would be allowed by {error.remedy}")
    else:
        raise BrokenError(f"a clock that is {leap} off was not noticed")
    changed = difference(before, operator.scene.rows((*CONTENT, *LEDGER)))
    require(not changed, f"it was refused, and yet {changed}")
    require(archives == operator.scene.archive_files(), "it was refused, and yet archives changed")


def _require_purged(operator: Operator, wanted: set[str], *, ignore_clock: bool = False) -> None:
    before = stored_in(operator.scene)
    operator.purge(ignore_clock=ignore_clock)
    after = stored_in(operator.scene)
    gone = before.keys() - after.keys()
    require(gone == wanted, f"{sorted(gone)} went where {sorted(wanted)} were due")
    intact = all(after[each] == before[each] for each in after)
    require(intact, "a session that stayed is not what it was")
    require(not gone & {"today"} and not gone & DOOMED, "something went twice")


def _session(name: str, age: timedelta) -> Session:
    return Session(session_id=name, created_at=NOW - age, last_accessed_at=NOW - age)
