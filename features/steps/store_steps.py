"""Steps about other systems' stores, as their own libraries made them."""

from __future__ import annotations

import shlex
from pathlib import Path
from unittest.mock import patch

from behave import given, step, then, when

from cleveragents.domain.progress import Stage
from cleveragents.infrastructure.stores.sql import slices
from support.recorded_stores import load
from support.store_meanwhile import book_that_cannot_commit, doing

KILLED = 9
FEATURES = Path(__file__).resolve().parent.parent
DYING = f"import sys; sys.path.append({str(FEATURES)!r}); from support.store_meanwhile import main; main()"
COUNT_EVENTS = "SELECT count(*) FROM events WHERE session_id = '{id}'"
# What a program does to a session of Google ADK, as its statements arrive at the database.
CHANGES = {
    "used": [
        (
            "INSERT INTO events (id, app_name, user_id, session_id, invocation_id, timestamp, event_data) "
            "SELECT 'late', app_name, user_id, id, 'i', update_time, '{{}}' FROM sessions WHERE id = '{id}'"
        ),
        "UPDATE sessions SET update_time = '2026-06-15 11:59:59' WHERE id = '{id}'",
    ],
    "edited in place": [
        (
            "UPDATE events SET event_data = replace(CAST(event_data AS TEXT), 'message 0', 'message 9')"
            "{cast} WHERE session_id = '{id}'"
        ),
    ],
    "deleted": ["DELETE FROM events WHERE session_id = '{id}'", "DELETE FROM sessions WHERE id = '{id}'"],
}


@given('the store "{name}", as its library made it')
def _(context, name):
    context.store = load(name, context.driver)


@step('on the store I run "{words}"')
def _(context, words):
    context.driver.run(f"{words} {context.store.option}")


@step('on the store with "{parameter}" I run "{words}"')
def _(context, parameter, words):
    option = context.store.option
    context.driver.run(f"{words} {option}{'&' if '?' in option else '?'}{parameter}")


@step("I restore the last run of the store")
def _(context):
    driver, option = context.driver, context.store.option
    runs = driver.ask(f"cleanup log {option}")["runs"]
    purges = [run["run_id"] for run in runs if run["outcome"] == "purged" and run["sessions"]]
    run_id = purges[0].partition(".")[0]
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


@when('"{words}" on the store ends as if killed after the store has committed')
def _(context, words):
    driver = context.driver
    words = f"{words} {context.store.option}".removeprefix("agents ")
    process = driver.start_python(DYING, *shlex.split(words))
    driver.finish(process)
    assert driver.exit_code == KILLED, (driver.exit_code, driver.stdout, driver.stderr)


@when('on the store I run "{words}", and its book cannot be written any more')
def _(context, words):
    with book_that_cannot_commit():
        context.driver.run(f"{words} {context.store.option}")


@given('a file "{name}" that is no database says "{text}"')
def _(context, name, text):
    context.driver.write_file(name, text)


@given("the store's file counts as large")
def _(context):
    changed = patch.object(slices, "_QUICKLY_READ", 0)
    changed.start()
    context.driver.at_the_end(changed.stop)


@given("after the sessions were {step}, {session} is {change}")
def _(context, step, session, change):
    stage = {"scanned": Stage.SCAN, "archived": Stage.ARCHIVE}[step]
    statements = CHANGES[change]

    def make() -> None:
        for statement in statements:
            cast = "::jsonb" if context.store.database.backend == "postgresql" else ""
            context.store.database.execute(statement.format(id=session, cast=cast))

    doing(context.driver, stage, make)


@then("{session} was skipped as {reason}")
def _(context, session, reason):
    skipped = {each["session_id"]: each["reason"] for each in context.driver.data["skipped"]}
    assert skipped.keys() == {session_id_of(context, session)}, skipped
    assert set(skipped.values()) <= set(reason.split(" or ")), skipped


@then("the only skip is of a session that is among the newest now")
def _(context):
    (skipped,) = context.driver.data["skipped"]
    assert skipped["reason"] == "newest", skipped
    assert skipped["session_id"] in context.store.session_ids(context.driver)


@then("{session} is still there, whole")
def _(context, session):
    session_id = session_id_of(context, session)
    made = next(each for each in context.store.sessions if each.session_id == session_id)
    rows = context.store.database.execute(COUNT_EVENTS.format(id=session))
    assert session_id in context.store.session_ids(context.driver)
    assert rows[0][0] >= made.messages, rows


def session_id_of(context, session):
    return next(each.session_id for each in context.store.sessions if each.session_id.endswith(f"/{session}"))
