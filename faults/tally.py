"""What was tried and what came of it."""

from __future__ import annotations

import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class BrokenError(Exception):
    """Something that must never happen has happened."""


def require(holds: object, what: str) -> None:
    if not holds:
        raise BrokenError(what)


@dataclass(slots=True)
class Tally:
    """Counts of one part; a failure is named at once, so that it is seen even where a later one hangs."""

    backend: str
    part: str
    tried: Counter[str] = field(default_factory=Counter)
    passed: int = 0
    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @contextmanager
    def trying(self, kind: str, how_to_repeat: str) -> Iterator[None]:
        """Count one try; whatever leaves the block fails it, and the others go on."""
        self.tried[kind] += 1
        try:
            yield
        except Exception as error:  # noqa: BLE001 - a traceback is as much a failure as a lost row
            self._fail(how_to_repeat, error)
        else:
            self.passed += 1

    def run(self, part: Callable[[Tally], None]) -> None:
        began = time.monotonic()
        try:
            part(self)
        except Exception as error:  # noqa: BLE001 - the other parts still have something to say
            self._fail("before anything was tried", error)
        self.seconds = time.monotonic() - began

    def told(self) -> str:
        counts = ", ".join(f"{number:,} {kind}" for kind, number in self.tried.items())
        verdict = f"{len(self.failures)} failed" if self.failures else "0 lost, 0 wrongly deleted"
        notes = "".join(f"\n    {note}" for note in self.notes)
        return f"{self.backend:<11}{self.part:<14}{counts}: {verdict} ({self.seconds:.0f} s){notes}"

    def _fail(self, how_to_repeat: str, error: Exception) -> None:
        why = str(error) if isinstance(error, BrokenError) else _last_lines(error)
        self.failures.append(f"{self.backend} {self.part}, {how_to_repeat}: {why}")
        print(f"FAILED {self.failures[-1]}", file=sys.stderr, flush=True)


def _last_lines(error: Exception) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__)[-3:])
    detail = getattr(error, "detail", "")
    return f"{type(error).__name__}: {error} {detail}\n{frames}".rstrip()
