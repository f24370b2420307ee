"""Steps about Google ADK's databases, and what somebody did to them."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from behave import given, then, when

from support.adk_stores import (
    UnknownStore,
    as_another_user,
    change_primary_key,
    change_type_of_times,
    more_stale_sessions,
    move,
)

_UNTOUCHED = ("user_states", "app_states", "adk_internal_metadata")
_PARTS = re.compile(r"(-?\d+) (microsecond|second|hour|day)s?")
_TRIGGER = (
    "CREATE TABLE seen (id text)",
    """CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN INSERT INTO seen VALUES (OLD.id); RETURN OLD; END'""",
    "CREATE TRIGGER see BEFORE DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION see()",
)
_ROWS_OF_TRIGGER = "SELECT count(*) FROM seen"


@given('somebody ran "{statement}" on the store')
def _(context, statement):
    context.store.database.execute(statement)
    context.store.before = context.store.now()


@given('it lies at "{place}"')
def _(context, place):
    move(context.store, context.driver.folder / place)


@given("a database of another program that has sessions and events")
def _(context):
    context.store = UnknownStore.made(context.driver)


@when('I run "{words}" on the store that is our own database, as if it were ADK\'s')
def _(context, words):
    context.driver.run(f"{words} --store adk:{context.driver.database.url}")


@when('I ask what the store is, with "{parameter}"')
def _(context, parameter):
    location = context.store.option.removeprefix("--store ")
    context.driver.run(f"agents store check {location}{'&' if '?' in location else '?'}{parameter}")


@given('its times are of the type "{kind}"')
def _(context, kind):
    change_type_of_times(context.store.database, kind)
    context.store.before = context.store.now()


@given("the primary key of its events is their id alone")
def _(context):
    change_primary_key(context.store.database)
    context.store.before = context.store.now()


@given('its session "{session}" was last used {ago} ago by a clock of {zone}')
def _(context, session, ago, zone):
    parts = [timedelta(**{f"{unit}s": int(number)}) for number, unit in _PARTS.findall(ago)]
    moment = context.driver.clock.now() - sum(parts, timedelta())
    naive = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    value = f"'{naive:%Y-%m-%d %H:%M:%S.%f}'"
    if context.store.name.endswith("SqliteSessionService"):
        value = str(naive.replace(tzinfo=UTC).timestamp())
    context.store.database.execute(
        f"UPDATE sessions SET create_time = {value}, update_time = {value} WHERE id = '{session}'"
    )


@given('somebody deleted "{session}" from the store without its messages')
def _(context, session):
    with context.store.database.connect() as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(f"DELETE FROM sessions WHERE id = '{session}'")
    context.store.before = context.store.now()


@when('somebody begins a session "{session}" of "{user}" in the store')
def _(context, session, user):
    now = f"{context.driver.clock.now():%Y-%m-%d %H:%M:%S.%f}"
    context.store.database.execute(
        f"INSERT INTO sessions VALUES ('shop', '{user}', '{session}', '{{}}', '{now}', '{now}')"
    )


@given("the store has {number:d} stale sessions more")
def _(context, number):
    more_stale_sessions(context.store.database, number)
    context.store.before = context.store.now()
    context.reads_before = _whole_reads(context)


@given("the store belongs to somebody who is no superuser")
def _(context):
    as_another_user(context.driver, context.store, owner=True)


@given("the store may be read and deleted from by somebody who owns nothing")
def _(context):
    as_another_user(context.driver, context.store, owner=False)


@given("a trigger of the store writes down which sessions go")
def _(context):
    for statement in _TRIGGER:
        context.store.database.execute(statement)


@then("each table but those of sessions and messages is as it was")
def _(context):
    now = context.store.now()
    for name, rows in context.store.before.rows.items():
        assert name not in _UNTOUCHED or rows == now.rows[name], name
    assert context.store.before.rows["user_states"], "nothing was shown"


@then('the session "{name}" counts {size:d} bytes and {messages:d} message')
@then('the session "{name}" counts {size:d} bytes and {messages:d} messages')
def _(context, name, size, messages):
    (found,) = [each for each in context.driver.data["sessions"] if each["session_id"].endswith(f"/{name}")]
    assert (found["content_bytes"], found["message_count"]) == (size, messages), found


@then('the session "{gone}" is gone, and "{kept}" is there with {messages:d} message')
def _(context, gone, kept, messages):
    there = context.store.session_ids(context.driver)
    assert gone not in there, there
    assert kept in there, there
    app, user, session = kept.split("/")
    count = "SELECT count(*) FROM events WHERE app_name = ? AND user_id = ? AND session_id = ?"
    assert context.store.database.execute(count, (app, user, session))[0][0] == messages


@then('each session in the answer is one of "{prefixes}"')
def _(context, prefixes):
    beginnings = tuple(prefixes.split('" or "'))
    found = {each["session_id"] for each in context.driver.data["sessions"]}
    assert found, "none is"
    assert found == {each for each in context.store.to_purge if each.startswith(beginnings)}, found


@then('no file was made at "{name}"')
def _(context, name):
    assert not (context.driver.folder / name).exists()


@then("the answer counts no session as dated in the future")
def _(context):
    assert not context.driver.data["protected"].get("future"), context.driver.data["protected"]


@then('the session "{name}" is still in the store')
def _(context, name):
    assert context.store.database.execute(f"SELECT 1 FROM sessions WHERE id = '{name}'")


@then("{count:d} dangling messages are counted")
def _(context, count):
    found = context.driver.data["dangling_messages"]
    assert found == count, found


@then('the store still has {count:d} messages of "{session}"')
def _(context, count, session):
    rows = context.store.database.execute(f"SELECT count(*) FROM events WHERE session_id = '{session}'")
    assert rows[0][0] == count, rows


@then("the events were read as a whole less than {most:d} times")
def _(context, most):
    reads = _whole_reads(context) - context.reads_before
    assert 0 < reads < most, reads


@then("the trigger wrote down every session that went")
def _(context):
    gone = context.store.made - context.store.session_ids(context.driver)
    seen = context.store.database.execute(_ROWS_OF_TRIGGER)[0][0]
    assert seen == len(gone) + 60, (seen, len(gone))


@then("no stale session is left in the store")
def _(context):
    left = context.store.database.execute("SELECT id FROM sessions WHERE id LIKE 'more-%'")
    assert not left, left


def _whole_reads(context):
    """How often PostgreSQL has read the table of the events from its beginning to its end."""
    with context.store.database.connect() as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        connection.execute("SELECT pg_stat_clear_snapshot()")
        row = connection.execute("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'events'")
        return row.fetchone()[0]
