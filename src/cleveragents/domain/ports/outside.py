"""The clock, ids, files and disks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from cleveragents.domain.space import Room


class Clock(Protocol):
    """The only source of the present; always aware and in UTC."""

    def now(self) -> datetime: ...


class IdFactory(Protocol):
    """Makes the ids of sessions and messages: ULIDs, so that they sort by time of creation."""

    def new_id(self, at: datetime) -> str: ...


class Files(Protocol):
    """The files that people hand over and take away."""

    def read_text(self, path: Path) -> str:
        """Raise FileMissingError or FileUnreadableError (also where it is not UTF-8)."""
        ...

    def write_whole(self, path: Path, pieces: Iterable[str]) -> None:
        """Write all of it under a temporary name and rename, or raise FileUnwritableError."""
        ...

    def lines_of(self, path: Path) -> AbstractContextManager[Iterator[str]]:
        """Stream a text's lines with their ends; bytes that are no UTF-8 come as lone surrogates."""
        ...

    def kept(self, pieces: Iterable[str]) -> Sequence[str]:
        """All of them, to be read as often as wanted; on disk where they would need much memory."""
        ...

    def is_there(self, path: Path) -> bool:
        """Whether there is such a file; one that this user may not look for counts as there."""
        ...

    def documents_in(self, folder: Path) -> Sequence[Path]:
        """The `*.json` files of a folder, by name; raises FileMissingError or FileUnreadableError."""
        ...


class Timer(Protocol):
    """Calls a function again and again, in a thread of its own and never twice at once."""

    def start(self, call: Callable[[], timedelta]) -> None:
        """Call it now, and again each time after as long as it returned."""
        ...

    def stop(self) -> None:
        """Call it no more; a call that is going on goes on."""
        ...


class Disk(Protocol):
    """The disks of this host."""

    def room_at(self, folder: Path) -> Room:
        """The room for a folder, which need not be there yet."""
        ...
