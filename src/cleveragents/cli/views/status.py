"""How sweeps stand, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cleveragents.cli.answer import Answer, Level, Note
from cleveragents.cli.text import bytes_shown, counted
from cleveragents.cli.views.layout import facts, sentence, table
from cleveragents.cli.views.sweep import when
from cleveragents.domain.duration import describe_age, format_duration
from cleveragents.domain.policy_document import policy_document
from cleveragents.domain.sweep import Sweep
from cleveragents.domain.sweep_status import SweepStatus

if TYPE_CHECKING:
    from rich.console import RenderableType

_NEEDS_A_LOOK = 6
_SHOWN = 5
_SWEEPS = ("Sweep", "Began", "Outcome", ("Purged", "right"), ("Left", "right"), "Host", ("Why", "shrinks"))


def status(status: SweepStatus, max_age: timedelta, *, is_check: bool) -> Answer:
    """With `is_check` a problem makes it fail."""
    problems = tuple(status.problems(max_age))
    level: Level = "error" if is_check else "warn"
    notes = (
        *(Note(problem, level, is_always_told=is_check) for problem in problems),
        *(Note(hint, "warn") for hint in status.hints()),
    )
    is_failure = is_check and problems
    return Answer(
        data=_data(status, problems, max_age),
        draw=lambda rich: _drawn(status, rich=rich),
        status="error" if is_failure else "warn" if notes else "ok",
        exit_code=_NEEDS_A_LOOK if is_failure else 0,
        notes=notes,
    )


def _data(status: SweepStatus, problems: tuple[str, ...], max_age: timedelta) -> dict[str, Any]:
    holder, pause = status.turn.holder, status.turn.pause
    return {
        "database": status.database,
        "database_missing": status.database_missing,
        "database_bytes": status.database_bytes,
        "as_of": status.as_of,
        "healthy": not problems,
        "problems": list(problems),
        "max_age": format_duration(max_age),
        "enabled": status.safeguards.enabled,
        "mode": status.safeguards.mode.value,
        "every": format_duration(status.schedule.every),
        "at": f"{status.schedule.at:%H:%M}" if status.schedule.at else None,
        "next_at": status.next_at,
        "paused": None
        if pause is None
        else {"paused_at": pause.since, "paused_by": pause.who, "why": pause.why},
        "stop_file": status.stop_file,
        "lease": None if holder is None else {"holder": holder.holder, "expires_at": holder.expires_at},
        "last_success": _record(status.last_success),
        "last_failure": _record(status.last_failure),
        "failures_since": status.past.failures,
        "backlog": status.found.candidates,
        "backlog_growing": status.is_growing,
        "backlogs": [{"at": moment, "sessions": number} for moment, number in status.backlogs],
        "archives": {"count": status.archives, "bytes": status.archives_bytes},
        "policy": policy_document(status.policy),
        "sweeps": [_record(sweep) for sweep in status.recent],
    }


def _record(sweep: Sweep | None) -> dict[str, Any] | None:
    if sweep is None:
        return None
    return {name: getattr(sweep, name) for name in Sweep.__slots__}


def _drawn(status: SweepStatus, *, rich: bool) -> Iterator[RenderableType]:
    yield facts(_facts(status))
    if status.recent:
        yield sentence("")
        yield table(_SWEEPS, map(_row, status.recent[:_SHOWN]), rich=rich)


def _facts(status: SweepStatus) -> Iterator[tuple[str, str]]:
    now, holder = status.as_of, status.turn.holder
    policy = status.policy
    yield "Database", f"{status.database} ({bytes_shown(status.database_bytes)})"
    stale, empty, orphaned = map(
        format_duration, (policy.stale_after, policy.empty_after, policy.orphaned_after)
    )
    yield "Policy", f"stale after {stale}, empty after {empty}, orphaned after {orphaned}"
    yield "Mode", status.safeguards.mode.value if status.safeguards.enabled else "disabled"
    yield "Schedule", when(status.schedule)
    yield "Last success", _when(status.last_success, now)
    failures = f", {counted(status.past.failures, 'failure')} since the last success"
    yield "Last failure", _when(status.last_failure, now) + (failures if status.past.failures else "")
    yield "Next", _next(status.next_at, now)
    yield "Lease", f"{holder.holder} until {_moment(holder.expires_at)}" if holder else "nobody sweeps now"
    yield "Backlog", f"{counted(status.found.candidates, 'session')} eligible now{_trend(status)}"
    yield "Archives", f"{status.archives:,} ({bytes_shown(status.archives_bytes)})"


def _when(sweep: Sweep | None, now: datetime) -> str:
    if sweep is None:
        return "never"
    age = now - sweep.started_at
    ago = f"{describe_age(age)} ago" if age >= timedelta(0) else describe_age(age)
    said = f"{_moment(sweep.started_at)} ({ago}) on {sweep.host}"
    return f"{said}: {sweep.message}" if sweep.message else said


def _next(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never, as things are"
    return (
        f"{_moment(moment)} (in {describe_age(moment - now)})"
        if moment > now
        else "as soon as somebody watches"
    )


def _trend(status: SweepStatus) -> str:
    before = [number for _, number in status.backlogs[:-1]][-_SHOWN:]
    if not before:
        return ""
    grows = ", growing" if status.is_growing else ""
    return f"; after the last sweeps {', '.join(f'{number:,}' for number in before)}{grows}"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _row(sweep: Sweep) -> tuple[str, ...]:
    return (
        sweep.sweep_id,
        f"{sweep.started_at:%Y-%m-%d %H:%M}",
        sweep.outcome.value,
        f"{sweep.sessions:,}",
        "-" if sweep.backlog is None else f"{sweep.backlog:,}",
        sweep.host,
        sweep.message,
    )
