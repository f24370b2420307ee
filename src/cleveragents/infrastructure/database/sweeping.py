"""Whose turn it is to sweep, and what became of each sweep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select, update

from cleveragents.domain.errors import LeaseLostError
from cleveragents.domain.sweep import SUCCEEDED, Lease, Past, Pause, Sweep, SweepOutcome, Turn
from cleveragents.infrastructure.database.rows import cleanup_sweeper, cleanup_sweeps

_state = cleanup_sweeper.c
_LONGEST = timedelta(days=1)
_FAILED = (SweepOutcome.FAILED.value, SweepOutcome.INTERRUPTED.value)


class SqlSweeps:
    """The sweeps as one connection sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def turn(self) -> Turn:
        now = self._now()
        row = self._connection.execute(select(cleanup_sweeper)).first()
        if row is None:
            return Turn(read_at=now)
        lease = Lease(holder=row.holder, token=row.token, expires_at=row.expires_at) if row.holder else None
        pause = Pause(since=row.paused_at, who=row.paused_by, why=row.paused_why) if row.paused_at else None
        return Turn(lease=lease, pause=pause, read_at=now)

    def take_lease(self, holder: str, length: timedelta) -> Lease | None:
        self._make_row_anew()
        now = self._now()
        # One that ends so far ahead was taken while the clock was wrong; its token keeps it from committing.
        wrong = now + max(length, _LONGEST)
        is_free = or_(_state.holder.is_(None), _state.expires_at <= now, _state.expires_at > wrong)
        taken = self._connection.execute(
            update(cleanup_sweeper)
            .where(is_free, _state.paused_at.is_(None))
            .values(holder=holder, token=_state.token + 1, expires_at=now + length)
            .returning(_state.token, _state.expires_at)
        ).first()
        return Lease(holder=holder, token=taken.token, expires_at=taken.expires_at) if taken else None

    def renew(self, lease: Lease, length: timedelta) -> Lease:
        now = self._now()
        renewed = self._connection.scalar(
            update(cleanup_sweeper)
            .where(self._is_in_force(lease, now))
            .values(expires_at=now + length)
            .returning(_state.expires_at)
        )
        if renewed is None:
            raise LeaseLostError
        return Lease(holder=lease.holder, token=lease.token, expires_at=renewed)

    def hold(self, lease: Lease) -> None:
        is_held = select(_state.token).where(_state.token == lease.token).with_for_update()
        # Whoever waits for the row's lock may wait past the lease: the time is looked at afterwards.
        self._connection.execute(is_held)
        in_force = select(_state.token).where(self._is_in_force(lease, self._now()))
        if self._connection.scalar(in_force) is None:
            raise LeaseLostError

    def hand_back(self, lease: Lease) -> None:
        is_mine = _state.token == lease.token
        self._connection.execute(update(cleanup_sweeper).where(is_mine).values(holder=None, expires_at=None))

    def pause(self, pause: Pause) -> None:
        self._make_row_anew()
        self._connection.execute(
            update(cleanup_sweeper).values(paused_at=pause.since, paused_by=pause.who, paused_why=pause.why)
        )

    def resume(self) -> None:
        self._connection.execute(
            update(cleanup_sweeper).values(paused_at=None, paused_by=None, paused_why=None)
        )

    def write(self, sweep: Sweep) -> None:
        values: dict[str, Any] = {name: getattr(sweep, name) for name in Sweep.__slots__}
        values["outcome"] = sweep.outcome.value
        self._connection.execute(delete(cleanup_sweeps).where(cleanup_sweeps.c.sweep_id == sweep.sweep_id))
        self._connection.execute(insert(cleanup_sweeps).values(values))

    def begun(self) -> Sequence[Sweep]:
        return self._found(cleanup_sweeps.c.outcome == SweepOutcome.BEGUN.value)

    def newest(self, limit: int) -> Sequence[Sweep]:
        return self._found(limit=limit)

    def last_success(self) -> Sweep | None:
        succeeded = cleanup_sweeps.c.outcome.in_([each.value for each in SUCCEEDED])
        return next(iter(self._found(succeeded, limit=1)), None)

    def last_failure(self) -> Sweep | None:
        return next(iter(self._found(cleanup_sweeps.c.outcome.in_(_FAILED), limit=1)), None)

    def past(self) -> Past:
        success = self.last_success()
        failed = cleanup_sweeps.c.outcome == SweepOutcome.FAILED.value
        if success is not None:
            failed &= cleanup_sweeps.c.token > success.token
        last = next(iter(self._found(failed, limit=1)), None)
        failures = self._connection.scalar(select(func.count()).select_from(cleanup_sweeps).where(failed))
        return Past(
            last_success_at=success.started_at if success else None,
            failures=failures or 0,
            failed_at=last.finished_at if last else None,
        )

    def trim(self, before: datetime) -> None:
        kept = [each.sweep_id for each in (self.last_success(), self.last_failure()) if each]
        is_old = cleanup_sweeps.c.started_at < before
        self._connection.execute(delete(cleanup_sweeps).where(is_old, cleanup_sweeps.c.sweep_id.not_in(kept)))

    def _make_row_anew(self) -> None:
        """Where somebody emptied the table: without its row nobody could sweep, or pause, ever again."""
        if self._connection.scalar(select(_state.sweeper)) is None:
            highest = self._connection.scalar(select(func.max(cleanup_sweeps.c.token))) or 0
            self._connection.execute(insert(cleanup_sweeper).values(sweeper=1, token=highest))

    def _found(self, *conditions: ColumnElement[bool], limit: int | None = None) -> Sequence[Sweep]:
        # By their tokens, and not by a clock that may have been ahead.
        newest = cleanup_sweeps.c.token.desc(), cleanup_sweeps.c.sweep_id.desc()
        statement = select(cleanup_sweeps).where(*conditions).order_by(*newest).limit(limit)
        return [_sweep(row) for row in self._connection.execute(statement)]

    def _is_in_force(self, lease: Lease, now: datetime) -> ColumnElement[bool]:
        return (_state.token == lease.token) & (_state.holder == lease.holder) & (_state.expires_at > now)

    def _now(self) -> datetime:
        """The server's time, or that of the host on which the file is; never that of a transaction."""
        if self._connection.dialect.name == "postgresql":
            moment: datetime = self._connection.execute(select(func.clock_timestamp())).scalar_one()
            return moment.astimezone(UTC)
        return datetime.now(UTC)


def _sweep(row: Row[*tuple[Any, ...]]) -> Sweep:
    return Sweep(**{**row._asdict(), "outcome": SweepOutcome(row.outcome)})
