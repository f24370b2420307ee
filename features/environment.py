"""What surrounds every scenario: a backend for the whole run, a driver for each scenario.

behave                          every scenario on SQLite
behave -D backend=postgresql    the same on PostgreSQL, but for those that are @any_database
"""

from __future__ import annotations

import gc
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from support.backends import start_backend
from support.driver import Driver

if TYPE_CHECKING:
    from behave.model import Scenario
    from behave.runner import Context


def before_all(context: Context) -> None:
    # What is loaded by now stays to the end: looking for garbage in it takes a tenth of a run.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    context.backend = start_backend(context.config.userdata.get("backend", "sqlite"))


def before_scenario(context: Context, scenario: Scenario) -> None:
    only = {tag.removesuffix("_only") for tag in scenario.effective_tags if tag.endswith("_only")}
    if only and context.backend.name not in only:
        scenario.skip(f"it is about {' and '.join(sorted(only))} alone")
        return
    if "any_database" in scenario.effective_tags and context.backend.name != "sqlite":
        scenario.skip("it is about no database, and was looked at on SQLite")
        return
    folder = Path(tempfile.mkdtemp(prefix="cleveragents-scenario-"))
    context.add_cleanup(shutil.rmtree, folder, ignore_errors=True)
    context.driver = Driver(context.backend, folder)
    context.add_cleanup(context.driver.leave)


def after_all(context: Context) -> None:
    if "backend" in context:
        context.backend.stop()
