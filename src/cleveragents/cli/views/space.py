"""What a purge freed and gave back, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from cleveragents.cli.answer import Note
from cleveragents.cli.text import bytes_shown
from cleveragents.domain.report import CleanupReport, Outcome
from cleveragents.domain.space import GivenBack, Stop

_MILLISECOND = timedelta(milliseconds=1)
_WHY_NOT_ALL = {
    Stop.LOCKED: "another process held the lock",
    Stop.READERS: "somebody reads it",
    Stop.TIME: "it took too long",
    Stop.INTERRUPTED: "it was interrupted",
}


def space_figures(report: CleanupReport) -> Iterator[tuple[str, str]]:
    gone = report.purged
    if not report.has_deleted:
        return
    if report.outcome is Outcome.REHEARSED:
        if gone.reusable_bytes is not None:
            yield "Would free", f"{bytes_shown(gone.reusable_bytes)} to be used again"
        return
    if gone.reusable_bytes is not None:
        yield "Reusable", bytes_shown(gone.reusable_bytes)
    yield "Given back", bytes_shown(gone.physical_bytes)


def given_back_data(given: GivenBack | None) -> dict[str, Any] | None:
    if given is None:
        return None
    return {
        "before": given.before_bytes,
        "after": given.after_bytes,
        "left": given.left_bytes,
        "stopped": given.stop.value if given.stop else None,
        "longest_hold_ms": given.longest_hold // _MILLISECOND,
    }


def space_notes(report: CleanupReport) -> Iterator[Note]:
    given = report.given_back
    if given is None or given.stop is None:
        return
    left = bytes_shown(given.left_bytes)
    match given.stop:
        case Stop.NOT_INCREMENTAL:
            yield Note(f"The file keeps its size; agents db vacuum would give back {left}.")
        case Stop.FOREIGN:
            if given.left_bytes:
                yield Note(
                    f"{left} became free inside the store, which uses them again; VACUUM gives them back."
                )
        case Stop.REFUSED:
            yield Note(f"The purge is committed; the space it freed could not be given back: {given.why}")
        case why if given.left_bytes:
            yield Note(f"{left} of free space are left for the next purge to give back: {_WHY_NOT_ALL[why]}.")
        case why:
            yield Note(f"The space that became free was not all given back: {_WHY_NOT_ALL[why]}.")
