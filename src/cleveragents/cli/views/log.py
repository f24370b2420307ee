"""The ledger for people and for machines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cleveragents.cli.answer import Answer, Note
from cleveragents.cli.text import bytes_shown, counted
from cleveragents.cli.views.layout import sentence, table
from cleveragents.domain.run import FIELDS, Attempt, Run

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cleveragents.application.services.ledger_service import Log

_RUNS = (
    "Run",
    ("When", "shrinks"),
    "Outcome",
    ("Sessions", "right"),
    ("Skipped", "right"),
    ("Messages", "right"),
    ("Size", "right"),
    ("Who", "shrinks"),
    ("From", "shrinks"),
)
_ATTEMPTS = ("When", "Outcome", ("Who", "shrinks"), ("From", "shrinks"), ("Why", "shrinks"))


def log(log: Log) -> Answer:
    def draw(rich: bool) -> Iterator[RenderableType]:  # noqa: FBT001 - the signature of Draw
        if log.runs:
            yield table(_RUNS, map(_row, log.runs), rich=rich)
            yield sentence("")
        if log.attempts:
            yield sentence("Came to nothing", "bold" if rich else "")
            yield table(_ATTEMPTS, map(_attempt_row, log.attempts), rich=rich)
            yield sentence("")
        yield sentence(f"{counted(log.head.runs, 'run')} in the ledger.")
        if log.verified_runs is not None:
            archives = counted(log.verified_archives or 0, "archive")
            yield sentence(f"Verified: {counted(log.verified_runs, 'run')} and {archives}, all as written.")

    notes = tuple(_notes(log))
    return Answer(data=_data(log), draw=draw, notes=notes, status="warn" if notes else "ok")


def _data(log: Log) -> dict[str, Any]:
    return {
        "fingerprint": log.head.fingerprint,
        "runs_total": log.head.runs,
        "ledger_hash": log.head.last_hash,
        "runs": [_record(run) for run in log.runs],
        "attempts": [_attempt_record(attempt) for attempt in log.attempts],
        "verified": None
        if log.verified_runs is None
        else {
            "runs": log.verified_runs,
            "archives": log.verified_archives,
            "archives_elsewhere": list(log.archives_elsewhere),
        },
    }


def _notes(log: Log) -> Iterator[Note]:
    if log.archives_elsewhere:
        elsewhere = counted(len(log.archives_elsewhere), "archive")
        yield Note(f"{elsewhere} not on this host and so not verified.", "warn")


def _record(run: Run) -> dict[str, Any]:
    record = {name: getattr(run, name) for name in FIELDS}
    return {
        **record,
        "policy": json.loads(run.policy) if run.policy else None,
        "by_reason": json.loads(run.by_reason),
    }


def _attempt_record(attempt: Attempt) -> dict[str, Any]:
    return {name: getattr(attempt, name) for name in Attempt.__slots__}


def _row(run: Run) -> tuple[str, ...]:
    return (
        run.run_id,
        f"{run.finished_at:%Y-%m-%d %H:%M}",
        run.outcome,
        f"{run.sessions:,}",
        f"{run.skipped:,}",
        f"{run.messages:,}",
        bytes_shown(run.content_bytes),
        f"{run.who}@{run.host}",
        run.started_from,
    )


def _attempt_row(attempt: Attempt) -> tuple[str, ...]:
    return (
        f"{attempt.finished_at:%Y-%m-%d %H:%M}",
        attempt.outcome,
        f"{attempt.who}@{attempt.host}",
        attempt.started_from,
        attempt.message,
    )
