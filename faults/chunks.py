"""A purge in chunks and its restore: killed, interrupted, robbed of the database, and among users.

Whatever the moment: the ledger says exactly which chunks are done, the same command goes on with them to
the end under the same run, nothing is deleted or told twice, and all of it can be put back.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from interleavings import interleave
from interruptions import interrupt
from kills import (
    LATER,
    Expected,
    Target,
    check_folder,
    kill_at_boundaries,
    kill_at_random,
    restorable,
    sessions_in,
)
from population import DOOMED, KINDS, settle
from running import NOW, Operator
from scenes import CONTENT, Row, Rows, Scenes, difference
from tally import Tally, require

from cleveragents.domain.run import Run, RunOutcome, chunk_number, run_of

CHUNK = 2
_MOST_IN_STORIES = 4
_KILLED_EVERY, _STRUCK_EVERY = 12, 18
_SLOWER = {"sqlite": 1, "postgresql": 2}
"""A server takes longer to be put back between two tries, so fewer are made."""
_PARENTS = {
    kind.session.session_id: kind.session.parent_session_id
    for kind in KINDS
    if kind.session.parent_session_id in DOOMED
}
"""Of the doomed that have a doomed parent, that parent."""


def try_chunks(tally: Tally, scenes: Scenes, seed: int, shots: int, stories: int) -> None:
    scene = scenes.fresh()
    operator = Operator(scene)
    rarer = _SLOWER[scene.backend]
    try:
        for target in _targets(operator, shots // rarer):
            kill_at_boundaries(tally, operator, target, _KILLED_EVERY * rarer)
            kill_at_random(tally, operator, target, random.Random(seed))  # noqa: S311 - the same each time
            interrupt(tally, operator, target, _STRUCK_EVERY * rarer)
    finally:
        scene.close()
    interleave(tally, scenes, seed, max(stories // rarer, 1), _MOST_IN_STORIES)


def _targets(operator: Operator, shots: int) -> Iterator[Target]:
    settle(operator)
    purge = _expected_of_purge(operator)
    yield Target("a purge in chunks", purge, lambda: _purge(operator.at(NOW)), _check_purge, shots // 2)
    restore = _expected_of_restore(operator, purge)
    yield Target(
        "a restore of chunks",
        restore,
        lambda: operator.at(NOW + LATER).restore(restore.run_id),
        _check_restore,
        shots // 4,
    )


def _purge(operator: Operator) -> None:
    operator.purge(cleanup_chunk=CHUNK)


# --- a purge ---------------------------------------------------------------------------------------


def _expected_of_purge(operator: Operator) -> Expected:
    scene = operator.scene
    kept, before = scene.keep(), scene.rows()
    _purge(operator.at(NOW))
    after = scene.rows()
    gone = _ids(before) - _ids(after)
    require(gone == DOOMED, f"the purge that shows the way took {sorted(gone)}")
    require(len(_chunks(operator)) > len(DOOMED) // CHUNK, "the purge that shows the way had too few chunks")
    return Expected(kept, before, after)


def _check_purge(operator: Operator, expected: Expected) -> None:
    found = operator.scene.rows()
    done = _chunks(operator)
    _check_what_is_done(operator, expected, found, done)
    _purge(operator.at(NOW + LATER))
    wrong = difference({table: expected.after[table] for table in CONTENT}, operator.scene.rows())
    require(not wrong, f"after the same command: {wrong}")
    check_folder(operator)
    entries = _chunks(operator)
    _check_entries(entries, goes_on=bool(done) and done[-1].is_unfinished)
    held = [each for entry in entries for each in _held(operator, entry)]
    require(sorted(held) == sorted(DOOMED), f"the archives hold {sorted(held)}")
    for run_id in dict.fromkeys(run_of(entry.run_id) for entry in entries):
        operator.at(NOW + 2 * LATER).restore(run_id)
    wrong = difference(restorable(operator.scene, expected.before), operator.scene.rows())
    require(not wrong, f"after restoring: {wrong}")


def _check_what_is_done(operator: Operator, expected: Expected, found: Rows, done: list[Run]) -> None:
    """The ledger and the archives tell exactly what is gone, and the rest is as it was."""
    gone = _ids(expected.before) - _ids(found)
    held = [each for entry in done for each in _held(operator, entry)]
    require(sorted(held) == sorted(gone), f"gone are {sorted(gone)}, the archives hold {sorted(held)}")
    told = sum(entry.sessions for entry in done)
    require(told == len(gone), f"{len(gone)} are gone, the ledger tells of {told}")
    wrong = difference({"sessions": _without(expected.before["sessions"], gone)}, found)
    require(not wrong, f"what is left is not as it was: {wrong}")
    messages = _without(expected.before["session_messages"], gone)
    if sum(entry.dangling_messages for entry in done) == 0:
        wrong = difference({"session_messages": messages}, found)
        require(not wrong, f"the messages that are left are not as they were: {wrong}")
    orphans = [each for each, parent in _PARENTS.items() if parent in gone and each not in gone]
    require(not orphans, f"{orphans} became orphans")
    operator.verified_log()


def _check_entries(entries: list[Run], *, goes_on: bool) -> None:
    runs = list(dict.fromkeys(run_of(entry.run_id) for entry in entries))
    require(not goes_on or len(runs) == 1, f"it did not go on with its run: {runs}")
    for run_id in runs:
        numbers = [chunk_number(entry.run_id) for entry in entries if run_of(entry.run_id) == run_id]
        require(numbers == list(range(1, len(numbers) + 1)), f"the chunks of {run_id} are {numbers}")
    told = sum(entry.sessions for entry in entries)
    require(told == len(DOOMED), f"{told} sessions were purged where {len(DOOMED)} were there")
    require(not entries[-1].is_unfinished, f"the run never ends: {entries[-1]}")


# --- a restore -------------------------------------------------------------------------------------


def _expected_of_restore(operator: Operator, purge: Expected) -> Expected:
    scene = operator.scene
    scene.put_back(purge.kept)
    _purge(operator.at(NOW))
    return Expected(scene.keep(), scene.rows(), purge.before, run_of(_chunks(operator)[-1].run_id))


def _check_restore(operator: Operator, expected: Expected) -> None:
    scene = operator.at(NOW + 2 * LATER).scene
    found = scene.rows()
    back = _ids(found) - _ids(expected.before)
    rows = [row for row in expected.after["sessions"] if row[0] in back | _ids(expected.before)]
    wrong = difference({"sessions": rows}, found)
    require(not wrong, f"what came back is not as it was: {wrong}")
    restores = _restores(operator)
    told = sum(entry.sessions for entry in restores)
    require(told == len(back), f"{len(back)} came back, the ledger tells of {told}")
    orphans = [each for each, parent in _PARENTS.items() if each in back and parent not in back]
    require(not orphans, f"{orphans} came back as orphans")
    report = operator.restore(expected.run_id)
    wanted = len(DOOMED) - len(back)
    require(report.restored.sessions == wanted, "the second restore miscounted")
    wrong = difference(restorable(scene, expected.after), scene.rows())
    require(not wrong, f"after the second restore: {wrong}")
    undone = [entry.restored_run_id for entry in _restores(operator)]
    require(len(undone) == len(set(undone)), f"put back twice: {undone}")
    told = sum(entry.sessions for entry in _restores(operator))
    require(told == len(DOOMED), f"the ledger tells of {told} restored sessions")


# --- both ------------------------------------------------------------------------------------------


def _chunks(operator: Operator) -> list[Run]:
    """The entries of chunks in the ledger, oldest first."""
    runs = [run for run in operator.log().runs if run.outcome == RunOutcome.PURGED]
    return [run for run in reversed(runs) if chunk_number(run.run_id)]


def _restores(operator: Operator) -> list[Run]:
    return [run for run in operator.verified_log().runs if run.outcome == RunOutcome.RESTORED]


def _held(operator: Operator, entry: Run) -> set[str]:
    return sessions_in(operator.scene, entry.archive) if entry.archive else set()


def _ids(rows: Rows) -> set[str]:
    return {row[0] for row in rows["sessions"]}


def _without(rows: list[Row], gone: set[str]) -> list[Row]:
    return [row for row in rows if row[0] not in gone]
