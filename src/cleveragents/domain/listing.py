"""What a list of sessions is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cleveragents.domain.retention import Reason, RetentionPolicy, SessionFilter


class SortKey(StrEnum):
    """The orders of a list; each puts the most interesting end first (the name: A to Z)."""

    LAST_ACCESSED = "last-accessed"
    CREATED = "created"
    SIZE = "size"
    MESSAGES = "messages"
    NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionQuery:
    """One page of a list. `having` narrows to sessions under all these reasons of `policy`."""

    matching: SessionFilter
    having: frozenset[Reason]
    policy: RetentionPolicy
    now: datetime
    parent_session_id: str | None = None
    pinned: bool | None = None
    sort: SortKey = SortKey.LAST_ACCESSED
    reverse: bool = False
    limit: int | None = 50
    offset: int = 0
