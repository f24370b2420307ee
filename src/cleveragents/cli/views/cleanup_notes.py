"""What an operator must hear beside a cleanup's figures."""

from __future__ import annotations

from collections.abc import Iterator

from cleveragents.cli.answer import Note
from cleveragents.cli.text import counted, short_id
from cleveragents.cli.views.preflight import preflight_notes
from cleveragents.cli.views.space import space_notes
from cleveragents.cli.views.threshold import threshold_notes
from cleveragents.domain.errors import CleverAgentsError, InterruptedRunError, PurgeUnprovenError
from cleveragents.domain.report import CleanupReport, Outcome

_NAMED = 10


def notes(report: CleanupReport) -> tuple[Note, ...]:
    return tuple(_notes(report))


def stopped(report: CleanupReport) -> CleverAgentsError | None:
    """What ended a purge in chunks between two of them, and what was done by then."""
    if report.chunks is None or (error := report.chunks.stopped) is None:
        return None
    if isinstance(error, InterruptedRunError):
        why = error.message
    else:
        why = f"It stopped at the next one, of which nothing was deleted: {error.message}"
    return error.retold(f"{_done(report)} {why}", "To go on where it stopped, give the same command again.")


def unproven(report: CleanupReport) -> PurgeUnprovenError | None:
    """What a look after the commit found wrong."""
    if report.remaining:
        named = ", ".join(short_id(each) for each in report.remaining[:_NAMED])
        there = counted(len(report.remaining), "session")
        return PurgeUnprovenError(
            f"Deleted, and yet in the database again: {there} ({named}).",
            detail="Something put them back after they were deleted.",
            hints=[
                "Look at them: agents session show ID",
                "Is there a trigger, or a program, that does that?",
            ],
        )
    if not report.is_verified:
        return PurgeUnprovenError(
            "The purge was committed, but the database could not be asked afterwards whether all is gone.",
            hints=["agents cleanup --dry-run"],
        )
    return None


def _notes(report: CleanupReport) -> Iterator[Note]:
    if report.database_missing:
        yield Note("There is no database yet, so there was nothing to look at; none was created.", "warn")
    yield from threshold_notes(report.policy)
    if report.outcome is Outcome.DISABLED:
        yield Note("Cleanup is disabled by the settings.", "warn")
    if report.outcome is Outcome.REPORTED:
        yield Note(
            "The mode is report, so nothing is ever deleted; cleanup.mode, or --mode purge, lets it.", "warn"
        )
    if report.held_back:
        yield Note(f"A purge would be refused now: {report.held_back}", "warn")
    yield from _about_chunks(report)
    yield from preflight_notes(report.preflight)
    yield from _about_sessions(report)
    yield from _about_archives(report)
    yield from space_notes(report)


def _about_chunks(report: CleanupReport) -> Iterator[Note]:
    chunks = report.chunks
    if chunks is None:
        return
    if chunks.before:
        before = counted(chunks.before, "chunk")
        yield Note(f"Run {chunks.run_id} had been interrupted after {before}; this is the rest.")
    if chunks.stopped is None:
        yield Note(f"{_done(report)} Stopped: nothing is left.", is_always_told=True)


def _done(report: CleanupReport) -> str:
    chunks = counted(report.chunks.done if report.chunks else 0, "chunk")
    gone = counted(report.purged.sessions, "session")
    return f"Run {report.run_id}: {chunks} with {gone} of {report.found.candidates:,} purged."


def _about_sessions(report: CleanupReport) -> Iterator[Note]:
    if report.found.unreadable:
        left = counted(len(report.found.unreadable), "thing")
        yield Note(f"{left} in the store could not be understood and stayed: look at them by name.", "warn")
    if report.found.kept.undated:
        kept = counted(report.found.kept.undated, "session")
        yield Note(f"{kept} of unknown age stayed: nothing in the store says when they were used last.")
    if report.plan is not None and report.plan.drift.total:
        drifted = counted(report.plan.drift.total, "planned session")
        yield Note(f"{drifted} could not be purged any more: the plan has drifted.", "warn")
    if report.purged.skipped_total:
        skipped = counted(report.purged.skipped_total, "session")
        were = "was" if report.purged.skipped_total == 1 else "were"
        yield Note(f"{skipped} changed after the scan and {were} skipped; run it again to look anew.", "warn")
    if error := unproven(report):
        yield Note(error.message, "error")


def _about_archives(report: CleanupReport) -> Iterator[Note]:
    if report.expired:
        expired = counted(len(report.expired), "archive")
        yield Note(f"{expired} past cleanup.archive_retention expired and went.")
    if report.unexpired:
        kept = counted(report.unexpired, "archive")
        yield Note(
            f"{kept} past cleanup.archive_retention kept: the ledger shows a pause so long that the clock "
            "may have leapt. If it is right: agents cleanup --ignore-clock",
            "warn",
        )
    left = report.leftovers
    if left.adopted:
        runs = ", ".join(left.adopted)
        yield Note(f"Ended right after the store had committed, and in the ledger now: run {runs}.", "warn")
    if left.removed:
        files = counted(len(left.removed), "file")
        yield Note(f"An interrupted run had left {files} in the archive folder; nothing was lost, they went.")
    if left.stuck:
        yield Note(f"Archives that should be gone could not be removed: {', '.join(left.stuck)}.", "warn")
    if left.unknown:
        files = ", ".join(left.unknown)
        yield Note(
            f"The ledger does not know these archives, left as they are: {files}. If another copy of "
            "this database made them, set cleanup.archive_folder for one of the two; else move them away.",
            "warn",
        )
