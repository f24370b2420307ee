"""One deleting transaction with all that belongs to it: archive, deletes, the ledger's entry, proof."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta

from cleveragents.application.services.archive_keeper import ArchiveKeeper
from cleveragents.application.services.order import Order
from cleveragents.application.services.run_recorder import RunRecorder
from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.ports import Clock, Purge
from cleveragents.domain.report import CleanupReport


class Deleter:
    def __init__(self, clock: Clock, keeper: ArchiveKeeper, recorder: RunRecorder) -> None:
        self._clock = clock
        self._keeper = keeper
        self._recorder = recorder

    def delete(
        self,
        report: CleanupReport,
        purge: Purge,
        entry_id: str,
        order: Order,
        max_lock: timedelta | None = None,
    ) -> CleanupReport:
        """Archive and delete what is chosen and is still a candidate; returns what became of it."""
        began, before, is_rehearsal = self._clock.now(), report.duration, order.is_rehearsal
        with ExitStack() as stack:
            archive = stack.enter_context(self._keeper.archiving(purge, report, entry_id))
            with purge.deleting(report.policy, began, rehearsal=is_rehearsal, max_lock=max_lock) as deletion:
                report = replace(
                    report,
                    purged=deletion.purged,
                    outcome=order.outcome,
                    # The scan's time and the purge's; how long a person thought in between is not ours.
                    duration=before + self._since(began),
                )
                if not is_rehearsal:
                    report = replace(report, archive=archive.seal(deletion, report.as_of))
                    deletion.ledger.forget_attempt(entry_id)
                    expired, unexpired = self._keeper.expire(
                        deletion.ledger, began, by_run=entry_id, ignore_clock=order.ignore_clock
                    )
                    entry = self._recorder.entry_of(report, entry_id)
                    # The ledger is written in the transaction that it tells of.
                    report = replace(
                        report, expired=expired, unexpired=unexpired, run=deletion.ledger.append(entry)
                    )
                if order.lease is not None:
                    # Last, so that nobody who was held up before the commit can commit too late.
                    deletion.sweeps.hold(order.lease)
        report = replace(
            report,
            purged=replace(report.purged, lock_held=purge.lock_held),
            duration=before + self._since(began),
        )
        return report if is_rehearsal else self._looked_after(report, purge)

    def _since(self, began: datetime) -> timedelta:
        return max(self._clock.now() - began, timedelta(0))

    def _looked_after(self, report: CleanupReport, purge: Purge) -> CleanupReport:
        """Look whether what was deleted is gone, and remove the files of expired archives."""
        report = self._keeper.remove_expired(report)
        try:
            return replace(report, remaining=tuple(purge.remaining()))
        except CleverAgentsError:
            return replace(report, is_verified=False)
