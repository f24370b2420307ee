"""Proving an adapter by every check that there is for adapters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cleveragents.conformance import Maker, NotApplicableError, NotConformingError, checks


def prove(context: Any, maker: Maker) -> None:
    """Note what failed, and how many passed."""
    context.failures, context.passed = [], 0
    for check in checks(maker):
        try:
            check()
        except NotApplicableError:
            continue
        except NotConformingError as failure:
            context.failures.append(f"{check.name}: {failure}")
        else:
            context.passed += 1


def new_database(driver: Any, folder: Path) -> str:
    """The URL of a database on the scenario's backend with nothing in it."""
    if driver.backend.name == "sqlite":
        return f"sqlite:///{folder}/foreign.db"
    made = driver.backend.create(folder, migrated=False)
    driver.at_the_end(made.drop)
    return str(made.url.replace("+psycopg", ""))
