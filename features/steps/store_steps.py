"""Steps about other systems' stores, as their own libraries made them."""

from __future__ import annotations

from pathlib import Path

from behave import given, step, then

from support.recorded_stores import load


@given('the store "{name}", as its library made it')
def _(context, name):
    context.store = load(name, context.driver)


@step('on the store I run "{words}"')
def _(context, words):
    context.driver.run(f"{words} {context.store.option}")


@step("I restore the last run of the store")
def _(context):
    driver, option = context.driver, context.store.option
    runs = driver.ask(f"cleanup log {option}")["runs"]
    run_id = next(run["run_id"] for run in runs if run["outcome"] == "purged").partition(".")[0]
    driver.run(f"cleanup restore {run_id} {option}")


@then("nothing in the store has changed")
def _(context):
    difference = context.store.before.difference(context.store.now())
    assert not difference, difference


@then("nothing was added to the store, or changed in it")
def _(context):
    added = context.store.before.added(context.store.now())
    assert not added, added


@then("the sessions that went are those that nobody will come back to")
def _(context):
    _assert_gone(context, context.store.to_purge)


@then("no session of the store went")
def _(context):
    _assert_gone(context, set())


@then("the answer names the sessions that nobody will come back to")
def _(context):
    named = {each["session_id"] for each in context.driver.data["sessions"]}
    assert named == context.store.to_purge, named ^ context.store.to_purge


@then("no book was made for the store")
def _(context):
    assert not _books(context), _books(context)


def _assert_gone(context, expected):
    there = context.store.session_ids(context.driver)
    gone = context.store.made - there
    assert gone == expected, f"gone: {sorted(gone)}, expected: {sorted(expected)}"


def _books(context):
    return sorted(Path(context.driver.folder, "data").glob("cleveragents/stores/*.db"))
