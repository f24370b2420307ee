"""How far a long piece of work is, for whoever watches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from itertools import islice
from typing import Protocol, TypeVar

T = TypeVar("T")
_AT_ONCE = 1_000


class Stage(StrEnum):
    """What is being done; in this form a person reads it."""

    SCAN = "Scanning"
    ARCHIVE = "Archiving"
    DELETE = "Deleting"
    CHUNKS = "Deleting in chunks"
    READ_ARCHIVE = "Reading the archive"
    RESTORE = "Putting back"
    GIVE_BACK = "Giving space back"
    VACUUM = "Vacuuming"


class Step(Protocol):
    """One stage at work."""

    def advance(self, rows: int) -> None:
        """So many rows more are done."""
        ...


class Progress(Protocol):
    """Watches a run."""

    @property
    def is_watched(self) -> bool:
        """Whether it is worth it to cut a long statement into several, so that there is something to tell."""
        ...

    def stage(self, stage: Stage, rows: int | None) -> AbstractContextManager[Step]:
        """A stage of so many rows, None where nobody knows how many."""
        ...


class Unwatched:
    """The progress that nobody watches."""

    is_watched = False

    @contextmanager
    def stage(self, _stage: Stage, _rows: int | None) -> Iterator[Step]:
        yield self

    def advance(self, rows: int) -> None:
        """Nobody asked."""


UNWATCHED = Unwatched()


def counted_in(step: Step, rows: Iterable[T]) -> Iterator[T]:
    """The same rows, told to a step on their way, many at a time."""
    remaining = iter(rows)
    while batch := list(islice(remaining, _AT_ONCE)):
        yield from batch
        step.advance(len(batch))
