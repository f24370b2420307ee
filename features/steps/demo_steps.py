"""The demo: sessions made up, purged and listed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from behave import given, then, when

from support.backends import SqliteDatabase


@given("from now on my database is the demo's")
def _(context):
    driver = context.driver
    path = Path(re.search(r"sqlite:///(\S+)", driver.stdout)[1])
    driver.use_database(SqliteDatabase(path))


@when("I run the demo of {number:d} sessions twice at the same moment")
def _(context, number):
    driver = context.driver
    driver.remembered["demos"] = []
    for _ in range(2):
        driver.run(f"demo --sessions {number}")
        # Each has a folder and a run of its own, and takes its own time.
        said = re.sub(r"cleveragents-demo-\w+", "", driver.stdout)
        own = ("Duration", "Lock held", "Archive", "Undo")
        lines = [line for line in said.splitlines() if not line.startswith(own)]
        driver.remembered["demos"].append(lines)


@when("I look into the demo's database as the demo suggests")
def _(context):
    driver = context.driver
    suggested = re.search(r"Look around in it: (agents .+)", driver.stdout)
    assert suggested is not None, driver.stdout
    driver.remembered["left"] = total_of(driver.stdout)
    driver.run(shlex.split(suggested[1]))


def total_of(list_shown: str) -> int:
    total = re.search(r"\d+ to \d+ of (\d+) sessions", list_shown)
    assert total is not None, list_shown
    return int(total[1])


@then("both said the same")
def _(context):
    one, other = context.driver.remembered["demos"]
    assert one
    assert one == other


@then("it lists as many sessions as the demo had left")
def _(context):
    assert total_of(context.driver.stdout) == context.driver.remembered["left"]


@then("these come one after another")
def _(context):
    places = [context.driver.stdout.find(row["what"]) for row in context.table]
    assert min(places) >= 0, context.driver.stdout
    assert places == sorted(places), context.driver.stdout


@then("what the demo says of its sessions reconciles")
def _(context):
    shown = context.driver.stdout
    made = int(re.search(r"(\d+) made-up sessions", shown)[1])
    found = int(re.search(rf"(\d+) sessions of {made} would be purged", shown)[1])
    purged = int(re.search(rf"Purged (\d+) sessions of {made}", shown)[1])
    assert (found, made - found) == (purged, total_of(shown)), shown


@then("of {number:d} sessions some were purged, and some kept, for each of")
def _(context, number):
    purge = context.driver.data["purge"]
    assert purge["scanned"] == number
    counts = {**purge["by_reason"], **purge["protected"]}
    missing = [row["reason"] for row in context.table if not counts.get(row["reason"])]
    assert not missing, counts
