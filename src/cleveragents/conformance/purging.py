"""Checks of purges: exactly what was chosen goes, and only while it is as it was chosen."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from cleveragents.conformance.bench import STALE, YOUNG, Bench
from cleveragents.conformance.expecting import NotApplicableError, expect, expect_same, refused
from cleveragents.domain.errors import CleverAgentsError, InterruptedRunError
from cleveragents.domain.pace import Pace
from cleveragents.domain.report import CleanupReport

_PATIENCE_SECONDS = 20


class _FailedError(Exception):
    """What goes wrong in the middle."""


def a_purge_takes_exactly_what_was_selected(bench: Bench) -> None:
    bench.fill()
    before = bench.seen()
    report = bench.purge()
    _expect_gone(bench, bench.stale, "a purge")
    for session_id in bench.stale:
        expect(bench.maker.read(bench.location, session_id) is None, f"something of {session_id!r} is left")
    for session_id in bench.fresh:
        expect(bench.seen()[session_id] == before[session_id], f"{session_id!r} is not as it was")
    expect(report.purged.sessions == len(bench.stale), "the report counts other sessions than went")
    expect(report.is_verified and not report.remaining, "the look after the commit finds what went")
    found = bench.scan().found
    expect(not found.candidates and not found.dangling_messages, "a purge leaves something for the next one")
    expect(found.scanned == len(bench.fresh), "a scan after a purge counts other sessions than are there")


def a_purge_of_named_sessions_takes_no_other(bench: Bench) -> None:
    bench.fill()
    report = bench.purge(among=[bench.stale[1], bench.fresh[0], "nobody"])
    expect(report.purged.sessions == 1, "the report counts other sessions than went")
    _expect_gone(bench, bench.stale[1:2], "a purge of one session")


def a_rehearsal_changes_nothing(bench: Bench) -> None:
    bench.fill()
    before = bench.seen()
    report = bench.cleanup.rehearse(bench.policy)
    expect(report.purged.sessions == len(bench.stale), "a rehearsal counts other sessions than would go")
    expect(bench.seen() == before, "a rehearsal changed what its library tells")


def what_is_used_after_the_choice_is_kept(bench: Bench) -> None:
    bench.fill()
    used = bench.stale[0]

    def use(report: CleanupReport) -> bool:
        del report
        bench.maker.append(bench.location, used)
        return True

    report = bench.purge(approve=use)
    expect([each.session_id for each in report.purged.skipped] == [used], f"{used!r} is not told as skipped")
    _expect_gone(bench, bench.stale[1:], "a purge during which one session was used")


def what_is_used_after_its_copy_is_kept(bench: Bench) -> None:
    bench.fill()
    _change_after_copy(bench, bench.maker.append)


def what_is_edited_after_its_copy_is_kept(bench: Bench) -> None:
    bench.fill()

    def edit(location: str, session_id: str) -> None:
        if not bench.maker.edit(location, session_id):
            raise NotApplicableError("Nobody can edit a session of it.")

    _change_after_copy(bench, edit)


def an_error_in_the_middle_rolls_all_back(bench: Bench) -> None:
    bench.fill()
    before = bench.seen()
    try:
        with bench.running() as run:
            chosen = bench.chosen(run)
            with run.deleting(chosen, None, rehearsal=False, max_lock=None) as deleted:
                expect(deleted.sessions == len(chosen), "deleting() counts other sessions than were chosen")
                raise _FailedError  # noqa: TRY301 - it stands for whatever may go wrong
    except _FailedError:
        pass
    expect(bench.seen() == before, "something is gone although the transaction failed")
    expect(
        bench.purge().purged.sessions == len(bench.stale),
        "a purge after one that failed takes other sessions",
    )


def a_run_can_be_stopped(bench: Bench) -> None:
    bench.fill()
    before, adapter = bench.seen(), bench.adapter()
    with _calling_again(adapter.stop), refused(CleverAgentsError, "a run that was stopped"):
        began = time.monotonic()
        while time.monotonic() - began < _PATIENCE_SECONDS:
            with adapter.running(bench.container.progress()) as run:
                list(run.sessions(bench.now))
    adapter.allow()
    with adapter.running(bench.container.progress()) as run:
        expect(list(run.sessions(bench.now)), "a run that is allowed again finds nothing")
    expect(bench.seen() == before, "a run that was stopped changed what its library tells")


def a_purge_in_chunks_comes_to_its_end(bench: Bench) -> None:
    bench.fill()
    bench.maker.leave_dangling(bench.location, STALE[0].age)
    before = bench.seen()
    bench.pace(Pace(chunk=2))
    report = bench.purge()
    expect(report.chunks is not None and report.chunks.stopped is None, "a purge in chunks was stopped")
    expect(report.purged.sessions == len(bench.stale), "the report counts other sessions than went")
    _expect_gone(bench, bench.stale, "a purge in chunks")
    bench.restore(report)
    expect(bench.seen() == before, "the restore of a purge in chunks does not bring back what was")


def a_purge_that_is_stopped_between_chunks_is_exact(bench: Bench) -> None:
    bench.fill()
    before = bench.seen()
    bench.pace(Pace(chunk=1))
    waited: list[float] = []

    def stop(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) > 1:
            raise InterruptedRunError

    bench.container.wait.override(stop)
    report = bench.purge()
    gone = set(before) - set(bench.maker.ids(bench.location))
    expect(report.chunks is not None and report.chunks.stopped is not None, "it was not stopped")
    expect(len(gone) == report.purged.sessions == len(waited), "the report counts other sessions than went")
    bench.container.wait.override(lambda _: None)
    report = bench.purge()
    _expect_gone(bench, bench.stale, "a purge that went on")
    bench.restore(report)
    expect(bench.seen() == before, "the restore of a purge that went on does not bring back what was")


def a_plan_never_takes_one_more(bench: Bench) -> None:
    bench.fill()
    plans, path = bench.container.plan_service(), bench.new_path("plan.json")
    plans.save(bench.policy, path)
    bench.maker.append(bench.location, bench.stale[0])
    late = bench.maker.make(bench.location, STALE[:1])
    with plans.opened(path) as plan:
        report = bench.cleanup.apply(plan)
    expect(
        report.plan is not None and report.plan.drift.total == 1,
        "a planned session that was used is no drift",
    )
    _expect_gone(bench, bench.stale[1:], "a plan", besides=late)


def what_dangles_goes_when_it_is_old_enough(bench: Bench) -> None:
    bench.fill()
    old = bench.maker.leave_dangling(bench.location, STALE[0].age)
    if not old:
        raise NotApplicableError("Nothing of it can dangle.")
    young = bench.maker.leave_dangling(bench.location, YOUNG)
    expect(bench.scan().found.dangling_messages == old, "a scan counts other than the old of what dangles")
    report = bench.purge()
    expect(report.purged.dangling_messages == old, "a purge takes other than the old of what dangles")
    with bench.running() as run:
        left = run.dangling(bench.now + 400 * STALE[0].age).messages
    expect(left == young, "what dangles and is young did not stay")
    restored = bench.restore(report).restored
    expect(restored.dangling_messages == old, "a restore does not bring back what dangled")
    expect(bench.scan().found.dangling_messages == old, "what came back does not dangle as before")


def _change_after_copy(bench: Bench, change: Callable[[str, str], None]) -> None:
    changed = bench.stale[0]
    with bench.writing_archive() as writer, bench.running() as run:
        chosen = bench.chosen(run)
        skipped = run.copy(chosen, writer, None)
        expect(not skipped, "copy() leaves out sessions that nobody changed")
        change(bench.location, changed)
        with run.deleting(chosen, None, rehearsal=False, max_lock=None) as deleted:
            expect_same(list(deleted.skipped), [changed], "what deleting() skips")
    _expect_gone(bench, bench.stale[1:], "a purge")


def _expect_gone(bench: Bench, gone: Sequence[str], what: str, *, besides: Sequence[str] = ()) -> None:
    made = [*bench.stale, *bench.fresh, *besides]
    survivors = [each for each in made if each not in gone]
    expect_same(bench.maker.ids(bench.location), survivors, f"what its library lists after {what}")


@contextmanager
def _calling_again(call: Callable[[], None]) -> Iterator[None]:
    over = threading.Event()

    def call_again() -> None:
        while not over.wait(0.001):
            call()

    thread = threading.Thread(target=call_again)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


PURGING: Sequence[Callable[[Bench], None]] = (
    a_purge_takes_exactly_what_was_selected,
    a_purge_of_named_sessions_takes_no_other,
    a_rehearsal_changes_nothing,
    what_is_used_after_the_choice_is_kept,
    what_is_used_after_its_copy_is_kept,
    what_is_edited_after_its_copy_is_kept,
    an_error_in_the_middle_rolls_all_back,
    a_run_can_be_stopped,
    a_purge_in_chunks_comes_to_its_end,
    a_purge_that_is_stopped_between_chunks_is_exact,
    a_plan_never_takes_one_more,
    what_dangles_goes_when_it_is_old_enough,
)
