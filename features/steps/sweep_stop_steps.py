"""The words about what keeps sweeps from beginning, and how long they keep others from writing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from behave import given, then, when

from support.sweeps import add_host, host, records
from support.trust_ledger import runs_in
from support.trust_meanwhile import once_archived

# --- what there is ------------------------------------------------------------------------------


@given('host {name} has the stop file "{file}" and sweeps with "{options}"')
def _(context, name, file, options):
    add_host(context.driver, name, f"{options} --stop-file {context.driver.folder / file}")


@given('there is a file "{name}"')
def _(context, name):
    (context.driver.folder / name).touch()


@when('the file "{name}" is removed')
def _(context, name):
    (context.driver.folder / name).unlink()


@given("there is a stop file beside the database")
def _(context):
    Path(f"{context.driver.database.path}.stop").touch()


@given('the variable {variable} names the file "{name}"')
def _(context, variable, name):
    context.driver.set_variable(variable, str(context.driver.folder / name))


@given('somebody will run "{words}" once the archive is written')
def _(context, words):
    driver = context.driver
    # A command line of its own, whose archives nobody watches.
    make = driver.container
    once_archived(driver, lambda: _run_apart(driver, make, words))


def _run_apart(driver, make, words):
    watched, driver.container = driver.container, make
    try:
        driver.run(words)
    finally:
        driver.container = watched


# --- what happens -------------------------------------------------------------------------------


@when('I run, with the stop file "{name}", "{words}"')
def _(context, name, words):
    context.driver.run(f"{words} --stop-file {context.driver.folder / name}")


# --- what came of it ----------------------------------------------------------------------------


@then("{number:d} sessions are left")
def _(context, number):
    assert len(context.driver.remaining()) == number, context.driver.remaining()


@then("each sweep that purged is a run of the same id in the ledger")
def _(context):
    driver = context.driver
    purged = [row["sweep_id"] for row in records(driver) if row["outcome"] == "purged"]
    assert purged
    assert purged == [run["run_id"] for run in reversed(runs_in(driver))], purged


@then('the pause has the reason "{why}"')
def _(context, why):
    assert context.driver.data["why"] == why, context.driver.data


@then("the answer says that there was a pause")
def _(context):
    assert context.driver.data["was_paused"] is True, context.driver.data


@then("the answer says that there was no pause")
def _(context):
    assert context.driver.data["was_paused"] is False, context.driver.data


@then("host {name} gets no lease")
def _(context, name):
    assert host(context.driver, name).book.take_lease(timedelta(minutes=1)) is None


@then("it took several chunks")
def _(context):
    entries = runs_in(context.driver)
    assert len(entries) > 1, entries
    assert all("." in entry["run_id"] for entry in entries), entries
