"""kill -9 before every statement and every file operation of a purge and of a restore, and in between.

Whatever the moment: everything happened or nothing did, the next run cleans up, and what was deleted
can be put back to the last column.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import zstandard
from boundaries import Boundaries
from children import in_child, kill_myself
from population import DOOMED, LEFT_OVER, settle
from running import NOW, Operator
from scenes import CONTENT, LEDGER, Kept, Rows, Scene, Scenes, difference
from tally import BrokenError, Tally, require

from cleveragents.domain.run import AttemptOutcome, Run, RunOutcome

LATER = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Expected:
    """A moment to start from, and the rows before and after what is going to be killed."""

    kept: Kept
    before: Rows
    after: Rows
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be killed, and how its remains are looked at."""

    name: str
    expected: Expected
    work: Callable[[], Any]
    check: Callable[[Operator, Expected], None]
    shots: int


def kill_everywhere(tally: Tally, scenes: Scenes, seed: int, shots: int) -> None:
    scene = scenes.fresh()
    operator = Operator(scene)
    try:
        for target in targets(operator, shots):
            kill_at_boundaries(tally, operator, target)
            kill_at_random(tally, operator, target, random.Random(seed))  # noqa: S311 - the same each time
    finally:
        scene.close()


def targets(operator: Operator, shots: int) -> Iterator[Target]:
    """Settle a fresh scene, and name what can be killed there."""
    settle(operator)
    purge = _expected_of_purge(operator)
    yield Target("a purge", purge, lambda: operator.at(NOW).purge(), _check_purge, shots)
    yield Target("a rehearsal", purge, lambda: operator.at(NOW).rehearse(), _check_purge, shots // 4)
    restore = _expected_of_restore(operator, purge)
    yield Target(
        "a restore",
        restore,
        lambda: operator.at(NOW + LATER).restore(restore.run_id),
        _check_restore,
        shots,
    )


def kill_at_boundaries(tally: Tally, operator: Operator, target: Target, every: int = 1) -> None:
    """Kill before each boundary, or before every so many of them, the last one included."""
    scene = operator.scene
    labels, _ = gone_through(scene, target)
    for place, label in reversed([*enumerate([*labels, "its end"])][::-every]):
        with tally.trying(f"kill points of {target.name}", f"killed before boundary {place}, {label!r}"):
            scene.put_back(target.expected.kept)
            _killed_at(scene, target.work, place)
            target.check(operator, target.expected)


def kill_at_random(tally: Tally, operator: Operator, target: Target, moments: random.Random) -> None:
    scene = operator.scene
    _, seconds = gone_through(scene, target)
    for shot in range(target.shots):
        after = moments.uniform(0, seconds)
        with tally.trying(f"random moments of {target.name}", f"shot {shot}, after {after:.4f} s"):
            scene.put_back(target.expected.kept)
            in_child(lambda: target.work() and None, kill_after=after)
            scene.wait_until_alone()
            target.check(operator, target.expected)


def gone_through(scene: Scene, target: Target) -> tuple[list[str], float]:
    """Go through once without killing; returns every boundary, and how long it all took."""
    scene.put_back(target.expected.kept)

    def listing() -> tuple[list[str], float]:
        labels: list[str] = []
        began = time.monotonic()
        with Boundaries(labels.append).watched(str(scene.archives)):
            target.work()
        return labels, time.monotonic() - began

    answer = in_child(listing).answer
    scene.wait_until_alone()
    labels = [str(label) for label in answer[0]]
    return labels, float(answer[1])


def _killed_at(scene: Scene, work: Callable[[], Any], place: int) -> None:
    def counting_down() -> None:
        passed = 0

        def reached(_label: str) -> None:
            nonlocal passed
            if passed == place:
                kill_myself()
            passed += 1

        with Boundaries(reached).watched(str(scene.archives)):
            work()
        kill_myself()

    require(in_child(counting_down).killed, "it was not killed")
    scene.wait_until_alone()


# --- a purge ---------------------------------------------------------------------------------------


def _expected_of_purge(operator: Operator) -> Expected:
    scene = operator.scene
    kept, before = scene.keep(), scene.rows()
    report = operator.at(NOW).purge()
    after = scene.rows()
    require(report.run is not None and report.archive is not None, "the purge that shows the way failed")
    gone = {row[0] for row in before["sessions"]} - {row[0] for row in after["sessions"]}
    require(gone == DOOMED, f"the purge that shows the way took {sorted(gone)}")
    require(len(report.expired) == 1, "no archive expired in the purge that shows the way")
    require(LEFT_OVER in report.leftovers.removed, "the left-over was not removed")
    return Expected(kept, before, after)


def _check_purge(operator: Operator, expected: Expected) -> None:
    scene = operator.scene
    found = scene.rows()
    if _same(expected.before, found, CONTENT):
        _check_nothing_happened(scene, expected, found)
    elif _same(expected.after, found, CONTENT):
        _check_archive(scene, expected, _last_purge(operator), found)
    else:
        raise BrokenError(f"neither all nor nothing: {difference(expected.before, found)}")
    _check_next_run(operator, expected)


def _check_nothing_happened(scene: Scene, expected: Expected, found: Rows) -> None:
    changed = difference({table: expected.before[table] for table in LEDGER}, found)
    require(not changed, f"nothing was deleted, but the ledger changed: {changed}")
    known = {name for name in expected.kept.archives if name != LEFT_OVER}
    missing = known - scene.archive_files().keys()
    require(not missing, f"nothing was committed, but the archives {sorted(missing)} are gone")


def _check_archive(scene: Scene, expected: Expected, run: Run, found: Rows) -> None:
    require(len(found["cleanup_runs"]) == len(expected.before["cleanup_runs"]) + 1, "the ledger has no entry")
    require(run.archive is not None, "the ledger's entry names no archive")
    held = sessions_in(scene, run.archive or "")
    require(held == DOOMED, f"the archive holds {sorted(held)} where {sorted(DOOMED)} were deleted")


def _check_next_run(operator: Operator, expected: Expected) -> None:
    operator.at(NOW + LATER).purge()
    found = operator.scene.rows()
    wrong = difference({table: expected.after[table] for table in CONTENT}, found)
    require(not wrong, f"after the next run: {wrong}")
    check_folder(operator)
    run = next(run for run in operator.log().runs if run.sessions == len(DOOMED))
    _check_archive_by_restoring(operator, expected, run)


def check_folder(operator: Operator) -> None:
    """Every file is an archive that the ledger knows, and all that it knows are there."""
    log = operator.verified_log()
    require(not log.archives_elsewhere, f"archives are missing: {log.archives_elsewhere}")
    with operator.container() as made:
        listed = {each.archive.file_name for each in made.restore_service().archives()}
    there = operator.scene.archive_files().keys()
    require(there == listed, f"the folder holds {sorted(there)}, the ledger knows {sorted(listed)}")
    begun = [attempt.run_id for attempt in log.attempts if attempt.outcome == AttemptOutcome.BEGUN]
    require(not begun, f"the attempts of dead runs still stand as begun: {begun}")


def _check_archive_by_restoring(operator: Operator, expected: Expected, run: Run) -> None:
    operator.at(NOW + 2 * LATER).restore(run.run_id)
    wrong = difference(restorable(operator.scene, expected.before), operator.scene.rows())
    require(not wrong, f"after restoring: {wrong}")


def restorable(scene: Scene, rows: Rows) -> Rows:
    if scene.backend == "sqlite":
        return {table: rows[table] for table in CONTENT}
    return {table: rows[table] for table in CONTENT[:2]}


# --- a restore -------------------------------------------------------------------------------------


def _expected_of_restore(operator: Operator, purge: Expected) -> Expected:
    scene = operator.scene
    scene.put_back(purge.kept)
    run = operator.at(NOW).purge().run
    require(run is not None, "the purge before the restore failed")
    return Expected(scene.keep(), scene.rows(), purge.before, run.run_id if run else "")


def _check_restore(operator: Operator, expected: Expected) -> None:
    scene = operator.at(NOW + 2 * LATER).scene
    found = scene.rows()
    # What was refused or interrupted stands among the attempts, apart from the ledger.
    if _same(expected.before, found, (*CONTENT, *LEDGER)):
        restored = False
    else:
        wrong = difference(restorable(scene, expected.after), found)
        require(not wrong, f"neither all nor nothing: {wrong}")
        restored = True
    _require_entries_of_restores(operator, int(restored))
    report = operator.restore(expected.run_id)
    require(report.restored.sessions == (0 if restored else len(DOOMED)), "the second restore miscounted")
    wrong = difference(restorable(scene, expected.after), scene.rows())
    require(not wrong, f"after the second restore: {wrong}")
    _require_entries_of_restores(operator, 1)


def _require_entries_of_restores(operator: Operator, wanted: int) -> None:
    runs = operator.verified_log().runs
    found = sum(run.outcome == RunOutcome.RESTORED for run in runs)
    require(found == wanted, f"the ledger tells of {found} restores where {wanted} happened")


# --- both ------------------------------------------------------------------------------------------


def sessions_in(scene: Scene, file_name: str) -> set[str]:
    """The ids in an archive, without those that it says are still alive; read without our own reader."""
    sections: dict[str, set[str]] = {}
    section = ""
    for line in _lines_of(scene, file_name):
        value = json.loads(line)
        if isinstance(value, dict):
            section = str(value.get("section", ""))
        else:
            sections.setdefault(section, set()).add(value[0])
    return sections.get("sessions", set()) - sections.get("still_alive", set())


def _lines_of(scene: Scene, file_name: str) -> Iterator[bytes]:
    with (scene.archives / file_name).open("rb") as file:
        stream = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
        yield from stream.read().splitlines()


def _last_purge(operator: Operator) -> Run:
    runs = [run for run in operator.log().runs if run.outcome == RunOutcome.PURGED]
    require(runs, "sessions are gone and the ledger is empty")
    return runs[0]


def _same(expected: Rows, found: Rows, tables: tuple[str, ...]) -> bool:
    return all(expected[table] == found[table] for table in tables)
