"""What is remembered of warnings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cleveragents.domain.listing import ExpiringSession
from cleveragents.domain.retention import RetentionPolicy


class ExpiryWarnings(Protocol):
    """Of which sessions somebody was warned, each for the last access that it had then.

    A warner claims some sessions, warns, and settles its claim; a claim that is neither settled nor
    released by its end is anybody's again.
    """

    def pending(self, policy: RetentionPolicy, now: datetime, until: datetime) -> Sequence[ExpiringSession]:
        """Those that expire until then and of which nobody was warned since their last access."""
        ...

    def claim(
        self, sessions: Sequence[ExpiringSession], claim: str, now: datetime, until: datetime
    ) -> Sequence[ExpiringSession]:
        """Take those of them that are as they were, and that nobody has claimed or was warned of."""
        ...

    def settle(self, claim: str) -> None:
        """Remember that somebody was warned of what was claimed."""
        ...

    def release(self, claim: str) -> None: ...

    def gone(self, limit: int) -> Sequence[str]:
        """Ids that are remembered and that no session has now."""
        ...

    def forget(self, session_ids: Sequence[str]) -> None: ...
