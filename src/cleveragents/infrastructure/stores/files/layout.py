"""What a kind of store tells of its files; everything that is done with them is the same for all kinds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cleveragents.domain.report import Unreadable
from cleveragents.domain.stored import Recognised, StoredSession
from cleveragents.infrastructure.stores.files.root import Root

Pieces = Callable[[str], Sequence[str]]
"""Gives the paths of what a session of that id consists of now, in the order in which they are to go: files,
and folders with all that is in them. None of them where there is no such session."""


class FileLayout(Protocol):
    def require(self, root: Root) -> None:
        """Raises StoreNotRecognisedError where the folder is anything but what is known."""
        ...

    def recognised(self, root: Root) -> Recognised:
        """The same, with what there is to tell of it."""
        ...

    def sessions(self, root: Root, now: datetime) -> Iterator[StoredSession]:
        """Every session; the version of each begins with what `content.version_of` makes of its files."""
        ...

    @property
    def unreadable(self) -> Sequence[Unreadable]:
        """What the last look at all sessions could not understand."""
        ...

    def in_use(self, root: Root) -> Collection[str]:
        """The sessions that somebody works on right now, as far as the folder says."""
        ...

    def pieces(self, root: Root) -> Pieces:
        """How sessions and files belong together at this moment."""
        ...

    def belongs(self, session_id: str, path: str) -> bool:
        """Whether a file of that path can be one of that session."""
        ...


class LayoutOf(Protocol):
    def __call__(self, path: Path) -> FileLayout: ...
