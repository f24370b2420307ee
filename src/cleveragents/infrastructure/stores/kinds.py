"""Which kinds of store there are: our own, those of installed packages, and those a program adds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from cleveragents import __version__
from cleveragents.domain.errors import CleverAgentsError, InvalidSettingsError, StoreKindError
from cleveragents.domain.ports.adapters import StoreAdapter, StoreKind
from cleveragents.domain.retention import Reason
from cleveragents.domain.store_catalogue import OWN, InstalledKind

GROUP = "cleveragents.stores"


class OwnKind:
    """Our own store as a kind: it has no adapter, being what adapters make of foreign ones."""

    title = "cleveragents"
    unasked: Collection[Reason] = ()

    def __init__(self, url: str) -> None:
        self._url = url

    def usual_places(self) -> Sequence[str]:
        return [self._url]

    def open(self, location: str, *, busy_timeout: timedelta) -> StoreAdapter:
        del busy_timeout
        raise InvalidSettingsError(f"{location} is ours, and is opened without an adapter.")


class Kinds:
    """`added` are a program's own, which no entry point names."""

    def __init__(self, own_url: str, added: Mapping[str, StoreKind]) -> None:
        self._given: Mapping[str, StoreKind] = {OWN: OwnKind(own_url), **added}

    @property
    def names(self) -> Sequence[str]:
        return [*self._given, *sorted(set(_installed()) - set(self._given))]

    def get(self, name: str) -> StoreKind:
        """Raise InvalidSettingsError where the package that brings the kind cannot be loaded."""
        if name in self._given:
            return self._given[name]
        entry, *others = _installed()[name]
        if others:
            packages = ", ".join(sorted({_package(each)[0] for each in (entry, *others)}))
            raise InvalidSettingsError(
                f"Several packages bring the kind of store {name!r}: {packages}. Nothing was changed.",
                hints=["Uninstall all of them but one."],
            )
        try:
            return cast("StoreKind", entry.load())
        except Exception as error:  # whatever another package raises while it is imported
            raise InvalidSettingsError(
                f"The kind of store {name!r} cannot be loaded: {error}",
                hints=[f"It is {entry.value}; is what it needs installed?"],
            ) from error

    def described(self, name: str) -> InstalledKind:
        """Nothing is raised: why a kind cannot be loaded stands in what is returned."""
        package, version = "", ""
        if name == OWN:
            package, version = "cleveragents", __version__
        elif name not in self._given:
            package, version = _package(_installed()[name][0])
        kind = InstalledKind(name=name, package=package, version=version)
        try:
            with failures_of(name):
                title = self.get(name).title
        except CleverAgentsError as error:
            return InstalledKind(name=name, package=package, version=version, error=error)
        return InstalledKind(name=name, title=title, package=kind.package, version=kind.version)


@contextmanager
def failures_of(kind: str) -> Iterator[None]:
    """Make an error of ours of whatever another package's code raises inside the block."""
    try:
        yield
    except CleverAgentsError:
        raise
    except Exception as error:
        raise StoreKindError(kind, error) from error


def _installed() -> Mapping[str, Sequence[EntryPoint]]:
    found: dict[str, list[EntryPoint]] = defaultdict(list)
    for each in entry_points(group=GROUP):
        found[each.name].append(each)
    return found


def _package(entry: EntryPoint) -> tuple[str, str]:
    return (entry.dist.name, entry.dist.version) if entry.dist else ("", "")
