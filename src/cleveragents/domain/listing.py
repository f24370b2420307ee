"""What a list of sessions is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from cleveragents.domain.errors import InvalidValueError
from cleveragents.domain.retention import Reason, RetentionPolicy, SessionFilter
from cleveragents.domain.session import Session


class SortKey(StrEnum):
    """The orders of a list; each puts the most interesting end first (the name: A to Z)."""

    LAST_ACCESSED = "last-accessed"
    CREATED = "created"
    SIZE = "size"
    MESSAGES = "messages"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionQuery:
    """One page of a list. `having` narrows to sessions under all these reasons of `policy`.

    `sort` None is the last accessed first or, of expiring sessions, those that are due soonest.
    """

    matching: SessionFilter
    having: frozenset[Reason]
    policy: RetentionPolicy
    now: datetime
    parent_session_id: str | None = None
    pinned: bool | None = None
    sort: SortKey | None = None
    reverse: bool = False
    limit: int | None = 50
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiringSession:
    """A session that is no candidate yet, and when it becomes one if nobody touches anything."""

    session: Session
    eligible_at: datetime


def end_of(now: datetime, within: timedelta) -> datetime:
    """Raise InvalidValueError where nobody could look that far ahead."""
    if within <= timedelta(0):
        raise InvalidValueError("What expires can only be asked for a time to come.")
    try:
        return now + within
    except OverflowError as error:
        raise InvalidValueError(
            "What expires cannot be asked for beyond the year 9999.",
            hints=["Look less far ahead.", "Check this computer's clock."],
        ) from error
