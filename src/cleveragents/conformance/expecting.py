"""How a check says what is wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from cleveragents.domain.errors import CleverAgentsError

_NAMED = 3


class NotConformingError(AssertionError):
    """The adapter does not do what is asked of one; the message says what, and what came instead."""


class NotApplicableError(Exception):
    """Its library knows nothing of the kind that a check is about."""


def expect(holds: object, what: str) -> None:
    if not holds:
        raise NotConformingError(what)


def expect_same(found: Collection[str], wanted: Collection[str], what: str) -> None:
    """Compare ids, in whatever order they come; each must come once."""
    missing, other = set(wanted) - set(found), set(found) - set(wanted)
    expect(not missing, f"{what}: {_some(missing)} missing")
    expect(not other, f"{what}: {_some(other)} too many")
    expect(len(found) == len(set(found)), f"{what}: some came more than once")


@contextmanager
def refused(kind: type[CleverAgentsError], what: str) -> Iterator[None]:
    """Expect an error of a kind to leave the block."""
    try:
        yield
    except kind:
        return
    raise NotConformingError(f"{what} raised no {kind.__name__}")


def _some(ids: Collection[str]) -> str:
    named = ", ".join(map(repr, sorted(ids)[:_NAMED]))
    return f"{named} and {len(ids) - _NAMED} more are" if len(ids) > _NAMED else f"{named} is"
