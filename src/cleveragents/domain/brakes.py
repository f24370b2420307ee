"""When a purge is stopped although its policy allows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cleveragents.domain.duration import describe_age
from cleveragents.domain.errors import (
    ClockRefusedError,
    PurgeRefusedError,
    TooManyError,
    UnarchivedTablesError,
)
from cleveragents.domain.report import Findings
from cleveragents.domain.safeguards import CLOCK_TOLERANCE, USUAL_FLOOR, Safeguards

_CLOCKS_DIFFER = timedelta(minutes=1)
_IGNORE_CLOCK = ("--ignore-clock",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a purge must not overlook.

    A clock, read at `read_at`, can be held against when the last run ended, and which session was used
    last, and when.
    """

    read_at: datetime
    last_run_id: str | None = None
    last_run_at: datetime | None = None
    newest_session_id: str | None = None
    newest_activity_at: datetime | None = None
    hanging_tables: tuple[str, ...] = ()
    """Other programs' tables whose rows go, or change, with the sessions that they refer to."""


def refusal(found: Findings, safeguards: Safeguards, past: Circumstances) -> PurgeRefusedError | None:
    """The error that stops a purge of these findings; None where nothing stands against it."""
    if not safeguards.ignore_clock and (wrong := _clock_is_wrong(past.read_at, past)):
        return wrong
    if found.candidates and (kept_nowhere := _kept_nowhere(safeguards, past)):
        return kept_nowhere
    most = safeguards.most_of(found.scanned, only_named=found.only_named)
    if found.candidates > most:
        return _too_many(found, most)
    return None


def share_of(part: int, whole: int) -> str:
    """How large a part is, in percent, never rounded up to all of it."""
    percent = 100 * part / whole if whole else 0
    return f"{min(percent, 99.9) if part < whole else percent:.3g} %"


def unkept_tables(safeguards: Safeguards, past: Circumstances) -> tuple[str, ...]:
    """The hanging tables that no archive keeps and no setting names; none where nothing is archived."""
    return unnamed_tables(safeguards, past) if safeguards.archive else ()


def unnamed_tables(safeguards: Safeguards, past: Circumstances) -> tuple[str, ...]:
    """The hanging tables that no setting names."""
    named = {name.lower() for name in safeguards.unarchived_tables}
    return tuple(table for table in past.hanging_tables if table.lower() not in named)


def _kept_nowhere(safeguards: Safeguards, past: Circumstances) -> PurgeRefusedError | None:
    unknown = unkept_tables(safeguards, past)
    if not unknown:
        return None
    return UnarchivedTablesError(
        f"Rows of other tables go, or change, with the sessions they refer to: {', '.join(unknown)}. "
        "No archive keeps them.",
        detail="Nothing was deleted. Their foreign keys say ON DELETE CASCADE, SET NULL or SET DEFAULT.",
        remedy=("--unarchived-tables", ",".join(past.hanging_tables)),
        hints=["Name those that may go in cleanup.unarchived_tables."],
    )


def _too_many(found: Findings, most: int) -> PurgeRefusedError:
    if found.only_named:
        return TooManyError(
            f"This would delete {found.candidates:,} of the sessions that were named; "
            f"at most {most:,} may go in one purge.",
            detail="Nothing was deleted. A number of sessions in cleanup.max_purge sets the limit; "
            f"unless set, and where it is a percentage, it is {USUAL_FLOOR:,}.",
            hints=["Name fewer of them at a time."],
        )
    return TooManyError(
        f"This would delete {found.candidates:,} of {found.scanned:,} sessions "
        f"({share_of(found.candidates, found.scanned)}); at most {most:,} may go in one purge.",
        detail="Nothing was deleted. cleanup.max_purge sets the limit; "
        "unless set, it is half of all sessions, or 1,000.",
        remedy=("--max-purge", str(found.candidates)),
        hints=["Look at what would go: agents cleanup --dry-run"],
    )


def _clock_is_wrong(now: datetime, past: Circumstances) -> PurgeRefusedError | None:
    if past.last_run_at is not None and past.last_run_at - now > _CLOCKS_DIFFER:
        return ClockRefusedError(
            f"The clock says {now:%Y-%m-%d %H:%M} UTC, which is {describe_age(past.last_run_at - now)} "
            "before the last run ended.",
            detail=f"Nothing was deleted. That was run {past.last_run_id}, "
            f"at {past.last_run_at:%Y-%m-%d %H:%M} UTC. "
            "Ages measured with a wrong clock are wrong.",
            remedy=_IGNORE_CLOCK,
            hints=["Check this host's clock."],
        )
    if past.newest_activity_at is not None and past.newest_activity_at - now > CLOCK_TOLERANCE:
        return ClockRefusedError(
            f"The clock says {now:%Y-%m-%d %H:%M} UTC, which is "
            f"{describe_age(past.newest_activity_at - now)} before the newest activity.",
            detail=f"Nothing was deleted. The session {past.newest_session_id} was last accessed at "
            f"{past.newest_activity_at:%Y-%m-%d %H:%M} UTC.",
            remedy=_IGNORE_CLOCK,
            hints=["Check this host's clock, or touch that session if its date is what is wrong."],
        )
    return None
