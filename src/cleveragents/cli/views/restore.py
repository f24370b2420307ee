"""What a restore put back, and what can be restored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cleveragents.cli.answer import Answer, Note
from cleveragents.cli.text import bytes_shown, counted, short_id
from cleveragents.cli.views.layout import facts, sentence, table
from cleveragents.domain.duration import describe_age
from cleveragents.domain.errors import InterruptedRunError
from cleveragents.domain.report import LISTED
from cleveragents.domain.restored import RestoreReport

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cleveragents.application.services.restore_service import ListedArchive
    from cleveragents.domain.archive import KnownArchive
    from cleveragents.domain.errors import CleverAgentsError

_NEEDS_A_LOOK = 6
_COLUMNS = (
    "Run",
    ("Sessions", "right"),
    ("Messages", "right"),
    ("Size", "right"),
    ("Made", "shrinks"),
    "Expires",
)


def restored(report: RestoreReport) -> Answer:
    back = report.restored
    needs_a_look = bool(back.skipped_total or back.dangling_left_out or report.not_in_archive)
    error = _stopped(report)
    return Answer(
        data=_data(report),
        draw=lambda rich: [
            sentence(_headline(report), "bold" if rich else ""),
            facts(_figures(report)),
        ],
        status="error" if error else "warn" if needs_a_look else "ok",
        exit_code=error.exit_code if error else _NEEDS_A_LOOK if needs_a_look else 0,
        error=error,
        notes=tuple(_notes(report)),
    )


def archives(listed: Sequence[ListedArchive], now: datetime) -> Answer:
    total = sum(each.archive.file_bytes for each in listed)
    elsewhere = sum(not each.is_here for each in listed)

    def draw(rich: bool) -> Iterator[RenderableType]:  # noqa: FBT001 - the signature of Draw
        if listed:
            yield table(_COLUMNS, (_row(each, now) for each in listed), rich=rich)
            yield sentence("")
        yield sentence(f"{counted(len(listed), 'archive')}, {bytes_shown(total)}.")

    notes = [Note(f"{counted(elsewhere, 'archive')} not on this host.", "warn")] if elsewhere else []
    return Answer(
        data={"archives": [_record(each) for each in listed], "total": len(listed), "bytes": total},
        draw=draw,
        status="warn" if elsewhere else "ok",
        notes=tuple(notes),
    )


def _data(report: RestoreReport) -> dict[str, Any]:
    back = report.restored
    return {
        "dry_run": report.dry_run,
        "restored_run_id": report.run_id,
        "run_id": report.entries[0].run_id if report.entries else None,
        "run_ids": [entry.run_id for entry in report.entries],
        "ledger_hash": report.entries[-1].entry_hash if report.entries else None,
        "archive": report.archives[0].file_name if len(report.archives) == 1 else None,
        "archives": [archive.file_name for archive in report.archives],
        "stopped": report.stopped.code if report.stopped else None,
        "restored": 0 if report.dry_run else back.sessions,
        "restorable": back.sessions,
        "messages": back.messages,
        "bytes": {"logical": back.content_bytes},
        "dangling_messages": back.dangling_messages,
        "dangling_left_out": back.dangling_left_out,
        "skipped": [{"session_id": each, "reason": reason.value} for each, reason in back.skipped],
        "skipped_total": back.skipped_total,
        "not_in_archive": list(report.not_in_archive),
    }


def _headline(report: RestoreReport) -> str:
    back = report.restored
    did = "would be put back" if report.dry_run else "put back"
    dangling = f" and {counted(back.dangling_messages, 'dangling message')}" if back.dangling_messages else ""
    return f"{counted(back.sessions, 'session')} with {counted(back.messages, 'message')}{dangling} {did}."


def _figures(report: RestoreReport) -> Iterator[tuple[str, str]]:
    back = report.restored
    yield "From", f"run {report.run_id}, {_named(report.archives)}"
    yield "Skipped", f"{back.skipped_total:,}"
    for session_id, reason in back.skipped[:LISTED]:
        yield "", f"{short_id(session_id)} {reason.value.replace('_', ' ')}"
    yield "Duration", f"{report.duration.total_seconds():.2f} s"


def _named(archives: Sequence[KnownArchive]) -> str:
    return archives[0].file_name if len(archives) == 1 else counted(len(archives), "archive")


def _stopped(report: RestoreReport) -> CleverAgentsError | None:
    """What ended it between two archives, and what was done by then."""
    if report.stopped is None:
        return None
    if isinstance(report.stopped, InterruptedRunError):
        why = report.stopped.message
    else:
        why = f"It stopped at the next archive, of which nothing was put back: {report.stopped.message}"
    return report.stopped.retold(
        f"{_headline(report)} {why}", "To put back the rest, give the same command again."
    )


def _notes(report: RestoreReport) -> Iterator[Note]:
    back = report.restored
    if back.skipped_total:
        ids = counted(back.skipped_total, "session")
        yield Note(
            f"{ids} of the archive left out: their ids, or messages under them, are there again.", "warn"
        )
    if report.not_in_archive:
        missing = ", ".join(report.not_in_archive)
        yield Note(f"Not in the archive: {missing}.", "warn")
    if back.dangling_left_out:
        left_out = counted(back.dangling_left_out, "dangling message")
        yield Note(f"{left_out} left out: without their session this database does not take them.", "warn")
    if back.sessions:
        yield Note(
            "They are as old as they were: use or pin those to keep, or the next purge takes them again."
        )


def _record(each: ListedArchive) -> dict[str, Any]:
    archive = each.archive
    return {
        "run_id": archive.run_id,
        "file": archive.file_name,
        "bytes": archive.file_bytes,
        "sha256": archive.sha256,
        "sessions": archive.sessions,
        "messages": archive.messages,
        "created_at": archive.created_at,
        "expires_at": each.expires_at,
        "is_here": each.is_here,
    }


def _row(each: ListedArchive, now: datetime) -> tuple[str, ...]:
    archive = each.archive
    left = each.expires_at - now
    return (
        archive.run_id,
        f"{archive.sessions:,}",
        f"{archive.messages:,}",
        bytes_shown(archive.file_bytes),
        f"{describe_age(now - archive.created_at)} ago",
        _expiry(left) if each.is_here else "not on this host",
    )


def _expiry(left: timedelta) -> str:
    return f"in {describe_age(left)}" if left > timedelta(0) else "next purge"
