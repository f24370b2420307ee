"""Which stores can be cleaned here, and what is known of one of them."""

from __future__ import annotations

from dataclasses import replace

from cleveragents.domain.errors import CleverAgentsError, StoreMissingError
from cleveragents.domain.masking import masked
from cleveragents.domain.ports import Clock
from cleveragents.domain.ports.catalogue import StoreAtHand, Stores
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.domain.store_catalogue import (
    OWN,
    Catalogue,
    CheckedStore,
    FoundIn,
    FoundStore,
    InstalledKind,
    ListedKind,
)


class StoreCatalogue:
    def __init__(self, stores: Stores, clock: Clock) -> None:
        self._stores = stores
        self._clock = clock

    def list(self) -> Catalogue:
        """Every kind, and the stores that the settings name or that lie in a kind's usual places.

        Changes nothing, creates nothing, and raises nothing of what is wrong with one of them.
        """
        kinds = self._stores.kinds()
        known = {kind.name for kind in kinds}
        unknown = tuple(
            self._named(name)[1]
            for name, asked_for in self._stores.named.items()
            if _kind_of(asked_for) not in known
        )
        return Catalogue(kinds=tuple(map(self._listed, kinds)), unknown=unknown)

    def check(self, asked_for: str, policy: RetentionPolicy) -> CheckedStore:
        """Say how a store is read and what stands in a cleanup's way, and count what is in it.

        Changes nothing. Raises InvalidSettingsError where it cannot be understood which store is meant,
        StoreMissingError where nothing is there, StoreNotRecognisedError, or another DatabaseError.
        """
        with self._stores.at_hand(asked_for) as store:
            if store.is_missing():
                raise StoreMissingError(f"{store.kind.name}:{store.location}")
            recognised = store.recognise()
            least = recognised.least_age
            certain = replace(
                policy,
                stale_after=max(policy.stale_after, least),
                empty_after=max(policy.empty_after, least),
                orphaned_after=max(policy.orphaned_after, least),
            )
            with store.looking() as look:
                found = look(certain, self._clock.now(), listed=0)
            return CheckedStore(
                kind=store.kind,
                location=store.location,
                recognised=recognised,
                inspected=store.inspect(),
                hanging_tables=tuple(store.hanging_tables()),
                policy=certain,
                found=found,
                book=store.book(),
                unasked=tuple(store.unasked),
            )

    def _listed(self, kind: InstalledKind) -> ListedKind:
        if kind.error is not None:
            return ListedKind(kind=kind)
        stores = [
            self._named(name)
            for name, asked_for in self._stores.named.items()
            if _kind_of(asked_for) == kind.name
        ]
        try:
            places = self._stores.usual_places(kind.name)
        except CleverAgentsError as error:
            kind, places = replace(kind, error=error), ()
        found_in = FoundIn.CONFIGURED if kind.name == OWN else FoundIn.USUAL_PLACE
        for place in places:
            asked_for = f"{kind.name}:{place}"
            identity, found = self._found(asked_for, masked(asked_for), found_in)
            same = [number for number, (known, _) in enumerate(stores) if known == identity]
            if not same:
                stores.append((identity, found))
            elif found_in is FoundIn.CONFIGURED:
                stores[same[0]] = identity, replace(found, name=stores[same[0]][1].name)
        return ListedKind(kind=kind, stores=tuple(found for _, found in stores))

    def _named(self, name: str) -> tuple[str, FoundStore]:
        identity, found = self._found(name, masked(self._stores.named[name]), FoundIn.NAMED)
        return identity, replace(found, name=name)

    def _found(self, asked_for: str, shown: str, found_in: FoundIn) -> tuple[str, FoundStore]:
        """A store, with what tells it from others before it."""
        kind, _, location = shown.partition(":")
        found = FoundStore(kind=kind, location=location, found_in=found_in)
        identity = shown
        try:
            with self._stores.at_hand(asked_for) as store:
                identity = store.identity
                found = replace(found, location=store.location, is_missing=store.is_missing())
                return identity, _described(found, store)
        except CleverAgentsError as error:
            return identity, replace(found, error=error)


def _described(found: FoundStore, store: StoreAtHand) -> FoundStore:
    if found.is_missing:
        return replace(found, book=store.book())
    return replace(
        found,
        recognised=store.recognise(),
        size_bytes=store.inspect().size_bytes,
        book=store.book(),
    )


def _kind_of(asked_for: str) -> str:
    return asked_for.partition(":")[0]
