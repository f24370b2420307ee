"""What sweeps write down and read of each other."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cleveragents.domain.errors import CleverAgentsError, InterruptedRunError, SchemaOutdatedError
from cleveragents.domain.ports import Clock, Files, IdFactory, SessionStore
from cleveragents.domain.run import Origin, Run
from cleveragents.domain.sweep import Idle, Lease, Past, Pause, Sweep, SweepOutcome, Turn

logger = logging.getLogger(__name__)

_REMEMBERED = timedelta(days=400)


class SweepBook:
    """`stop_file` is the file that, where it is there, keeps every sweep from beginning."""

    def __init__(  # noqa: PLR0913 - what it writes with
        self,
        store: SessionStore,
        clock: Clock,
        ids: IdFactory,
        files: Files,
        *,
        origin: Origin,
        stop_file: Path | None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._files = files
        self._origin = origin
        self.stop_file = stop_file
        self._holder = f"{origin.host}:{os.getpid()}:{secrets.token_hex(4)}"

    def now(self) -> datetime:
        return self._clock.now()

    def idle(self) -> Idle | None:
        """What forbids a sweep, whatever the schedule says."""
        if self.stopped_by():
            return Idle.STOP_FILE
        if self._store.is_missing():
            return Idle.NO_DATABASE
        return Idle.PAUSED if self.turn().pause else None

    def stopped_by(self) -> str | None:
        """The stop file, where it is there."""
        is_there = self.stop_file is not None and self._files.is_there(self.stop_file)
        return str(self.stop_file) if is_there else None

    def turn(self) -> Turn:
        try:
            with self._store.reading() as work:
                return work.sweeps.turn()
        except SchemaOutdatedError:
            # Writing migrates an embedded database, as the first purge of a new version would.
            with self._store.writing() as work:
                return work.sweeps.turn()

    def past(self) -> Past:
        with self._store.reading() as work:
            return work.sweeps.past()

    def take_lease(self, length: timedelta) -> Lease | None:
        with self._store.writing() as work:
            lease = work.sweeps.take_lease(self._holder, length)
            work.commit()
        return lease

    def renew(self, lease: Lease, length: timedelta) -> None:
        with self._store.writing() as work:
            work.sweeps.renew(lease, length)
            work.commit()

    def hand_back(self, lease: Lease) -> None:
        """Let others sweep at once; where the database cannot be told, they wait until it expires."""
        try:
            with self._store.writing() as work:
                work.sweeps.hand_back(lease)
                work.commit()
        except CleverAgentsError as error:
            logger.info("The lease could not be handed back", extra={"why": error.message})

    def begin(self, lease: Lease) -> Sweep:
        now = self.now()
        sweep = Sweep(
            sweep_id=self._ids.new_id(now),
            token=lease.token,
            host=self._origin.host,
            outcome=SweepOutcome.BEGUN,
            started_at=now,
        )
        with self._store.writing() as work:
            work.sweeps.write(sweep)
            work.commit()
        return sweep

    def end(self, sweep: Sweep) -> Sweep:
        """Write down how it ended; where that fails, the next sweep finds out from the ledger."""
        try:
            with self._store.writing() as work:
                work.sweeps.write(sweep)
                work.sweeps.trim(self.now() - _REMEMBERED)
                work.commit()
        except CleverAgentsError as error:
            logger.warning("How the sweep ended could not be written down", extra={"why": error.message})
        return sweep

    def settle_dead(self, lease: Lease) -> None:
        """Write down how sweeps ended whose process died; for whoever has the lease, so that none lives.

        Raises LeaseLostError for a lease that is not in force.
        """
        with self._store.writing() as work:
            work.sweeps.hold(lease)
            for sweep in work.sweeps.begun():
                work.sweeps.write(self._settled(sweep, work.ledger.purges_of(sweep.sweep_id)))
            work.commit()

    def _settled(self, sweep: Sweep, entries: Sequence[Run]) -> Sweep:
        told = sweep.committed(entries) if entries else sweep
        if entries and not entries[-1].is_unfinished:
            return told
        return told.failed(InterruptedRunError("Its process ended before the sweep did."), self.now())

    def pause(self, why: str) -> Pause:
        """Keep sweeps from beginning, on every host; a sweep at work ends by itself."""
        pause = Pause(since=self.now(), who=self._origin.who, why=why)
        with self._store.writing() as work:
            if (before := work.sweeps.turn().pause) is not None:
                return before
            work.sweeps.pause(pause)
            work.commit()
        return pause

    def resume(self) -> Pause | None:
        """Let sweeps begin again; returns the pause that this ends."""
        if self._store.is_missing():
            return None
        with self._store.writing() as work:
            before = work.sweeps.turn().pause
            work.sweeps.resume()
            work.commit()
        return before
