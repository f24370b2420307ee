"""The checks as callables, each on a store of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cleveragents.conformance.bench import Bench
from cleveragents.conformance.expecting import NotApplicableError, NotConformingError
from cleveragents.conformance.looking import LOOKING
from cleveragents.conformance.maker import Maker
from cleveragents.conformance.purging import PURGING
from cleveragents.conformance.restoring import RESTORING

__all__ = ["Check", "NotApplicableError", "NotConformingError", "checks"]

_ALL: Sequence[Callable[[Bench], None]] = (*LOOKING, *PURGING, *RESTORING)


@dataclass(frozen=True, slots=True)
class Check:
    """Raises NotConformingError, an AssertionError, where the adapter fails, and whatever it raises itself.

    Raises NotApplicableError where its library has nothing of that kind.
    """

    look: Callable[[Bench], None]
    maker: Maker

    @property
    def name(self) -> str:
        return self.look.__name__.replace("_", " ")

    def __call__(self) -> None:
        with _bench(self.maker) as bench:
            self.look(bench)

    def __str__(self) -> str:
        return self.name


def checks(maker: Maker) -> Sequence[Check]:
    """Every check of an adapter; `str` of one says what must hold."""
    return [Check(look, maker) for look in _ALL]


@contextmanager
def _bench(maker: Maker) -> Iterator[Bench]:
    with TemporaryDirectory(prefix="cleveragents-conformance-") as folder:
        bench = Bench(maker, Path(folder).resolve())
        try:
            yield bench
        finally:
            bench.close()
