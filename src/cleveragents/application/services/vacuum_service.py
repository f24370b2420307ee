"""The full vacuum: rewriting the database without its free space, once a person wants that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cleveragents.domain.errors import NotEnoughSpaceError
from cleveragents.domain.ports import Clock, Disk, Schema, SessionStore, Vacuum
from cleveragents.domain.progress import Progress, Stage
from cleveragents.domain.room import describe
from cleveragents.domain.space import Bulk, Need, Room, VacuumOutcome, VacuumReport, shortages


class VacuumService:
    def __init__(  # noqa: PLR0913 - a vacuum has many parts
        self,
        store: SessionStore,
        schema: Schema,
        *,
        vacuum: Vacuum,
        disk: Disk,
        clock: Clock,
        progress: Progress,
    ) -> None:
        self._store = store
        self._schema = schema
        self._vacuum = vacuum
        self._disk = disk
        self._clock = clock
        self._progress = progress

    def preview(self) -> VacuumReport:
        """Say what a full vacuum would gain and need, and whether it would be refused; changes nothing."""
        report, error = self._look()
        return replace(report, held_back=error.message if error else "")

    def vacuum(self, *, approve: Callable[[VacuumReport], bool] | None = None) -> VacuumReport:
        """Rewrite the database without its free space.

        `approve` sees what it would gain before it begins; where it returns False, nothing is done.
        Raises NotEnoughSpaceError, DatabaseLockedError where others use what it must have for itself,
        InterruptedRunError, or DatabaseError; in each case the database is as it was.
        """
        report, error = self._look()
        if error is not None:
            raise error
        if report.database_missing:
            return report
        if approve is not None and not approve(report):
            return replace(report, outcome=VacuumOutcome.DECLINED)
        began = self._clock.now()
        with self._progress.stage(Stage.VACUUM, None):
            after, is_behind_readers = self._vacuum.run()
        return replace(
            report,
            outcome=VacuumOutcome.VACUUMED,
            after_bytes=after,
            is_behind_readers=is_behind_readers,
            duration=self._clock.now() - began,
        )

    def _look(self) -> tuple[VacuumReport, NotEnoughSpaceError | None]:
        database = self._store.displayed_url
        if self._store.is_missing():
            return VacuumReport(database=database, before=Bulk(), database_missing=True), None
        self._schema.require_current()
        bulk = self._vacuum.look()
        needs = [(need, self._disk.room_at(need.folder)) for need in bulk.needs]
        free = min((room.free_bytes for _, room in needs), default=None)
        return VacuumReport(database=database, before=bulk, free_bytes=free), _refusal(needs)


def _refusal(needs: list[tuple[Need, Room]]) -> NotEnoughSpaceError | None:
    short = next(shortages(needs), None)
    if short is None:
        return None
    return NotEnoughSpaceError(
        f"A full vacuum writes the database anew beside the old one: {describe(short)}.",
        detail="Nothing was changed.",
        hints=["Free space on that disk. A purge gives back what it can without any of this."],
    )
