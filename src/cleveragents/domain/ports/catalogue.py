"""The stores that can be cleaned here, as somebody may ask about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from cleveragents.domain.ports.runs import Look
from cleveragents.domain.preflight import Inspected
from cleveragents.domain.store_catalogue import Book, InstalledKind
from cleveragents.domain.stored import Recognised


class StoreAtHand(Protocol):
    """One store, foreign or our own. What its kind raises comes out as errors of ours."""

    @property
    def kind(self) -> InstalledKind: ...

    @property
    def unasked(self) -> Sequence[str]:
        """The classes that select nothing in it unless they are asked for by name."""
        ...

    @property
    def location(self) -> str:
        """As it may be shown, without its kind."""
        ...

    @property
    def identity(self) -> str:
        """What tells it from all others, however somebody wrote where it is."""
        ...

    def is_missing(self) -> bool: ...

    def recognise(self) -> Recognised:
        """Raises StoreNotRecognisedError, or another DatabaseError."""
        ...

    def inspect(self) -> Inspected: ...

    def hanging_tables(self) -> Sequence[str]: ...

    def book(self) -> Book: ...

    def looking(self) -> AbstractContextManager[Look]: ...


class Stores(Protocol):
    """The kinds that are installed, and the stores that somebody may mean."""

    def kinds(self) -> Sequence[InstalledKind]:
        """Our own first."""
        ...

    def usual_places(self, kind: str) -> Sequence[str]:
        """Where on this machine something of a kind is; raises StoreKindError.

        Our own is where the settings say, be it there or not.
        """
        ...

    @property
    def named(self) -> Mapping[str, str]:
        """Those that the settings name."""
        ...

    def at_hand(self, asked_for: str) -> AbstractContextManager[StoreAtHand]:
        """One of them; raises InvalidSettingsError where it cannot be understood, StoreKindError."""
        ...
