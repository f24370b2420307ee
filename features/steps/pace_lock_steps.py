"""The words about how long a transaction may hold the lock."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from behave import given, step, then, when

from support.pace_moments import moments_of
from support.pace_runs import entries_of
from support.records import said

_REFUSED = 5
_MOST_TRIES = 5

# --- what there is ------------------------------------------------------------------------------


@given('{count:d} stale sessions with 1 messages of 10 bytes whose ids begin with "{beginning}"')
def _(context, count, beginning):
    context.driver.add_rows(
        {"name": f"{beginning}-{number}", "idle": "60d", "messages": "1", "size": "10"}
        for number in range(count)
    )


@step("the waits are written down and not waited")
def _(context):
    moments_of(context.driver)


@given("a file of a run whose process died stands beside the database")
def _(context):
    driver = context.driver
    if driver.backend.name == "sqlite":
        Path(f"{driver.database.path}.run").touch(mode=0o600)


# --- what came of it ----------------------------------------------------------------------------


def held_ms(driver):
    return driver.data["lock_held_ms"]


@then("how long the lock was held is told")
def _(context):
    assert 0 <= held_ms(context.driver) < 60_000, context.driver.data


@then("no transaction held the lock for longer than {most:d} ms")
def _(context, most):
    assert held_ms(context.driver) <= most, context.driver.data


@step("I remember the size of the chunks that it says would fit")
def _(context):
    remedy = re.search(r"To allow it: [^\n\"]*--chunk (\d+)", said(context.driver))
    assert remedy, said(context.driver)
    context.driver.remembered["size"] = int(remedy[1])


@when("I do what it says, and again where the computer has become slower by then")
def _(context):
    """What fits is measured anew each time, and other work makes everything take longer."""
    driver = context.driver
    for _ in range(_MOST_TRIES):
        remedy = re.search(r"To allow it: ([^\n\"]+)", said(driver))
        assert remedy, said(driver)
        words = shlex.split(remedy[1])
        if "--chunk" in words:
            driver.remembered["size"] = int(words[words.index("--chunk") + 1])
        driver.run(words)
        if driver.exit_code != _REFUSED:
            return


@then("the first chunk was as large as it said")
def _(context):
    driver = context.driver
    entries = entries_of(driver, driver.ask("cleanup log --all")["runs"][0]["run_id"].partition(".")[0])
    assert entries[0]["sessions"] == driver.remembered["size"], entries[0]


@then('"{name}" remains among others, and no more than {most:d} do')
def _(context, name, most):
    remaining = context.driver.remaining()
    assert name in remaining, sorted(remaining)
    assert len(remaining) <= most, sorted(remaining)


@then("a later chunk was smaller than the first")
def _(context):
    driver = context.driver
    sizes = [entry["sessions"] for entry in entries_of(driver, driver.data["run_id"])]
    # The very last one is smaller anyway.
    assert min(sizes[:-1]) < sizes[0], sizes
