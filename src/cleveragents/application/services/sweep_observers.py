"""Those who are told of sweeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from cleveragents.domain.report import CleanupReport
from cleveragents.domain.sweep import Sweep


class SweepObserver(Protocol):
    """Is told of every sweep of this process, in its background thread."""

    def swept(self, sweep: Sweep, report: CleanupReport | None) -> None:
        """`report` is None where the sweep failed."""
        ...

    def failed(self, error: Exception) -> None:
        """Nobody could find out whether a sweep is due, or a sweep met a defect."""
        ...


class Tally:
    """Counts what the sweeps of this process did."""

    def __init__(self) -> None:
        self.sweeps = 0
        self.failures = 0
        self.sessions = 0
        self.messages = 0
        self.content_bytes = 0

    def swept(self, sweep: Sweep, report: CleanupReport | None) -> None:  # noqa: ARG002 - an observer's signature
        self.sweeps += 1
        self.failures += not sweep.has_succeeded
        self.sessions += sweep.sessions
        self.messages += sweep.messages
        self.content_bytes += sweep.content_bytes

    def failed(self, error: Exception) -> None:  # noqa: ARG002 - an observer's signature
        self.failures += 1


class LastSeen:
    """Keeps the last sweep of this process."""

    def __init__(self) -> None:
        self.seen: tuple[Sweep, CleanupReport | None] | None = None

    def swept(self, sweep: Sweep, report: CleanupReport | None) -> None:
        self.seen = sweep, report

    def failed(self, error: Exception) -> None:
        pass


class Observers:
    """Several of them."""

    def __init__(self, observers: Sequence[SweepObserver]) -> None:
        self._observers = [*observers]

    def add(self, observer: SweepObserver) -> None:
        self._observers.append(observer)

    def swept(self, sweep: Sweep, report: CleanupReport | None) -> None:
        for observer in self._observers:
            observer.swept(sweep, report)

    def failed(self, error: Exception) -> None:
        for observer in self._observers:
            observer.failed(error)
