"""Which stores can be cleaned here, and what is known of one of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.preflight import Inspected
from cleveragents.domain.report import Findings
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.domain.stored import Recognised

OWN = "cleveragents"
"""The kind of store that is our own."""


class FoundIn(StrEnum):
    """Why a store is listed."""

    CONFIGURED = "configured"
    """It is the database of every command that names no other store."""
    NAMED = "settings"
    """A line of the settings' `[stores]` names it."""
    USUAL_PLACE = "usual_place"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledKind:
    """A kind of store; `package` brings it, blank where that is the program at work itself."""

    name: str
    title: str = ""
    package: str = ""
    version: str = ""
    error: CleverAgentsError | None = None
    """Why nothing of this kind can be opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Where the runs in a store are remembered; `runs` is None where nobody could count them."""

    location: str
    is_there: bool
    runs: int | None
    archive_folder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStore:
    """One store of a listing. Where `error` is given, nothing else could be told."""

    kind: str
    location: str
    found_in: FoundIn
    name: str | None = None
    is_missing: bool = False
    recognised: Recognised | None = None
    size_bytes: int | None = None
    book: Book | None = None
    error: CleverAgentsError | None = None

    @property
    def needs_a_look(self) -> bool:
        """Whether somebody named it and it cannot be cleaned; what lies about here may be anything."""
        return self.error is not None and self.found_in is not FoundIn.USUAL_PLACE


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedKind:
    kind: InstalledKind
    stores: tuple[FoundStore, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """`unknown` are the stores that the settings name and that are of no kind there is."""

    kinds: tuple[ListedKind, ...]
    unknown: tuple[FoundStore, ...] = ()

    @property
    def needs_a_look(self) -> bool:
        stores = (*self.unknown, *(store for listed in self.kinds for store in listed.stores))
        broken = any(listed.kind.error is not None for listed in self.kinds)
        return broken or any(store.needs_a_look for store in stores)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedStore:
    """What a cleanup of a store would go by, and what it would find, at thresholds that its clock allows."""

    kind: InstalledKind
    location: str
    recognised: Recognised
    inspected: Inspected
    hanging_tables: tuple[str, ...]
    policy: RetentionPolicy
    found: Findings
    book: Book
    unasked: tuple[str, ...] = field(default_factory=tuple)
    """The classes that select nothing here unless they are asked for by name."""
