"""The words about what is looked at before a purge: references, triggers, transactions, room on the disk."""

from __future__ import annotations

import time

import psycopg
from behave import given, then, when
from psycopg.sql import SQL, Identifier
from sqlalchemy import Column, ForeignKey, MetaData, Table, Text, make_url

from cleveragents.infrastructure.database.rows import metadata
from support import hanging, space
from support.contents import remember
from support.servers import use_url

NOTES = "CREATE TABLE notes (session_id {key} REFERENCES sessions (session_id), at INTEGER)"
NOTES_THAT_GO = (
    "CREATE TABLE notes (note_id INTEGER PRIMARY KEY, session_id {key} "
    "REFERENCES sessions (session_id) ON DELETE CASCADE)"
)
RATINGS = (
    "CREATE TABLE ratings (session_id {key}, sequence BIGINT, "
    "FOREIGN KEY (session_id, sequence) REFERENCES session_messages (session_id, sequence))"
)
NOTES_BY_NAME = (
    "CREATE TABLE notes (name TEXT PRIMARY KEY, session_id {key} REFERENCES sessions (session_id)) "
    "WITHOUT ROWID"
)
WORDS = "CREATE TABLE words (note_id INTEGER REFERENCES notes (note_id))"
SUMMARIES = "CREATE TABLE summaries (note_id INTEGER PRIMARY KEY REFERENCES notes (note_id))"
BY_SESSION = "CREATE INDEX by_session ON notes (session_id)"
TABLES = {
    "notes without an index": [NOTES],
    "notes with an index": [NOTES, "CREATE INDEX by_session ON notes (session_id, at)"],
    "notes with an index that leads with something else": [
        NOTES,
        "CREATE INDEX by_time ON notes (at, session_id)",
    ],
    "notes with an index of some rows": [NOTES, f"{BY_SESSION} WHERE at > 7"],
    "ratings of messages without an index": [RATINGS],
    "notes in the order of their names": [NOTES_BY_NAME],
    "ratings of messages with an index the other way round": [
        RATINGS,
        "CREATE INDEX by_message ON ratings (sequence, session_id)",
    ],
    "notes that go with sessions, and words on notes": [NOTES_THAT_GO, BY_SESSION, WORDS],
    "notes that go with sessions, and one summary of each": [NOTES_THAT_GO, BY_SESSION, SUMMARIES],
}
TRIGGERS = {
    "sqlite": "CREATE TRIGGER audit {when} ON {table} BEGIN SELECT 1; END",
    "postgresql": (
        "CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
        "CREATE TRIGGER audit {when} ON {table} FOR EACH ROW EXECUTE FUNCTION audit()"
    ),
}

# --- what there is ------------------------------------------------------------------------------


@given("a plug-in keeps {what}")
def _(context, what):
    driver = context.driver
    connection = driver.another_connection()
    key = "TEXT" if driver.backend.name == "sqlite" else 'TEXT COLLATE "C"'
    for statement in TABLES[what]:
        connection.execute(statement.format(key=key))
    driver.remembered["foreign"] = connection
    remember(driver)


@given('the plug-in has {count:d} rows in "{table}"')
def _(context, count, table):
    driver = context.driver
    connection = driver.remembered["foreign"]
    for _number in range(count):
        connection.execute(f"INSERT INTO {table} (session_id) VALUES (NULL)")
    connection.execute("ANALYZE")


@given('a plug-in has a trigger {when} on "{table}"')
def _(context, when, table):
    driver = context.driver
    driver.another_connection().execute(TRIGGERS[driver.backend.name].format(when=when, table=table))


@given("another program is in the middle of a long transaction")
def _(context):
    driver = context.driver
    connection = psycopg.connect(driver.database.url, application_name="night-report")
    driver.at_the_end(connection.close)
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    connection.execute("SELECT count(*) FROM sessions")
    driver.remembered["pid"] = connection.info.backend_pid
    space.have_everything_pinned_after(driver, 0.2)
    time.sleep(0.5)


@given("another program has just begun a transaction")
def _(context):
    connection = psycopg.connect(context.driver.database.url)
    context.driver.at_the_end(connection.close)
    connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    connection.execute("SELECT count(*) FROM sessions")


@given("the foreign keys are switched off for me")
def _(context):
    driver = context.driver
    url = make_url(driver.database.url)
    use_url(driver, url.update_query_dict({"options": "-c session_replication_role=replica"}))


@given("somebody has switched the foreign keys of the sessions off")
def _(context):
    context.driver.another_connection().execute("ALTER TABLE sessions DISABLE TRIGGER ALL")


@given("somebody has dropped the foreign key of the messages")
def _(context):
    name = Identifier("fk_session_messages_session_id_sessions")
    statement = SQL("ALTER TABLE session_messages DROP CONSTRAINT {}").format(name)
    context.driver.another_connection().execute(statement)


# --- what happens -------------------------------------------------------------------------------


@when("I do what it says mends it")
def _(context):
    driver = context.driver
    (hazard,) = driver.data["preflight"]
    driver.another_connection().execute(hazard["mend"])


# --- what came of it ----------------------------------------------------------------------------


@then('it names the hazard "{code}", which says "{message}", and that it costs "{cost}"')
def _(context, code, message, cost):
    hazards = context.driver.data["preflight"]
    assert [hazard["code"] for hazard in hazards] == [code], hazards
    assert message in hazards[0]["message"], hazards
    assert cost in hazards[0]["cost"], hazards


@then('it is mended by "{mend}"')
def _(context, mend):
    (hazard,) = context.driver.data["preflight"]
    pid = context.driver.remembered.get("pid")
    assert hazard["mend"] == mend.replace("THE PID", str(pid)), hazard


@then("it names no hazard")
def _(context):
    assert context.driver.data["preflight"] == [], context.driver.data["preflight"]


# --- our own tables -----------------------------------------------------------------------------


@given('every table that hangs off sessions says something about "{name}"')
def _(context, name):
    driver = context.driver
    found = hanging.rows_about(driver, metadata, driver.id_of(name))
    silent = [table for table, rows in found.items() if not rows]
    assert found, "no table hangs off sessions"
    assert not silent, f"write rows about it into {silent}, or leave them out with a reason"


@then('no table that hangs off sessions says anything about "{name}"')
def _(context, name):
    driver = context.driver
    left = hanging.rows_about(driver, metadata, driver.id_of(name))
    assert not any(left.values()), f"a purge does not handle {left}; let it, or leave them out with a reason"


@then("a new table that hangs off sessions would be noticed")
def _(_context):
    known = {table.name for table in hanging.hanging(metadata)}
    grown = MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(grown)
    Table("bookmarks", grown, Column("at", Text, ForeignKey("sessions.session_id")))
    Table("moods", grown, Column("session_id", Text))
    assert {table.name for table in hanging.hanging(grown)} - known == {"bookmarks", "moods"}


@then("each table that is left out has a reason and is there")
def _(_context):
    known = {table.name for table in hanging.hanging(metadata)}
    assert set(hanging.LEFT_OUT) <= known, hanging.LEFT_OUT
    assert all(hanging.LEFT_OUT.values()), hanging.LEFT_OUT
