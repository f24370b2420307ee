"""What somebody who writes an adapter has to bring: its library at work."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cleveragents.domain.ports.adapters import StoreKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A session to be made: last accessed that long ago, with so many messages.

    `hint` is a text that should stand in its id or its names as far as the library allows.
    """

    age: timedelta
    messages: int
    hint: str = ""


class Maker(ABC):
    """Makes stores with the library itself, and tells of them what the library tells.

    Ids are those of the adapter: `cleveragents.domain.stored.id_of_key` makes them of the library's keys.
    Each method may be called again and again, also while a cleanup is at work on the store.
    """

    kind: StoreKind
    makes_empty: bool = True
    """Whether its library can have a session without messages."""

    @abstractmethod
    def place(self, folder: Path) -> str:
        """Where a store may come to be, as it stands after `KIND:`; nothing is made yet.

        The folder is new and of one check alone. A server's store is in a new database, say.
        """

    @abstractmethod
    def make(self, location: str, wanted: Sequence[Wanted]) -> Sequence[str]:
        """Make sessions, and the store where there is none, with the library; return their ids, in order.

        Where the library lets nobody choose a time, set it in the store afterwards.
        """

    @abstractmethod
    def ids(self, location: str) -> Collection[str]:
        """Every session that the library lists."""

    @abstractmethod
    def read(self, location: str, session_id: str) -> object:
        """All that the library tells of a session, as a value to be compared; None where there is none."""

    @abstractmethod
    def append(self, location: str, session_id: str) -> None:
        """Use a session through the library: add a message to it, now."""

    @abstractmethod
    def spoil(self, location: str) -> None:
        """Make the store one that the adapter does not know, as the next version of the library might."""

    def edit(self, location: str, session_id: str) -> bool:
        """Change something of a session without making it longer, or any newer; False where none can."""
        del location, session_id
        return False

    def leave_dangling(self, location: str, age: timedelta) -> int:
        """Leave behind what belongs to no session, that old; return how many rows or files, 0 for none."""
        del location, age
        return 0

    def dispose(self, location: str) -> None:
        """Take away what `place` and `make` made outside of the folder."""
        del location
