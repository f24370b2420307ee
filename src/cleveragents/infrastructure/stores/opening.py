"""Which store is meant, and where the book is that remembers it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from cleveragents.domain.errors import InvalidSettingsError
from cleveragents.domain.masking import masked
from cleveragents.domain.ports import Clock
from cleveragents.domain.ports.adapters import StoreAdapter, StoreKind
from cleveragents.domain.store_catalogue import OWN
from cleveragents.infrastructure.database.engine import ConnectionOptions
from cleveragents.infrastructure.database.store import SqlSessionStore
from cleveragents.infrastructure.stores.adapted_store import AdaptedStore
from cleveragents.infrastructure.stores.kinds import Kinds, failures_of

_IDENTITY_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Meant:
    """The store that somebody named: its kind, and its location as that kind reads it."""

    name: str
    kind: StoreKind
    location: str

    @property
    def is_own(self) -> bool:
        return self.name == OWN


class Opening:
    """Opens stores by what people call them; `named` are those of the settings' `[stores]`."""

    def __init__(
        self,
        kinds: Kinds,
        named: Mapping[str, str],
        *,
        books: Path,
        clock: Clock,
        options: ConnectionOptions,
    ) -> None:
        self.kinds = kinds
        self.named = named
        self._books = books
        self._clock = clock
        self._options = options

    def meant(self, asked_for: str) -> Meant:
        """The kind and the location of a store that somebody named.

        It is a name of the settings' `[stores]`, `KIND:LOCATION`, or a kind alone where there is just one
        usual place with such a store. Raises InvalidSettingsError where it is nothing of these, or several.
        """
        given = self.named.get(asked_for, asked_for)
        name, colon, location = given.partition(":")
        if name not in self.kinds.names:
            raise self._unknown(name, given)
        kind = self.kinds.get(name)
        return Meant(name, kind, location if colon and location else _only_place(name, kind))

    @contextmanager
    def opened(self, asked_for: str) -> Iterator[SqlSessionStore | AdaptedStore]:
        """The store that somebody named, a foreign one with its book."""
        meant = self.meant(asked_for)
        if meant.is_own:
            with closing(SqlSessionStore(meant.location, self._options)) as own:
                yield own
            return
        with failures_of(meant.name):
            adapter = meant.kind.open(meant.location, busy_timeout=self._options.busy_timeout)
        url = f"sqlite:///{self._books / book_name(meant.name, adapter)}"
        options = ConnectionOptions(busy_timeout=self._options.busy_timeout)
        with closing(SqlSessionStore(url, options)) as book:
            yield AdaptedStore(meant.name, adapter, book, self._clock)

    def _unknown(self, name: str, given: str) -> InvalidSettingsError:
        near = get_close_matches(name, [*self.kinds.names, *self.named], n=1)
        known = f"kinds are {', '.join(self.kinds.names)}. agents store list shows what is here."
        return InvalidSettingsError(
            f"{masked(given)!r} names no store. Nothing was changed.",
            hints=[*(f"Did you mean {each}?" for each in near), f"Write KIND:LOCATION; {known}"],
        )


def _only_place(name: str, kind: StoreKind) -> str:
    with failures_of(name):
        places = kind.usual_places()
    if len(places) == 1:
        return places[0]
    shown = ", ".join(map(masked, places))
    found = f"is in several: {shown}" if places else "is in none of its usual places here"
    raise InvalidSettingsError(
        f"Which store of the kind {name!r} is meant? It {found}. Nothing was changed.",
        hints=[f"Write {name}:LOCATION."],
    )


def book_name(kind: str, adapter: StoreAdapter) -> str:
    """The file name of a store's book: by where the store is, whoever opens it and however."""
    digest = hashlib.sha256(f"{kind}:{adapter.identity}".encode()).hexdigest()[:_IDENTITY_SHOWN]
    last = re.sub(r"[^A-Za-z0-9]+", "-", Path(adapter.identity).stem).strip("-")[:40]
    return f"{kind}-{last or 'store'}-{digest}.db"
