"""Long sequences kept in a temporary file, so that their length costs no memory."""

from __future__ import annotations

import pickle  # nosec B403 - reads nothing but what this process wrote
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar, overload

from cleveragents.domain.errors import FileUnwritableError

Item = TypeVar("Item")

KEPT_IN_MEMORY = 1_000
"""Items of the usual weight that are few enough to be held as they are."""
_AT_ONCE = 100


def spooled(items: Iterable[Item], weigh: Callable[[Item], int] = lambda _: 1) -> Sequence[Item]:
    """All items, to be read as often as wanted; a tuple where they are few and light."""
    remaining = iter(items)
    first: list[Item] = []
    weight = 0
    for item in remaining:
        first.append(item)
        weight += weigh(item)
        if weight > KEPT_IN_MEMORY:
            return _Spool(chain(_emptying(first), remaining), weigh)
    return tuple(first)


def text_weight(text: str) -> int:
    """What a text weighs among items that weigh 1: a thousand characters are as much as one of them."""
    return 1 + len(text) // 1_000


def _emptying(items: list[Item]) -> Iterator[Item]:
    items.reverse()
    while items:
        yield items.pop()


def _batches(items: Iterable[Item], weigh: Callable[[Item], int]) -> Iterator[list[Item]]:
    """What is written and read in one go: some items, or a single heavy one."""
    batch: list[Item] = []
    weight = 0
    for item in items:
        batch.append(item)
        weight += weigh(item)
        if weight >= _AT_ONCE:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch


class _Spool(Sequence[Item]):
    def __init__(self, items: Iterable[Item], weigh: Callable[[Item], int]) -> None:
        self._weigh = weigh
        self._length = 0
        try:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the sequence
            weakref.finalize(self, self._file.close)
            for batch in _batches(items, weigh):
                pickle.dump(batch, self._file, pickle.HIGHEST_PROTOCOL)
                self._length += len(batch)
            self._end = self._file.tell()
        except OSError as error:
            raise FileUnwritableError(
                f"The folder {tempfile.gettempdir()!r} takes no temporary file: {error.strerror}.",
                hints=["Make room there, or name another folder in TMPDIR."],
            ) from error

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Item]:
        place = 0
        while place < self._end:
            # Several may read at once, each at its own place.
            self._file.seek(place)
            batch: list[Item] = pickle.load(self._file)  # noqa: S301  # nosec B301 - written above
            place = self._file.tell()
            yield from batch

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Item]: ...
    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            return spooled(islice(self, *index.indices(self._length)), self._weigh)
        place = range(self._length)[index]
        return next(islice(self, place, None))
