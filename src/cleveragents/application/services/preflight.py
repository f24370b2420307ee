"""A look, before a purge, at what would make it slow, useless or impossible."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cleveragents.domain.brakes import Circumstances, unnamed_tables
from cleveragents.domain.errors import NotEnoughSpaceError
from cleveragents.domain.ports import Disk, Inspection
from cleveragents.domain.preflight import Hazard, HazardCode, Inspected
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.room import Writing, archive_of, chunk_that_fits, little_space, log_of, not_enough
from cleveragents.domain.safeguards import Safeguards
from cleveragents.domain.space import Need, Shortage, shortages


class Preflight:
    def __init__(
        self, inspection: Inspection, disk: Disk, archive_folder: Path, safeguards: Safeguards
    ) -> None:
        self._inspection = inspection
        self._disk = disk
        self._archive_folder = archive_folder
        self._safeguards = safeguards

    def look(
        self, report: CleanupReport, *, at_once: int | None = None
    ) -> tuple[tuple[Hazard, ...], NotEnoughSpaceError | None]:
        """What is hazardous about a purge of what was found, and why it cannot be, where it cannot.

        Reads the catalogue only. `at_once` is how many sessions go in one transaction; None means all.
        """
        found = report.found
        if report.database_missing or not (found.candidates or found.dangling_messages):
            return (), None
        inspected = self._inspection.inspect()
        share = min(at_once / found.candidates, 1) if at_once and found.candidates else 1
        content = found.content_bytes + found.dangling_bytes
        log = log_of(int(content * share), inspected.size_bytes) if inspected.log_folder else Writing()
        archive = Writing()
        if self._safeguards.archive:
            archive = archive_of(content, inspected.size_bytes)
        short = next(self._shortages(inspected, log.least, archive.least), None)
        if short is not None:
            chunk = chunk_that_fits(found.candidates, log, archive, short.free_bytes)
            return inspected.hazards, not_enough(short, chunk)
        scarce = self._shortages(inspected, log.most, archive.most)
        return (*inspected.hazards, *map(little_space, scarce)), None

    def cascades(self, circumstances: Circumstances) -> tuple[Hazard, ...]:
        """The hanging tables that nobody named, where no archive is kept that would have to hold them."""
        if self._safeguards.archive:
            return ()  # a brake sees to them
        return tuple(
            Hazard(
                code=HazardCode.CASCADE,
                message=f"Rows of the table {table} go, or change, with the sessions they refer to.",
                mend=f'cleanup.unarchived_tables = ["{table}"]',
                cost="They are kept nowhere; the setting says that this is meant.",
            )
            for table in unnamed_tables(self._safeguards, circumstances)
        )

    def _shortages(self, inspected: Inspected, log: int, archive: int) -> Iterator[Shortage]:
        needs = [(inspected.log_folder, log), (self._archive_folder, archive)]
        return shortages(
            (Need(folder=folder, needed_bytes=size), self._disk.room_at(folder))
            for folder, size in needs
            if folder is not None and size
        )
