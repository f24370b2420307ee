"""Steps about stores of the OpenAI Agents SDK."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from behave import given, step, then, when

from cleveragents.domain.progress import Stage
from support.openai_maker import OpenAiMaker
from support.openai_tables import ADDED, CHANGES, KEPT_OF_WHAT_IS_GONE, LATER, SECOND_PAIR, execute
from support.proving import new_database, prove
from support.store_meanwhile import doing

MESSAGES = "SELECT count(*) FROM agent_messages WHERE session_id = ?"
IN_USE = (
    "UPDATE agent_sessions SET created_at = '{moment}', updated_at = '{moment}' WHERE session_id = '{id}'"
)
OF_MESSAGES = "UPDATE agent_messages SET created_at = '{moment}' WHERE session_id = '{id}'"
RETENTION = timedelta(days=30)


# --- what is done to a store ---------------------------------------------------------------------


@given("somebody deleted the rows of the sessions {one} and {other}, and nothing else")
def _(context, one, other):
    execute(context.store, f"DELETE FROM agent_sessions WHERE session_id IN ('{one}', '{other}')")


@given('somebody ran "{statements}" in it')
def _(context, statements):
    execute(context.store, *statements.split(";"))


@given('its table of sessions is made anew as "{columns}"')
def _(context, columns):
    drop, create = "DROP TABLE agent_sessions", f"CREATE TABLE agent_sessions ({columns})"
    execute(context.store, drop, create)


@given('a second pair of tables "{sessions}" and "{messages}" with a session "{session_id}" of {days:d} days')
def _(context, sessions, messages, session_id, days):
    moment = f"{context.driver.clock.now() - timedelta(days=days):%Y-%m-%d %H:%M:%S}"
    execute(context.store, *SECOND_PAIR, sessions=sessions, messages=messages, id=session_id, moment=moment)
    context.second_pair = sessions, messages


@given("the library's session {session_id} got a {what} an hour ago")
def _(context, session_id, what):
    moment = f"{context.driver.clock.now() - timedelta(hours=1):%Y-%m-%d %H:%M:%S}"
    execute(context.store, LATER[what], id=session_id, moment=moment)


@given("the library's session {session_id} was last used at {time}")
def _(context, session_id, time):
    execute(context.store, f"UPDATE agent_sessions SET updated_at = {time} WHERE session_id = '{session_id}'")


@step("its library begins {session_id} anew")
def _(context, session_id):
    execute(context.store, "INSERT INTO agent_sessions (session_id) VALUES ('{id}')", ADDED, id=session_id)


@given("after its sessions were {done}, {session_id} has its {change}")
def _(context, done, session_id, change):
    stage = {"scanned": Stage.SCAN, "archived": Stage.ARCHIVE}[done]
    statements = [statement.format(id=session_id) for statement in CHANGES[change]]
    doing(context.driver, stage, lambda: [*map(context.store.database.execute, statements)])


# --- clocks --------------------------------------------------------------------------------------


@given('the database is in the zone "{zone}", and the role in "{other}"')
def _(context, zone, other):
    _set_zone(context, "DATABASE", zone)
    _set_zone(context, "ROLE CURRENT_USER IN DATABASE", other)


@given('the database is in the zone "{zone}"')
def _(context, zone):
    _set_zone(context, "DATABASE", zone)


@given('this process is told the zone "{zone}"')
def _(context, zone):
    context.driver.set_variable("PGTZ", zone)


@given('this process is told the zone ""')
def _(context):
    context.driver.set_variable("PGTZ", None)


@given('{one} and {other} were last used a minute more and a minute less than 30 days ago, in "{zone}"')
def _(context, one, other, zone):
    threshold = context.driver.clock.now() - RETENTION
    for session_id, by in ((one, -1), (other, 1)):
        moment = (threshold + timedelta(minutes=by)).astimezone(ZoneInfo(zone))
        _use_at(context, session_id, f"{moment:%Y-%m-%d %H:%M:%S%z}")


@given('{one} and {other} were last used at "{first}" and "{second}", as its clock showed')
def _(context, one, other, first, second):
    _use_at(context, one, first)
    _use_at(context, other, second)


@given("its columns know their time zone")
def _(context):
    for table, column in (
        ("agent_sessions", "created_at"),
        ("agent_sessions", "updated_at"),
        ("agent_messages", "created_at"),
    ):
        kind = f"TYPE timestamptz USING {column} AT TIME ZONE 'UTC'"
        execute(context.store, f"ALTER TABLE {table} ALTER COLUMN {column} {kind}")


# --- what is run ---------------------------------------------------------------------------------


@when('as a store of "{kind}" I run "{words}"')
def _(context, kind, words):
    context.driver.run(f"{words} --store {kind}:{context.store.database.url}")


@when("I ask what the store is")
def _(context):
    context.driver.run(f"agents store check {context.store.option.removeprefix('--store ')} --format json")


@when('I prove the adapter of the OpenAI Agents SDK on stores like "{name}"')
def _(context, name):
    prove(context, OpenAiMaker(name, partial(new_database, context.driver)))


# --- what comes of it ----------------------------------------------------------------------------


@then("the answer counts {count:d} dangling messages")
def _(context, count):
    found = context.driver.data["dangling_messages"]
    assert found == count, found


@then("there are {count:d} messages of {session_id} in the store")
def _(context, count, session_id):
    found = context.store.database.execute(MESSAGES, [session_id])[0][0]
    assert found == count, found


@then("there is 1 message of {session_id} in the store")
def _(context, session_id):
    found = context.store.database.execute(MESSAGES, [session_id])[0][0]
    assert found == 1, found


@then("what its library keeps of sessions that are gone is as it was")
def _(context):
    now = context.store.now()
    for table in KEPT_OF_WHAT_IS_GONE:
        assert now.rows.get(table) == context.store.before.rows.get(table), table


@then("the library's session {session_id} is kept")
def _(context, session_id):
    assert session_id in _there(context), _there(context)


@then("the library's session {session_id} is gone")
def _(context, session_id):
    assert session_id in context.store.made
    assert session_id not in _there(context), _there(context)


@then("there is a session without an id in the store")
def _(context):
    assert None in _there(context)


@then('the check tells that the layout is "{layout}"')
def _(context, layout):
    assert context.driver.data["layout"] == layout, context.driver.data["layout"]


@then('the check advises "{beginning}"')
def _(context, beginning):
    advice = context.driver.data["advice"]
    assert any(each.startswith(beginning) for each in advice), advice


@then("the check advises nothing")
def _(context):
    assert context.driver.data["advice"] == [], context.driver.data["advice"]


@then('the check names the hazard "{message}"')
def _(context, message):
    named = [each["message"] for each in context.driver.data["preflight"]]
    assert message in named, named


@then("nothing but {session_id} went from the store")
def _(context, session_id):
    before, now = context.store.before, context.store.now()
    for table in before.rows:
        gone = before.rows[table] - now.rows[table]
        assert gone.total() == (table in context.second_pair), (table, gone)
        assert all(session_id in str(row) for row in gone), gone


@then("the skipped session is {session_id}, as {reason}")
def _(context, session_id, reason):
    skipped = {each["session_id"]: each["reason"] for each in context.driver.data["skipped"]}
    assert skipped.keys() == {session_id}, skipped
    assert set(skipped.values()) <= set(reason.split(" or ")), skipped


def _there(context):
    return [row[0] for row in context.store.database.execute("SELECT session_id FROM agent_sessions")]


def _set_zone(context, of, zone):
    name = context.store.database.execute("SELECT current_database()")[0][0]
    context.store.database.execute(f"ALTER {of} \"{name}\" SET timezone = '{zone}'")


def _use_at(context, session_id, moment):
    execute(context.store, IN_USE, OF_MESSAGES, id=session_id, moment=moment)
