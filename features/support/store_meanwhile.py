"""What happens to a foreign store between the steps of a purge, and to the process that purges."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from dependency_injector import providers
from sqlalchemy.exc import OperationalError

from cleveragents.cli.app import run
from cleveragents.container import Container
from cleveragents.domain.progress import UNWATCHED, Stage
from cleveragents.infrastructure.database.store import SqlUnitOfWork


class Meanwhile:
    """A progress that does something when a stage has ended, once."""

    is_watched = False

    def __init__(self, after: Stage, what: Callable[[], object]) -> None:
        self._after = after
        self._what: Callable[[], object] | None = what

    @contextmanager
    def stage(self, stage: Stage, rows: int | None) -> Iterator[Any]:
        with UNWATCHED.stage(stage, rows) as step:
            yield step
        if stage is self._after and self._what is not None:
            what, self._what = self._what, None
            what()


def doing(driver: Any, after: Stage, what: Callable[[], object]) -> None:
    """Have something done after a stage of this driver's next command."""
    made = driver.container

    def container() -> Container:
        own = made()
        own.progress.override(providers.Object(Meanwhile(after, what)))
        return own

    driver.container = container
    driver.at_the_end(lambda: setattr(driver, "container", made))


def book_that_cannot_commit() -> Any:
    """The disk of the book fails when the entry of a run that was committed elsewhere is to be written."""
    return _at_the_entry(_fail)


def _fail() -> None:
    raise OperationalError("COMMIT", (), OSError("no space left"))


def _at_the_entry(what: Callable[[], object]) -> Any:
    whole = SqlUnitOfWork.commit

    def commit(self: SqlUnitOfWork) -> bool:
        if self.ledger.last() is not None:
            what()
        return whole(self)

    return patch.object(SqlUnitOfWork, "commit", commit)


def main() -> None:
    """Run a command line, and end as if killed between the store's commit and the book's."""
    with _at_the_entry(lambda: os._exit(9)):
        sys.exit(run(sys.argv[1:], Container()))


if __name__ == "__main__":
    main()
