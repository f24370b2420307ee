"""What a purge tells the log: one line at INFO, one for each session at DEBUG."""

from __future__ import annotations

import logging

from cleveragents.domain.report import CleanupReport, Outcome
from cleveragents.domain.sweep import Sweep, SweepOutcome

logger = logging.getLogger(__name__)

_SHORT = 8


def tells_each_session() -> bool:
    return logger.isEnabledFor(logging.DEBUG)


def log_purge(report: CleanupReport) -> None:
    skipped = {skip.session_id for skip in report.purged.skipped}
    for candidate in report.found.sessions if tells_each_session() else ():
        if candidate.session_id not in skipped:
            age = report.as_of - candidate.last_accessed_at
            logger.debug(
                "Session deleted",
                extra={
                    "session": candidate.session_id[:_SHORT],
                    "session_id": candidate.session_id,
                    "age_days": age.days,
                },
            )
    logger.info(
        "Session cleanup complete",
        extra={
            "run_id": report.run_id,
            "sessions_scanned": report.found.scanned,
            "sessions_deleted": report.purged.sessions,
            "sessions_skipped": report.purged.skipped_total,
            "bytes_freed": report.logical_bytes,
        },
    )


def log_sweep(sweep: Sweep, report: CleanupReport | None) -> None:
    """One line a sweep; where something was purged, that has told its own."""
    if not sweep.has_succeeded:
        logger.error(
            "Sweep %s",
            sweep.outcome.value,
            extra={"run_id": sweep.sweep_id, "code": sweep.code, "why": sweep.message},
        )
    elif report is None or report.outcome is not Outcome.PURGED:
        logger.info(
            "Nothing was deleted, as %s",
            "cleanup is disabled" if sweep.outcome is SweepOutcome.DISABLED else "the mode is report",
            extra={
                "run_id": sweep.sweep_id,
                "sessions_scanned": sweep.scanned,
                "sessions_eligible": sweep.candidates,
                "sessions_deleted": 0,
                "bytes_freed": 0,
            },
        )
