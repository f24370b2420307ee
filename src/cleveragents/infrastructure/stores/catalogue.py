"""The stores that can be cleaned here, as somebody asks about them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.ports import Inspection, Look
from cleveragents.domain.preflight import Inspected
from cleveragents.domain.store_catalogue import Book, InstalledKind
from cleveragents.domain.stored import Recognised
from cleveragents.infrastructure.database.store import SqlSessionStore
from cleveragents.infrastructure.stores.adapted_store import AdaptedStore
from cleveragents.infrastructure.stores.kinds import failures_of
from cleveragents.infrastructure.stores.opening import Meant, Opening
from cleveragents.infrastructure.stores.own import recognise_own

AnyStore = SqlSessionStore | AdaptedStore


class OpenedStore:
    """A store that is open, with what the container knows of it."""

    def __init__(
        self, kind: InstalledKind, meant: Meant, store: AnyStore, inspection: Inspection, archives: Path
    ) -> None:
        self.kind = kind
        self._meant = meant
        self._store = store
        self._inspection = inspection
        self._archives = archives

    @property
    def unasked(self) -> Sequence[str]:
        return sorted(reason.value for reason in self._meant.kind.unasked)

    @property
    def location(self) -> str:
        return self._store.displayed_url.removeprefix(f"{self.kind.name}:")

    @property
    def identity(self) -> str:
        store = self._store
        if isinstance(store, SqlSessionStore):
            url = store.url
            return f"{self.kind.name}:{url.host or ''}:{url.port or ''}/{url.database}"
        return f"{self.kind.name}:{store.adapter.identity}"

    def is_missing(self) -> bool:
        return self._store.is_missing()

    def recognise(self) -> Recognised:
        store = self._store
        return recognise_own(store) if isinstance(store, SqlSessionStore) else store.adapter.recognise()

    def inspect(self) -> Inspected:
        return self._inspection.inspect()

    def hanging_tables(self) -> Sequence[str]:
        if not isinstance(self._store, SqlSessionStore):
            return self._store.adapter.hanging_tables()
        with self._store.reading() as work:
            return work.sessions.hanging_tables()

    def book(self) -> Book:
        book = self._store if isinstance(self._store, SqlSessionStore) else self._store.book
        runs: int | None
        try:
            with book.reading() as work:
                runs = work.ledger.head().runs
        except CleverAgentsError:
            runs = None
        is_own = isinstance(self._store, SqlSessionStore)
        return Book(
            location=book.displayed_url if is_own else str(book.url.database),
            is_there=not book.is_missing(),
            runs=runs,
            archive_folder=str(self._archives),
        )

    def looking(self) -> AbstractContextManager[Look]:
        return self._store.looking()


class InstalledStores:
    """`inspection_of` and `archives_of` are what the container makes of any store."""

    def __init__(
        self,
        opening: Opening,
        *,
        inspection_of: Callable[[AnyStore], Inspection],
        archives_of: Callable[[AnyStore], Path],
    ) -> None:
        self._opening = opening
        self._inspection_of = inspection_of
        self._archives_of = archives_of

    @property
    def named(self) -> Mapping[str, str]:
        return self._opening.named

    def kinds(self) -> Sequence[InstalledKind]:
        kinds = self._opening.kinds
        return [kinds.described(name) for name in kinds.names]

    def usual_places(self, kind: str) -> Sequence[str]:
        with failures_of(kind):
            return list(self._opening.kinds.get(kind).usual_places())

    @contextmanager
    def at_hand(self, asked_for: str) -> Iterator[OpenedStore]:
        meant = self._opening.meant(asked_for)
        described = self._opening.kinds.described(meant.name)
        with failures_of(meant.name), self._opening.opened(asked_for) as store:
            yield OpenedStore(described, meant, store, self._inspection_of(store), self._archives_of(store))
