"""Giving free space back to the disk when a purge is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cleveragents.domain.ports import Purge
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.safeguards import Safeguards


class SpaceGiver:
    def __init__(self, safeguards: Safeguards) -> None:
        self._safeguards = safeguards

    def given_back(
        self, report: CleanupReport, purge: Purge, budget: timedelta | None = None
    ) -> CleanupReport:
        """Give back what a committed purge freed, and say how much; never fails, however little it was.

        No writer is kept waiting for longer than `budget` at a time.
        """
        if not self._safeguards.give_back:
            return report
        given = purge.give_back(budget)
        purged, reusable = report.purged, report.purged.reusable_bytes
        if reusable is not None:
            reusable = max(reusable - given.physical_bytes, 0)
        physical = purged.physical_bytes + given.physical_bytes
        purged = replace(purged, reusable_bytes=reusable, physical_bytes=physical)
        return replace(report, purged=purged, given_back=given)
