"""Which store is meant, and where the book is that remembers it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import timedelta
from difflib import get_close_matches
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import cast

from cleveragents.domain.errors import InvalidSettingsError
from cleveragents.domain.ports import Clock
from cleveragents.domain.ports.adapters import StoreAdapter, StoreKind
from cleveragents.infrastructure.database.engine import ConnectionOptions
from cleveragents.infrastructure.database.store import SqlSessionStore
from cleveragents.infrastructure.stores.adapted_store import AdaptedStore

GROUP = "cleveragents.stores"
_IDENTITY_SHOWN = 12


def kinds() -> Mapping[str, EntryPoint]:
    """Every kind of store that is installed, by name."""
    return {each.name: each for each in sorted(entry_points(group=GROUP), key=lambda each: each.name)}


def load(kind: EntryPoint) -> StoreKind:
    """Raise InvalidSettingsError where the package that brings the kind cannot be loaded."""
    try:
        return cast("StoreKind", kind.load())
    except Exception as error:  # whatever another package raises while it is imported
        raise InvalidSettingsError(
            f"The kind of store {kind.name!r} cannot be loaded: {error}",
            hints=[f"It is {kind.value}; is what it needs installed?"],
        ) from error


def meant(asked_for: str, named: Mapping[str, str]) -> tuple[str, StoreKind, str]:
    """The kind and the location of a store that somebody named.

    It is a name of the settings' `[stores]`, `KIND:LOCATION`, or a kind alone where there is just one usual
    place with such a store. Raises InvalidSettingsError where it is nothing of these, or several.
    """
    asked_for = named.get(asked_for, asked_for)
    name, colon, location = asked_for.partition(":")
    known = kinds()
    if name not in known:
        near = get_close_matches(name, [*known, *named], n=1)
        raise InvalidSettingsError(
            f"{asked_for!r} names no store. Nothing was changed.",
            hints=[
                *([f"Did you mean {near[0]}?"] if near else []),
                f"Write KIND:LOCATION; kinds are {', '.join(known)}. agents store list shows what is here.",
            ],
        )
    kind = load(known[name])
    return name, kind, location if colon and location else _only_place(name, kind)


def _only_place(name: str, kind: StoreKind) -> str:
    places = kind.usual_places()
    if len(places) == 1:
        return places[0]
    found = f"is in several: {', '.join(places)}" if places else "is in none of its usual places here"
    raise InvalidSettingsError(
        f"Which store of the kind {name!r} is meant? It {found}. Nothing was changed.",
        hints=[f"Write {name}:LOCATION."],
    )


@contextmanager
def opened(
    asked_for: str,
    named: Mapping[str, str],
    *,
    books: Path,
    clock: Clock,
    busy_timeout: timedelta,
) -> Iterator[AdaptedStore]:
    """The store that somebody named, with its book."""
    name, kind, location = meant(asked_for, named)
    adapter = kind.open(location, busy_timeout=busy_timeout)
    url = f"sqlite:///{books / book_name(name, adapter)}"
    with closing(SqlSessionStore(url, ConnectionOptions(busy_timeout=busy_timeout))) as book:
        yield AdaptedStore(name, adapter, book, clock)


def book_name(kind: str, adapter: StoreAdapter) -> str:
    """The file name of a store's book: by where the store is, whoever opens it and however."""
    digest = hashlib.sha256(f"{kind}:{adapter.identity}".encode()).hexdigest()[:_IDENTITY_SHOWN]
    last = re.sub(r"[^A-Za-z0-9]+", "-", Path(adapter.identity).stem).strip("-")[:40]
    return f"{kind}-{last or 'store'}-{digest}.db"
