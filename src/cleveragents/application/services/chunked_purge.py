"""A purge in chunks: one run, many transactions, each with its own second look, archive and entry."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from cleveragents.application.services.deleter import Deleter
from cleveragents.application.services.order import Order
from cleveragents.application.services.run_recorder import RunRecorder
from cleveragents.domain.archive import KnownArchive, Leftovers
from cleveragents.domain.errors import (
    CleverAgentsError,
    InterruptedRunError,
    LockBudgetSpentError,
    OutcomeUnknownError,
)
from cleveragents.domain.pace import Pace, shrunk
from cleveragents.domain.ports import Clock, Purge
from cleveragents.domain.progress import Progress, Stage, Step
from cleveragents.domain.report import SKIPS_NAMED, Chunks, CleanupReport, Drift, Findings, Outcome, Purged
from cleveragents.domain.retention import Reason
from cleveragents.domain.run import Run, chunk_number, entry_id_of_chunk, run_of

Wait = Callable[[float], object]
"""Waits so many seconds."""
_BETWEEN = "Interrupted between two chunks."
_ROLLED_BACK = "Interrupted; the chunk at work was rolled back."


class ChunkedPurge:
    def __init__(  # noqa: PLR0913 - what a run needs, and how it may go about it
        self,
        clock: Clock,
        deleter: Deleter,
        recorder: RunRecorder,
        *,
        pace: Pace,
        wait: Wait,
        progress: Progress,
    ) -> None:
        self._clock = clock
        self._progress = progress
        self._deleter = deleter
        self._recorder = recorder
        self._pace = pace
        self._wait = wait

    def purge(self, report: CleanupReport, purge: Purge, run_id: str, order: Order) -> CleanupReport:
        """Purge chunk by chunk; where the last run of this policy was interrupted, go on with it.

        Raises what stops it before its first chunk is committed, RunAtWorkError among it. After that
        the report says what was done, and why it stopped.
        """
        size = self._pace.chunk or report.found.candidates
        chunks = Chunks(run_id=run_id)
        with purge.alone():
            if unfinished := self._recorder.unfinished(report):
                chunks = Chunks(run_id=run_of(unfinished.run_id), before=chunk_number(unfinished.run_id))
            work = _Work(report, chunks, size)
            try:
                with self._progress.stage(Stage.CHUNKS, report.found.candidates) as step:
                    self._go_through(work, purge, order, step)
            except (CleverAgentsError, KeyboardInterrupt) as error:
                # It may have come right after a commit, before anybody had counted it.
                work.add_committed(*self._recorder.committed(work.next_entry_id))
                if not work.chunks.done:
                    raise
                if isinstance(error, (InterruptedRunError, KeyboardInterrupt)):
                    error = InterruptedRunError(_ROLLED_BACK if work.is_at_work else _BETWEEN)
                work.stop(error)
                self._recorder.record_stop(work.report)
        return work.report

    def _go_through(self, work: _Work, purge: Purge, order: Order, step: Step) -> None:
        began = self._clock.now()
        while not work.is_done and (taken := purge.take(work.size)) is not None:
            part = self._delete(work, taken, purge, order)
            if part is None:
                purge.put_back()
                work.size = max(work.size // 2, 1)
                continue
            work.add(part, taken)
            step.advance(taken.candidates)
            work.size = shrunk(work.size, part.purged.lock_held, self._pace.max_lock)
            if not work.is_done:
                if purge.was_interrupted:
                    raise KeyboardInterrupt
                took = self._clock.now() - began
                self._wait(self._pace.wait_after(work.report.purged.sessions, took).total_seconds())

    def _delete(self, work: _Work, taken: Findings, purge: Purge, order: Order) -> CleanupReport | None:
        """Delete one chunk; None where that held the lock for too long, and a smaller one may not."""
        entry_id = work.next_entry_id
        work.is_at_work = True
        try:
            return self._deleter.delete(work.part(taken), purge, entry_id, order, self._pace.max_lock)
        except (CleverAgentsError, KeyboardInterrupt) as error:
            if not isinstance(error, OutcomeUnknownError):
                # Where nobody knows, the next run has to know of it.
                self._recorder.forget(entry_id)
            if isinstance(error, LockBudgetSpentError) and work.size > 1:
                return None
            raise


class _Work:
    """What is done of a run, and what is left."""

    def __init__(self, scan: CleanupReport, chunks: Chunks, size: int) -> None:
        self._scan = scan
        self._left = scan.found.candidates
        self._dangling_left = scan.found.dangling_messages
        self.size = size
        self.is_at_work = False
        self.report = replace(scan, chunks=chunks)

    @property
    def chunks(self) -> Chunks:
        return self.report.chunks or Chunks(run_id="")

    @property
    def is_done(self) -> bool:
        return not (self._left or self._dangling_left)

    @property
    def next_entry_id(self) -> str:
        return entry_id_of_chunk(self.chunks.run_id, self.chunks.before + self.chunks.done + 1)

    def part(self, taken: Findings) -> CleanupReport:
        """The next chunk as a report of its own; its candidates are all that are left, itself included."""
        found = replace(
            self._scan.found,
            candidates=self._left,
            dangling_messages=taken.dangling_messages,
            dangling_bytes=taken.dangling_bytes,
        )
        plan = replace(self._scan.plan, drift=Drift()) if self._scan.plan else None
        return replace(self._scan, found=found, plan=plan, leftovers=Leftovers(), duration=timedelta(0))

    def add_committed(self, entry: Run | None, archive: KnownArchive | None) -> None:
        """Count a chunk of which nothing is known but its entry in the ledger, if there is one."""
        if entry is None:
            return
        purged = Purged(
            sessions=entry.sessions,
            by_reason={Reason(name): count for name, count in json.loads(entry.by_reason).items()},
            messages=entry.messages,
            content_bytes=entry.content_bytes,
            dangling_messages=entry.dangling_messages,
        )
        part = replace(self._scan, purged=purged, run=entry, archive=archive, outcome=Outcome.PURGED)
        self.add(replace(part, is_verified=False, duration=timedelta(0)), Findings())

    def add(self, part: CleanupReport, taken: Findings) -> None:
        self.is_at_work = False
        self._left -= taken.candidates
        self._dangling_left -= taken.dangling_messages
        total = self.report
        self.report = replace(
            total,
            outcome=part.outcome,
            purged=total.purged.plus(part.purged),
            run=part.run,
            chunks=self.chunks.plus(part.archive),
            expired=(*total.expired, *part.expired),
            unexpired=part.unexpired,
            leftovers=total.leftovers.plus(part.leftovers),
            is_verified=total.is_verified and part.is_verified,
            remaining=(*total.remaining, *part.remaining)[:SKIPS_NAMED],
            duration=total.duration + part.duration,
        )

    def stop(self, error: CleverAgentsError) -> None:
        self.report = replace(self.report, chunks=replace(self.chunks, stopped=error))
