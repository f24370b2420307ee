"""What one run is to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cleveragents.domain.ports import Purge
from cleveragents.domain.report import CleanupReport, Outcome
from cleveragents.domain.sweep import Lease

Approval = Callable[[CleanupReport], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`choose` fills a report with what it finds; the run gets a new id unless it has one."""

    choose: Callable[[CleanupReport, Purge], CleanupReport]
    approve: Approval | None = None
    is_rehearsal: bool = False
    lease: Lease | None = None
    """Under which it runs; whatever it deletes is rolled back once that is lost."""
    ignore_clock: bool = False
    run_id: str | None = None

    @property
    def outcome(self) -> Outcome:
        return Outcome.REHEARSED if self.is_rehearsal else Outcome.PURGED
