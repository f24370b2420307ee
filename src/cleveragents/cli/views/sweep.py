"""Sweeps as `agents cleanup watch`, `pause` and `resume` tell of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cleveragents.cli.answer import Answer, Note
from cleveragents.cli.text import bytes_shown, counted
from cleveragents.cli.views.cleanup import purged, scanned
from cleveragents.cli.views.layout import sentence
from cleveragents.domain.duration import SECOND, describe_age, format_duration
from cleveragents.domain.schedule import DAY, Schedule
from cleveragents.domain.sweep import Idle, Pause

if TYPE_CHECKING:
    from cleveragents.application.services.sweep_observers import Tally
    from cleveragents.application.services.sweep_service import Looked


def when(schedule: Schedule) -> str:
    every = format_duration(schedule.every)
    if schedule.at is None:
        return f"every {every}"
    day = "every day" if schedule.every == DAY else f"every {every}"
    return f"{day} at {schedule.at:%H:%M}"


def swept(looked: Looked, database_option: str) -> Answer:
    """The one sweep that was asked for; raises what ended it."""
    if looked.error is not None:
        raise looked.error
    if looked.report is None:  # pragma: no cover - a sweep has a report or an error
        raise AssertionError
    if looked.idle is Idle.NO_DATABASE:
        return scanned(looked.report)
    return purged(looked.report, database_option, list_candidates=True, show_all=False)


def watched(tally: Tally, *, is_whole: bool) -> Answer:
    told = (
        f"{counted(tally.sweeps, 'sweep')}, {counted(tally.sessions, 'session')} purged with "
        f"{counted(tally.messages, 'message')} ({bytes_shown(tally.content_bytes)}), "
        f"{counted(tally.failures, 'failure')}."
    )
    notes = () if is_whole else (Note("The sweep at work was rolled back.", "warn"),)
    return Answer(
        data={
            "sweeps": tally.sweeps,
            "purged": tally.sessions,
            "messages": tally.messages,
            "content_bytes": tally.content_bytes,
            "failures": tally.failures,
            "rolled_back": not is_whole,
        },
        draw=lambda _: [sentence(told)],
        status="ok" if is_whole else "warn",
        notes=notes,
    )


def paused(pause: Pause, now: datetime) -> Answer:
    why = f": {pause.why}" if pause.why else "."
    since = f"since {describe_age(now - pause.since)}" if now - pause.since >= SECOND else "now"
    return Answer(
        data={"paused_at": pause.since, "paused_by": pause.who, "why": pause.why},
        draw=lambda _: [sentence(f"Sweeps are paused on every host {since}, by {pause.who}{why}")],
        notes=(Note("A sweep at work comes to its end. To go on: agents cleanup resume"),),
    )


def resumed(pause: Pause | None, stop_file: str | None) -> Answer:
    told = "Sweeps begin again." if pause else "Sweeps were not paused."
    notes = [Note(f"The file {stop_file} still keeps them from beginning.", "warn")] if stop_file else []
    return Answer(
        data={"was_paused": pause is not None, "stop_file": stop_file},
        draw=lambda _: [sentence(told)],
        status="warn" if notes else "ok",
        notes=tuple(notes),
    )
