"""A cleanup's report for machines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from cleveragents.cli.answer import Streamed, records
from cleveragents.cli.views.preflight import preflight_data
from cleveragents.cli.views.space import given_back_data
from cleveragents.cli.views.threshold import threshold_data
from cleveragents.domain.archive import KnownArchive
from cleveragents.domain.policy_document import policy_document
from cleveragents.domain.report import Candidate, CleanupReport, Outcome, Skip

_MILLISECOND = timedelta(milliseconds=1)


def data(report: CleanupReport, listed: Sequence[Candidate]) -> dict[str, Any]:
    """The stable names of a cleanup, the same for a dry run, a purge, and an empty database."""
    found, gone = report.found, report.purged
    part = gone if report.has_deleted else found
    return {
        "dry_run": report.dry_run,
        "outcome": report.outcome.value,
        "scanned": found.scanned,
        "candidates": found.candidates,
        "purged": gone.sessions if report.outcome is Outcome.PURGED else 0,
        "by_reason": _counts(part.by_reason),
        "skipped": _skips(gone.skipped),
        "skipped_total": gone.skipped_total,
        "kept": {
            "protected": found.kept.protected,
            "recent": found.kept.recent,
            "filtered": found.kept.filtered,
            "unplanned": found.kept.unplanned,
            "undated": found.kept.undated,
        },
        "protected": _counts(found.protected),
        "unreadable": records(found.unreadable, lambda each: {"name": each.name, "why": each.why}),
        "unreadable_total": len(found.unreadable),
        "dangling_messages": part.dangling_messages,
        "messages": part.messages,
        "bytes": {
            "logical": report.logical_bytes,
            "reusable": gone.reusable_bytes,
            "physical": gone.physical_bytes,
        },
        "given_back": given_back_data(report.given_back),
        "sessions": records(listed, _record),
        "plan": _plan(report),
        "run_id": report.run_id,
        "ledger_hash": report.run.entry_hash if report.run else None,
        "archive": _archive(report.archive) if report.archive else None,
        "archives": [_archive(archive) for archive in report.archives],
        "chunks": _chunks(report),
        "expired_archives": [archive.file_name for archive in report.expired],
        "unexpired_archives": report.unexpired,
        "remaining": list(report.remaining),
        "preflight": preflight_data(report.preflight),
        "held_back": report.held_back or None,
        "lock_held_ms": gone.lock_held // _MILLISECOND if report.has_deleted else None,
        "tables": {
            "sessions": gone.sessions,
            "session_messages": gone.messages + gone.dangling_messages,
        },
        "policy": policy_document(report.policy),
        "auto_threshold": threshold_data(report.policy),
        "as_of": report.as_of,
    }


def _plan(report: CleanupReport) -> dict[str, Any] | None:
    if report.plan is None:
        return None
    drift = report.plan.drift
    return {
        "digest": report.plan.digest,
        "created_at": report.plan.created_at,
        "planned": report.plan.planned,
        "drift": _skips(drift.skipped),
        "drift_total": drift.total,
    }


def _chunks(report: CleanupReport) -> dict[str, Any] | None:
    if report.chunks is None:
        return None
    chunks = report.chunks
    return {
        "done": chunks.done,
        "before": chunks.before,
        "stopped": chunks.stopped.code if chunks.stopped else None,
    }


def _archive(archive: KnownArchive) -> dict[str, Any]:
    return {"file": archive.file_name, "bytes": archive.file_bytes, "sha256": archive.sha256}


def _skips(skipped: Iterable[Skip]) -> list[object] | Streamed:
    return records(skipped, lambda skip: {"session_id": skip.session_id, "reason": skip.reason.value})


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
