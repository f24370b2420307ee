"""What a full vacuum did, or would do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cleveragents.cli.answer import Answer, Note
from cleveragents.cli.text import bytes_shown
from cleveragents.cli.views.layout import facts, sentence
from cleveragents.domain.space import VacuumOutcome, VacuumReport

if TYPE_CHECKING:
    from rich.console import RenderableType

_NOT_DONE = 1


def vacuumed(report: VacuumReport) -> Answer:
    notes = tuple(_notes(report))
    declined = report.outcome is VacuumOutcome.DECLINED
    needs_a_look = declined or any(note.level == "warn" for note in notes)
    return Answer(
        data=_data(report),
        draw=lambda rich: _drawn(report, rich=rich),
        status="warn" if needs_a_look else "ok",
        exit_code=_NOT_DONE if declined else 0,
        notes=notes,
    )


def question(report: VacuumReport) -> str:
    return (
        f"Write the database anew ({bytes_shown(report.before.live_bytes)}), to make it "
        f"{_gain(report)} smaller? Nobody else can write until it is done."
    )


def _data(report: VacuumReport) -> dict[str, Any]:
    before = report.before
    return {
        "database": report.database,
        "outcome": report.outcome.value,
        "before": before.size_bytes,
        "gain": before.gain_bytes,
        "needed": before.needed_bytes if before.needs else None,
        "free": report.free_bytes,
        "after": report.after_bytes,
        "held_back": report.held_back or None,
    }


def _drawn(report: VacuumReport, *, rich: bool) -> Iterator[RenderableType]:
    yield sentence(_headline(report), "bold" if rich else "")
    if report.outcome is VacuumOutcome.DECLINED:
        return
    before = report.before
    figures = [("Database", report.database), ("Size before", bytes_shown(before.size_bytes))]
    if report.after_bytes is None:
        figures.append(("To gain", _gain(report)))
    else:
        figures.append(("Size after", bytes_shown(report.after_bytes)))
    if before.needs:
        figures.append(("Free space needed", bytes_shown(before.needed_bytes)))
    if report.outcome is VacuumOutcome.VACUUMED:
        figures.append(("Duration", f"{report.duration.total_seconds():.2f} s"))
    yield facts(figures)


def _gain(report: VacuumReport) -> str:
    how_sure = "at least" if report.before.has_gaps else "about"
    return f"{how_sure} {bytes_shown(report.before.gain_bytes)}"


def _headline(report: VacuumReport) -> str:
    match report.outcome:
        case VacuumOutcome.VACUUMED:
            gained = max(report.before.size_bytes - (report.after_bytes or 0), 0)
            return f"The database was written anew: {bytes_shown(gained)} given back."
        case VacuumOutcome.DECLINED:
            return "Nothing was changed: the answer was no."
        case VacuumOutcome.PREVIEWED:
            return f"A full vacuum would give back {_gain(report)}."


def _notes(report: VacuumReport) -> Iterator[Note]:
    if report.database_missing:
        yield Note("There is no database yet, so there was nothing to look at; none was created.", "warn")
    elif not report.before.needs:
        yield Note(
            "The server's disk cannot be seen from here: look there whether "
            f"{bytes_shown(report.before.live_bytes)} are free."
        )
    if report.held_back:
        yield Note(f"It would be refused now: {report.held_back}", "warn")
    if not report.before.is_incremental:
        then = "can" if report.outcome is VacuumOutcome.VACUUMED else "could"
        yield Note(f"From then on purges {then} give space back by themselves.")
    if report.is_behind_readers:
        yield Note("Somebody reads the file as it was; it becomes smaller when they are done.", "warn")
