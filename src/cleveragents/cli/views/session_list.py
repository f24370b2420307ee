"""Lists of sessions, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from cleveragents.cli.answer import Answer, Note, records
from cleveragents.cli.text import bytes_shown, counted, short_id
from cleveragents.cli.views.layout import Column, or_dash, sentence, tables
from cleveragents.domain.document import record_of_session
from cleveragents.domain.duration import describe_age

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cleveragents.application.services.expiry_service import ExpiringPage
    from cleveragents.application.services.session_service import Page
    from cleveragents.domain.listing import ExpiringSession
    from cleveragents.domain.session import Session

_COLUMNS: tuple[Column, ...] = (
    ("Name", "shrinks"),
    "Session",
    ("Actor", "shrinks"),
    "Source",
    ("Age", "right"),
    ("Messages", "right"),
    ("Size", "right"),
    "Marks",
)
_ELIGIBLE: tuple[Column, ...] = (*_COLUMNS[:4], "Eligible at (UTC)", ("In", "right"), *_COLUMNS[4:])


def listed(page: Page, now: datetime, notes: tuple[Note, ...] = ()) -> Answer:
    is_exact = page.is_total_exact

    def draw(rich: bool) -> Iterator[RenderableType]:  # noqa: FBT001 - the signature of Draw
        if page.sessions:
            yield from tables(_COLUMNS, page.sessions, partial(_row, now=now), rich=rich)
            yield sentence("")
        yield sentence(_where(page, is_exact=is_exact), "dim" if rich else "")

    return Answer(
        data={
            "sessions": records(page.sessions, record_of_session),
            **_extent(page, is_exact=is_exact),
        },
        draw=draw,
        notes=notes,
    )


def expiring(page: ExpiringPage, now: datetime, notes: tuple[Note, ...]) -> Answer:
    def draw(rich: bool) -> Iterator[RenderableType]:  # noqa: FBT001 - the signature of Draw
        if page.sessions:
            yield from tables(_ELIGIBLE, page.sessions, partial(_expiring_row, now=now), rich=rich)
            yield sentence("")
        yield sentence(
            f"{_where(page, is_exact=True)} that a purge would take by {page.until:%Y-%m-%d %H:%M} UTC if "
            "nobody touches anything, and not yet",
            "dim" if rich else "",
        )

    return Answer(
        data={
            "sessions": records(page.sessions, _expiring_record),
            **_extent(page, is_exact=True),
            "until": page.until,
        },
        draw=draw,
        notes=notes,
    )


def _where(page: Page | ExpiringPage, *, is_exact: bool) -> str:
    first, last = page.offset + 1, page.offset + len(page.sessions)
    total = f"{'' if is_exact else 'more than '}{counted(page.total, 'session')}"
    if page.sessions:
        return f"{first:,} to {last:,} of {total}"
    return f"No more sessions; there are {page.total:,}" if page.total else "No sessions"


def _extent(page: Page | ExpiringPage, *, is_exact: bool) -> dict[str, Any]:
    return {"total": page.total, "total_is_exact": is_exact, "offset": page.offset}


def _row(session: Session, now: datetime) -> tuple[str, ...]:
    return (
        or_dash(session.name),
        short_id(session.session_id),
        or_dash(session.actor_name),
        session.source,
        describe_age(now - session.last_accessed_at),
        f"{session.message_count:,}",
        bytes_shown(session.content_bytes),
        " ".join(_marks(session, now)),
    )


def _expiring_row(entry: ExpiringSession, now: datetime) -> tuple[str, ...]:
    cells = _row(entry.session, now)
    eligible_at = f"{entry.eligible_at:%Y-%m-%d %H:%M}"
    return (*cells[:4], eligible_at, describe_age(entry.eligible_at - now), *cells[4:])


def _expiring_record(entry: ExpiringSession) -> dict[str, Any]:
    return {**record_of_session(entry.session), "eligible_at": entry.eligible_at}


def _marks(session: Session, now: datetime) -> Iterator[str]:
    if session.pinned_at is not None:
        yield "pinned"
    if session.lease_expires_at is not None and session.lease_expires_at > now:
        yield "leased"
