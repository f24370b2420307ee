"""Something that happens in the very moment when a purge or a restore does something to a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from errno import EPERM
from typing import Any
from unittest.mock import patch

from sqlalchemy.exc import OperationalError

from cleveragents.infrastructure.database.ledger import SqlLedger
from support.driver import Driver


def around(
    driver: Driver,
    deed: str,
    name: str,
    before: Callable[[], object] = int,
    after: Callable[[], object] = int,
) -> None:
    """Have something done right before and after a file of that name, or a new one, is renamed or linked."""
    whole = getattr(os, deed)
    left = [before, after]

    def changed(source: Any, target: Any, **options: Any) -> None:
        if not left or name not in {source, target}:
            whole(source, target, **options)
            return
        first, last = left
        left.clear()
        first()
        whole(source, target, **options)
        last()

    _for_the_scenario(driver, patch.object(os, deed, changed))


def without_hard_links(driver: Driver) -> None:
    """As on file systems that know none."""

    def refused(*_: Any, **__: Any) -> None:
        raise OSError(EPERM, os.strerror(EPERM))

    _for_the_scenario(driver, patch.object(os, "link", refused))


def with_a_book_that_fails(driver: Driver) -> None:
    """It fails when a run is to be entered, before anything is committed."""

    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError("INSERT", (), OSError("no space left"))

    _for_the_scenario(driver, patch.object(SqlLedger, "append", fail))


def with_a_ctrl_c(driver: Driver) -> None:
    """It comes when a run is to be entered."""

    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    _for_the_scenario(driver, patch.object(SqlLedger, "append", interrupt))


def with_space_that_stays(driver: Driver) -> None:
    """Nothing can be removed right after the commit."""

    def refused(*_: Any, **__: Any) -> None:
        raise OSError(EPERM, os.strerror(EPERM))

    changed = patch("shutil.rmtree", refused)
    changed.start()

    def end() -> None:
        with suppress(RuntimeError):
            changed.stop()

    driver.remembered["let it be removed"] = end
    driver.at_the_end(end)


def _for_the_scenario(driver: Driver, changed: Any) -> None:
    changed.start()
    driver.at_the_end(changed.stop)
