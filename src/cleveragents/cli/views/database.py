"""The schema's status and the database's health."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cleveragents.cli.answer import Answer
from cleveragents.cli.text import counted
from cleveragents.cli.views.layout import facts, or_dash, sentence, table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cleveragents.application.services.database_service import HealthReport
    from cleveragents.domain.ports import CounterMismatch, SchemaStatus

_UNHEALTHY = 1
_MISMATCH_COLUMNS = (
    "Session",
    ("Messages said", "right"),
    ("found", "right"),
    ("Bytes said", "right"),
    ("found", "right"),
)


def upgraded(before: SchemaStatus, after: SchemaStatus) -> Answer:
    done = list(before.pending)
    what = (
        f"Migrated to {after.current}: {counted(len(done), 'migration')} run."
        if done
        else "Nothing to migrate."
    )
    return Answer(
        data={**_status(after), "migrated": done}, draw=lambda _rich: [sentence(what), facts(_lines(after))]
    )


def current(status: SchemaStatus) -> Answer:
    return Answer(data=_status(status), draw=lambda _rich: [facts(_lines(status))])


def checked(report: HealthReport) -> Answer:
    return Answer(
        data={
            **_status(report.status),
            "healthy": report.is_healthy,
            "problems": list(report.problems),
            "counter_mismatches": [asdict(mismatch) for mismatch in report.counter_mismatches],
            "unrecorded_dangling_messages": report.dangling_messages,
            "mended": report.mended,
        },
        draw=lambda rich: _health(report, rich=rich),
        status="ok" if report.is_healthy else "error",
        exit_code=0 if report.is_healthy else _UNHEALTHY,
    )


def _health(report: HealthReport, *, rich: bool) -> Iterator[RenderableType]:
    told = "The database is healthy." if report.is_healthy else "The database needs a look."
    yield sentence(told, "bold" if rich else "")
    yield facts(_lines(report.status))
    if report.mended is not None:
        yield sentence(f"Mended: {counted(report.mended, 'row')}")
    yield from (sentence(f"- {problem}") for problem in report.problems)
    if report.dangling_messages:
        yield sentence(
            f"- {counted(report.dangling_messages, 'dangling message')} that no cleanup sees; "
            "record them for the next one with: agents db check --mend"
        )
    if report.counter_mismatches:
        yield table(_MISMATCH_COLUMNS, map(_mismatch, report.counter_mismatches), rich=rich)
        yield sentence("Set the counters right with: agents db check --mend")


def _mismatch(wrong: CounterMismatch) -> tuple[str, ...]:
    figures = (wrong.message_count, wrong.found_messages, wrong.content_bytes, wrong.found_bytes)
    return wrong.session_id, *map(str, figures)


def _status(status: SchemaStatus) -> dict[str, Any]:
    return {
        "url": status.url,
        "current": status.current,
        "head": status.head,
        "pending": list(status.pending),
    }


def _lines(status: SchemaStatus) -> list[tuple[str, str]]:
    return [
        ("Database", status.url),
        ("Schema", or_dash(status.current)),
        ("This version needs", status.head),
        ("To migrate", ", ".join(status.pending) or "-"),
    ]
