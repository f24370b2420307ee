"""What is remembered of sweeps, and whose turn it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from cleveragents.domain.sweep import Lease, Past, Pause, Sweep, Turn


class Sweeps(Protocol):
    """The sweeps of one database, in one transaction. Leases expire by the database's own clock."""

    def turn(self) -> Turn: ...

    def take_lease(self, holder: str, length: timedelta) -> Lease | None:
        """Take it where nobody has it; None where somebody else does, or sweeps are paused."""
        ...

    def renew(self, lease: Lease, length: timedelta) -> Lease:
        """Raise LeaseLostError where it has expired or is somebody else's."""
        ...

    def hold(self, lease: Lease) -> None:
        """Raise LeaseLostError unless it is in force, and keep it so until this transaction ends."""
        ...

    def hand_back(self, lease: Lease) -> None: ...

    def pause(self, pause: Pause) -> None: ...

    def resume(self) -> None: ...

    def write(self, sweep: Sweep) -> None:
        """Write a sweep's row, in the place of what was written of it before."""
        ...

    def begun(self) -> Sequence[Sweep]:
        """Those of which nobody wrote how they ended."""
        ...

    def newest(self, limit: int) -> Sequence[Sweep]: ...

    def last_success(self) -> Sweep | None: ...

    def last_failure(self) -> Sweep | None: ...

    def past(self) -> Past: ...

    def trim(self, before: datetime) -> None:
        """Forget what began before then, but for the last success and the last failure."""
        ...
