"""What a cleanup found and did, for people and for machines."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleveragents.cli.answer import Answer, Note, Status
from cleveragents.cli.text import bytes_shown, counted, short_id, shown
from cleveragents.cli.views.cleanup_data import data
from cleveragents.cli.views.cleanup_notes import notes, stopped, unproven
from cleveragents.cli.views.layout import facts, or_dash, sentence, tables
from cleveragents.cli.views.space import space_figures
from cleveragents.domain.brakes import share_of
from cleveragents.domain.duration import describe_age
from cleveragents.domain.report import LISTED, Candidate, CleanupReport, Outcome, Skip

if TYPE_CHECKING:
    from rich.console import RenderableType

_NEEDS_A_LOOK = 6
_NOT_DONE = 1
_COLUMNS = (
    ("Name", "shrinks"),
    "Session",
    ("Actor", "shrinks"),
    "Source",
    ("Age", "right"),
    ("Messages", "right"),
    ("Size", "right"),
    "Why",
)


def scanned(report: CleanupReport) -> Answer:
    return Answer(
        data=data(report, report.found.sessions),
        draw=lambda rich: chain(
            _candidates(report, report.found.sessions, rich=rich), _summary(report, rich=rich)
        ),
        status=_status(report),
        exit_code=_NEEDS_A_LOOK if report.found.unreadable else 0,
        notes=notes(report),
    )


def purged(
    report: CleanupReport, database_option: str = "", *, list_candidates: bool, show_all: bool
) -> Answer:
    """`list_candidates` False leaves out what was shown before the question."""
    listed = report.found.sessions if show_all else report.found.sessions[:LISTED]
    declined = report.outcome is Outcome.DECLINED
    error = stopped(report)

    def draw(rich: bool) -> Iterator[RenderableType]:  # noqa: FBT001 - the signature of Draw
        if list_candidates:
            yield from _candidates(report, listed, rich=rich)
        if declined:
            yield sentence(_headline(report))
        else:
            yield from _summary(report, rich=rich, database_option=database_option)

    return Answer(
        data=data(report, listed),
        draw=draw,
        status="error" if error else _status(report),
        exit_code=error.exit_code if error else _exit_code(report),
        notes=notes(report),
        error=error or unproven(report),
    )


def planned(report: CleanupReport, path: Path, database_option: str, *, show_all: bool) -> Answer:
    listed = report.found.sessions if show_all else report.found.sessions[:LISTED]
    name = f"./{path}" if str(path).startswith("-") else str(path)
    saved = Note(f"To carry it out: agents cleanup apply {shlex.quote(name)}{database_option}")
    left_out = counted(report.found.dangling_messages, "dangling message")
    apart = [Note(f"{left_out} cannot be planned and stay.")] if report.found.dangling_messages else []
    return Answer(
        data={**data(report, listed), "plan_file": str(path)},
        draw=lambda rich: chain(
            _candidates(report, listed, rich=rich),
            _summary(report, rich=rich),
            [sentence(f"The plan is in {shown(str(path))}.")],
        ),
        status=_status(report),
        notes=(*notes(report), *apart, saved),
    )


def question(report: CleanupReport, *, archives: bool) -> str:
    found = report.found
    return (
        f"Delete {counted(found.candidates, 'session')} of {found.scanned:,} "
        f"({share_of(found.candidates, found.scanned)}) with "
        f"{counted(found.messages, 'message')}{_and_dangling(found.dangling_messages)} "
        f"({bytes_shown(report.logical_bytes)}), {'keeping an archive' if archives else 'for good'}?"
    )


def _status(report: CleanupReport) -> Status:
    levels = {note.level for note in notes(report)}
    if "error" in levels:
        return "error"
    return "warn" if "warn" in levels or report.outcome is Outcome.DECLINED else "ok"


def _exit_code(report: CleanupReport) -> int:
    if report.outcome is Outcome.DECLINED:
        return _NOT_DONE
    return _NEEDS_A_LOOK if _needs_a_look(report) else 0


def _needs_a_look(report: CleanupReport) -> bool:
    drifted = report.plan is not None and report.plan.drift.total and report.outcome is Outcome.PURGED
    return bool(
        drifted
        or report.purged.skipped_total
        or report.remaining
        or not report.is_verified
        or report.leftovers.stuck
        or report.leftovers.unknown
        or report.found.unreadable
    )


def _candidates(
    report: CleanupReport, listed: Sequence[Candidate], *, rich: bool
) -> Iterator[RenderableType]:
    if not listed:
        return
    yield from tables(_COLUMNS, listed, partial(_row, now=report.as_of), rich=rich)
    more = report.found.candidates - len(listed)
    if more > 0:
        yield sentence(f"… and {more:,} more (--all lists them)", "dim")
    yield sentence("")


def _row(candidate: Candidate, now: datetime) -> tuple[str, ...]:
    return (
        or_dash(candidate.name),
        short_id(candidate.session_id),
        or_dash(candidate.actor_name),
        candidate.source,
        describe_age(now - candidate.last_accessed_at),
        f"{candidate.message_count:,}",
        bytes_shown(candidate.content_bytes),
        ", ".join(reason.value for reason in candidate.reasons),
    )


def _summary(report: CleanupReport, *, rich: bool, database_option: str = "") -> Iterator[RenderableType]:
    yield sentence(_headline(report), "bold" if rich else "")
    yield facts(_figures(report, database_option))


def _headline(report: CleanupReport) -> str:
    found = report.found
    match report.outcome:
        case Outcome.REHEARSED:
            return (
                f"A purge now would delete {counted(report.purged.sessions, 'session')} of {found.scanned:,} "
                f"with {counted(report.purged.messages, 'message')}"
                f"{_and_dangling(report.purged.dangling_messages)}: it was done and rolled back."
            )
        case Outcome.REPORTED:
            would = counted(found.candidates, "session")
            return f"Nothing was deleted. In the mode purge, {would} of {found.scanned:,} would go."
        case Outcome.PURGED:
            size = bytes_shown(report.logical_bytes)
            dangling = _and_dangling(report.purged.dangling_messages)
            return (
                f"Purged {counted(report.purged.sessions, 'session')} of {found.scanned:,} with "
                f"{counted(report.purged.messages, 'message')}{dangling}: {size} of content removed."
            )
        case Outcome.DECLINED:
            return "Nothing was deleted: the answer was no."
        case Outcome.DISABLED:
            would = counted(found.candidates, "session")
            return f"Nothing was deleted. Were cleanup enabled, {would} of {found.scanned:,} would go."
        case Outcome.SCANNED:
            return (
                f"{counted(found.candidates, 'session')} of {found.scanned:,} would be purged, with "
                f"{counted(found.messages, 'message')}{_and_dangling(found.dangling_messages)}: "
                f"{bytes_shown(report.logical_bytes)} of content."
            )


def _and_dangling(messages: int) -> str:
    return f" and {counted(messages, 'dangling message')}" if messages else ""


def _figures(report: CleanupReport, database_option: str) -> Iterator[tuple[str, str]]:
    found, gone = report.found, report.purged
    has_purged = report.has_deleted
    part = gone if has_purged else found
    yield "Scanned", counted(found.scanned, "session")
    yield (
        ("Purged" if report.outcome is Outcome.PURGED else "To purge"),
        _split(gone.sessions if has_purged else found.candidates, _named(part.by_reason)),
    )
    if has_purged:
        yield "Skipped", _split(gone.skipped_total, _named(gone.skipped_by_reason))
        yield from _named_skips(gone.skipped)
    if report.plan is not None:
        drift = report.plan.drift
        yield "Drifted", f"{_split(drift.total, _named(drift.by_reason))} of {report.plan.planned:,} planned"
        yield from _named_skips(drift.skipped)
    yield "Kept", f"{found.kept.total:,} ({_kept(report)})" if found.kept.total else "0"
    if found.unreadable:
        yield "Left alone", f"{len(found.unreadable):,} that could not be understood"
        yield from (("", f"{shown(each.name)}: {shown(each.why)}") for each in found.unreadable[:LISTED])
    yield "Protected", _split(found.kept.protected, _named(found.protected))
    yield "Messages", f"{part.messages:,}"
    yield "Dangling messages", f"{part.dangling_messages:,}"
    yield from space_figures(report)
    if report.chunks is not None:
        yield "Chunks", f"{report.chunks.done:,}"
    if report.archives:
        yield "Archive", _archives(report)
    if report.run_id is not None:
        undo = f"agents cleanup restore {report.run_id}{database_option}"
        yield ("Undo", undo) if report.archives else ("Run", report.run_id)
    if has_purged:
        longest = ", the longest" if report.chunks is not None else ""
        yield "Lock held", f"{gone.lock_held.total_seconds():.2f} s{longest}"
    yield "Duration", f"{report.duration.total_seconds():.2f} s"


def _archives(report: CleanupReport) -> str:
    first, *others = report.archives
    size = bytes_shown(sum(archive.file_bytes for archive in report.archives))
    return f"{first.file_name}{f' and {len(others):,} more' if others else ''} ({size})"


def _named_skips(skipped: Sequence[Skip]) -> Iterator[tuple[str, str]]:
    for skip in skipped[:LISTED]:
        yield "", f"{short_id(skip.session_id)} {skip.reason.value.replace('_', ' ')}"


def _kept(report: CleanupReport) -> str:
    kept = report.found.kept
    parts = [
        (kept.recent, "used recently"),
        (kept.protected, "protected"),
        (kept.filtered, "outside the filters"),
        (kept.unplanned, "not in the plan or not as planned"),
        (kept.undated, "of unknown age"),
    ]
    return ", ".join(f"{number:,} {why}" for number, why in parts if number)


def _named(counts: Mapping[Any, int]) -> list[str]:
    return [f"{key.value.replace('_', ' ')} {number:,}" for key, number in counts.items() if number]


def _split(total: int, parts: Iterable[str]) -> str:
    listed = " · ".join(parts)
    return f"{total:,} ({listed})" if listed else f"{total:,}"
