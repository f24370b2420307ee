"""What a cleanup found and did, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cleveragents.cli.answer import Answer, Note
from cleveragents.cli.text import bytes_shown, counted, short_id
from cleveragents.cli.views.layout import facts, or_dash, sentence, table
from cleveragents.domain.duration import describe_age, format_duration
from cleveragents.domain.report import LISTED, Candidate, CleanupReport, Outcome
from cleveragents.domain.retention import Reason

if TYPE_CHECKING:
    from rich.console import RenderableType

_SKIPS_NEED_A_LOOK = 6
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
        draw=lambda rich: [
            *_candidates(report, report.found.sessions, rich=rich),
            *_summary(report, rich=rich),
        ],
        status="warn" if report.database_missing else "ok",
        notes=_notes(report),
    )


def purged(report: CleanupReport, *, list_candidates: bool, show_all: bool) -> Answer:
    """`list_candidates` False leaves out what was shown before the question."""
    listed = report.found.sessions if show_all else report.found.sessions[:LISTED]
    skipped, declined = report.purged.skipped_total, report.outcome is Outcome.DECLINED

    def draw(rich: bool) -> Iterator[RenderableType]:  # noqa: FBT001 - the signature of Draw
        if list_candidates:
            yield from _candidates(report, listed, rich=rich)
        if declined:
            yield sentence(_headline(report))
        else:
            yield from _summary(report, rich=rich)

    return Answer(
        data=data(report, listed),
        draw=draw,
        status="ok"
        if report.outcome is Outcome.PURGED and not skipped and not report.database_missing
        else "warn",
        exit_code=_NOT_DONE if declined else _SKIPS_NEED_A_LOOK if skipped else 0,
        notes=_notes(report),
    )


def question(report: CleanupReport) -> str:
    found = report.found
    return (
        f"Delete {counted(found.candidates, 'session')} of {found.scanned:,} with "
        f"{counted(found.messages, 'message')}{_and_dangling(found.dangling_messages)} "
        f"({bytes_shown(report.logical_bytes)}) for good?"
    )


def data(report: CleanupReport, listed: Sequence[Candidate]) -> dict[str, Any]:
    """The stable names of a cleanup, the same for a dry run, a purge, and an empty database."""
    found, gone = report.found, report.purged
    has_purged = report.outcome is Outcome.PURGED
    part = gone if has_purged else found
    return {
        "dry_run": report.dry_run,
        "outcome": report.outcome.value,
        "scanned": found.scanned,
        "candidates": found.candidates,
        "purged": gone.sessions,
        "by_reason": _counts(part.by_reason),
        "skipped": [{"session_id": skip.session_id, "reason": skip.reason.value} for skip in gone.skipped],
        "skipped_total": gone.skipped_total,
        "kept": {
            "protected": found.kept.protected,
            "recent": found.kept.recent,
            "filtered": found.kept.filtered,
        },
        "protected": _counts(found.protected),
        "dangling_messages": part.dangling_messages,
        "messages": part.messages,
        "bytes": {"logical": report.logical_bytes, "physical": gone.physical_bytes},
        "sessions": [_record(candidate) for candidate in listed],
        "policy": _policy(report),
        "as_of": report.as_of,
    }


def _policy(report: CleanupReport) -> dict[str, Any]:
    policy, narrowed = report.policy, report.policy.narrowed_to
    return {
        "stale_after": format_duration(policy.stale_after),
        "empty_after": format_duration(policy.empty_after),
        "orphaned_after": format_duration(policy.orphaned_after),
        "only": [
            *(reason.value for reason in Reason if reason in policy.reasons),
            *["dangling"] * policy.dangling,
        ],
        "keep_last": policy.keep_last,
        "actors": list(narrowed.actors),
        "sources": list(narrowed.sources),
        "namespaces": list(narrowed.namespaces),
        "names": list(narrowed.names),
    }


def _record(candidate: Candidate) -> dict[str, Any]:
    return {
        "session_id": candidate.session_id,
        "name": candidate.name,
        "actor_name": candidate.actor_name,
        "source": candidate.source,
        "last_accessed_at": candidate.last_accessed_at,
        "message_count": candidate.message_count,
        "content_bytes": candidate.content_bytes,
        "reasons": [reason.value for reason in candidate.reasons],
    }


def _counts(counts: Mapping[Any, int]) -> dict[str, int]:
    return {key.value: number for key, number in counts.items()}


def _candidates(
    report: CleanupReport, listed: Sequence[Candidate], *, rich: bool
) -> Iterator[RenderableType]:
    if not listed:
        return
    yield table(_COLUMNS, (_row(candidate, report.as_of) for candidate in listed), rich=rich)
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


def _summary(report: CleanupReport, *, rich: bool) -> Iterator[RenderableType]:
    yield sentence(_headline(report), "bold" if rich else "")
    yield facts(_figures(report))


def _headline(report: CleanupReport) -> str:
    found = report.found
    match report.outcome:
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


def _figures(report: CleanupReport) -> Iterator[tuple[str, str]]:
    found, gone = report.found, report.purged
    has_purged = report.outcome is Outcome.PURGED
    part = gone if has_purged else found
    yield "Scanned", counted(found.scanned, "session")
    yield (
        ("Purged" if has_purged else "To purge"),
        _split(gone.sessions if has_purged else found.candidates, _named(part.by_reason)),
    )
    if has_purged:
        yield "Skipped", _split(gone.skipped_total, _named(gone.skipped_by_reason))
        for skip in gone.skipped[:LISTED]:
            yield "", f"{short_id(skip.session_id)} {skip.reason.value.replace('_', ' ')}"
    yield "Kept", f"{found.kept.total:,} ({_kept(report)})" if found.kept.total else "0"
    yield "Protected", _split(found.kept.protected, _named(found.protected))
    yield "Messages", f"{part.messages:,}"
    yield "Dangling messages", f"{part.dangling_messages:,}"
    yield "Duration", f"{report.duration.total_seconds():.2f} s"


def _kept(report: CleanupReport) -> str:
    kept = report.found.kept
    parts = [
        (kept.recent, "used recently"),
        (kept.protected, "protected"),
        (kept.filtered, "outside the filters"),
    ]
    return ", ".join(f"{number:,} {why}" for number, why in parts if number)


def _named(counts: Mapping[Any, int]) -> list[str]:
    return [f"{key.value.replace('_', ' ')} {number:,}" for key, number in counts.items() if number]


def _split(total: int, parts: Iterable[str]) -> str:
    listed = " · ".join(parts)
    return f"{total:,} ({listed})" if listed else f"{total:,}"


def _notes(report: CleanupReport) -> tuple[Note, ...]:
    notes = []
    if report.database_missing:
        notes.append(
            Note("There is no database yet, so there was nothing to look at; none was created.", "warn")
        )
    if report.outcome is Outcome.DISABLED:
        notes.append(Note("Cleanup is disabled by the settings.", "warn"))
    if report.purged.skipped_total:
        skipped = counted(report.purged.skipped_total, "session")
        were = "was" if report.purged.skipped_total == 1 else "were"
        again = "run it again to look anew"
        notes.append(Note(f"{skipped} changed after the scan and {were} skipped; {again}.", "warn"))
    return tuple(notes)
