"""Steps about what other programs, and their owners, do to other systems' stores."""

from __future__ import annotations

import shutil
from pathlib import Path
from unittest.mock import patch

from behave import given, step, then
from sqlalchemy import make_url

from cleveragents.domain.progress import Stage
from cleveragents.infrastructure.stores.sql import references
from support.store_meanwhile import doing

TICKETS = (
    "CREATE TABLE tickets (app VARCHAR(128), person VARCHAR(128), session VARCHAR(128), "
    "FOREIGN KEY (app, person, session) REFERENCES sessions (app_name, user_id, id) {action})"
)
KEEPING = {
    "sqlite": ["CREATE TRIGGER keeping BEFORE DELETE ON events BEGIN SELECT RAISE(IGNORE); END"],
    "postgresql": [
        "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TRIGGER keeping BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION keep()",
    ],
}


@step("in the store it was done: {statement}")
def _(context, statement):
    do(context, statement)


@given("the key of {session} in the store had become {key}")
def _(context, session, key):
    do(
        context,
        f"UPDATE events SET session_id = {key} WHERE session_id = '{session}'",
        f"UPDATE sessions SET id = {key} WHERE id = '{session}'",
    )


@given("another table of the store whose rows {how} their session, with one for {session}")
def _(context, how, session):
    insert = f"INSERT INTO tickets SELECT app_name, user_id, id FROM sessions WHERE id = '{session}'"
    action = {"need": "", "go with": "ON DELETE CASCADE"}[how]
    do(context, TICKETS.format(action=action), insert)


@given("a trigger of the store that keeps events from being deleted")
def _(context):
    do(context, *KEEPING[context.store.database.backend])


@given("after the sessions were scanned, another file takes the place of the store's")
def _(context):
    path = make_url(context.store.database.url).database

    def replace() -> None:
        shutil.copy(path, f"{path}.other")
        Path(f"{path}.other").replace(path)

    doing(context.driver, Stage.SCAN, replace)


@step("for few sessions the store's foreign keys are too slow")
def _(context):
    if context.store.database.backend == "postgresql":
        do(context, "DROP INDEX idx_events_app_user_session_ts_id")
    changed = patch.object(references, "_WORTH_IT", 1)
    changed.start()
    context.driver.at_the_end(changed.stop)


@then("the row of {session} is gone from the store")
def _(context, session):
    assert rows_of(context, session) == 0


@then("the row of {session} is still in the store")
def _(context, session):
    assert rows_of(context, session) == 1


@then("the other table of the store is empty")
def _(context):
    assert context.store.database.execute("SELECT * FROM tickets") == []


def do(context, *statements):
    """What others did before; from here on the store is compared with this."""
    for statement in statements:
        context.store.database.execute(statement)
    context.store.before = context.store.now()
    context.store.made = context.store.session_ids(context.driver)


def rows_of(context, session):
    (row,) = context.store.database.execute(f"SELECT count(*) FROM sessions WHERE id = '{session}'")
    return row[0]
