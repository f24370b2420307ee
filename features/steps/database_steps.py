"""The database itself: there or not, older or newer, healthy or not, ours or somebody else's."""

from __future__ import annotations

import re
from pathlib import Path

from behave import given, then

from cleveragents.infrastructure.database.schema import HEAD
from support.contents import contents, remember
from support.foreign_programs import write
from support.older_schemas import (
    NEWER,
    OLDER,
    downgrade,
    give_to_another_program,
    make_newer,
    revision_of,
)

# --- what there is ------------------------------------------------------------------------------


@given("a server's database with nothing in it")
@given("the database is an empty file")
def _(context):
    context.driver.use_empty_database()


@given('a database of an older schema with a session "{name}"')
def _(context, name):
    context.driver.add_rows([{"name": name, "idle": "40d", "messages": "0"}])
    downgrade(context.driver)
    remember(context.driver)


@given("the database was migrated by a newer version")
def _(context):
    make_newer(context.driver)
    remember(context.driver)


@given("the database belongs to another program")
def _(context):
    give_to_another_program(context.driver)


@given("the database file is damaged in the middle")
def _(context):
    path: Path = context.driver.database.path
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = b"\xa5" * (len(content) - len(content) // 2)
    path.write_bytes(content)


@given("my URL leads to the database through a link")
def _(context):
    driver = context.driver
    link = driver.folder / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(driver.database.path)
    driver.set_variable("CLEVERAGENTS_DATABASE_URL", f"sqlite:///{link}")


@given('another program has removed "{name}" and left its messages, unseen')
def _(context, name):
    if context.backend.name == "sqlite":
        write(context.driver, "DROP TRIGGER record_dangling_on_delete")
    else:
        # As a superuser may: with this setting no foreign key is enforced.
        write(context.driver, "SET session_replication_role = replica")
    write(context.driver, f"DELETE FROM sessions WHERE session_id = '{name}'")


@given('another program has written "{text}" where the metadata of "{name}" belongs')
def _(context, text, name):
    write(context.driver, f"UPDATE sessions SET metadata = '{text}' WHERE session_id = '{name}'")


# --- what came of it ----------------------------------------------------------------------------


@then("no file of the database is there")
def _(context):
    path = context.driver.database.path
    assert not list(path.parent.glob(f"{path.name}*")), list(path.parent.iterdir())


@then("the database file is still empty")
def _(context):
    assert context.driver.database.path.stat().st_size == 0


@then("the database is at the newest schema")
def _(context):
    assert revision_of(context.driver) == HEAD


@then("the database is still of the older schema")
def _(context):
    assert revision_of(context.driver) == OLDER


@then("the database still has nothing in it")
def _(context):
    assert contents(context.driver.database) == {}


@then("it names {number:d} migrations to come")
def _(context, number):
    to_come = re.search(r"^To migrate +(.+)$", context.driver.stdout, re.MULTILINE)
    assert to_come is not None, context.driver.stdout
    assert len(to_come[1].split(", ")) == number, to_come[1]


@then("it names the newer version's schema")
def _(context):
    assert NEWER in context.driver.stdout, context.driver.stdout


@then("the other program's database is byte for byte as it was")
def _(context):
    assert context.driver.database.path.read_bytes() == context.driver.remembered["bytes"]


@then("the other program's rows are still there")
def _(context):
    assert contents(context.driver.database)["orders"] == ["(1, 'a chair')", "(2, 'a table')"]


@then("it tells where counters and messages differ")
def _(context):
    for row in context.table:
        told = rf"^{row['session']} +{row['counted']} +{row['found']} +{row['bytes']} +{row['found bytes']}$"
        assert re.search(told, context.driver.stdout, re.MULTILINE), context.driver.stdout


@then('no message of "{name}" is left')
def _(context, name):
    left = [row for row in contents(context.driver.database)["session_messages"] if name in row]
    assert not left, left


@then('it is told plainly that the metadata of "{name}" cannot be read')
def _(context, name):
    driver = context.driver
    told = driver.stdout + driver.stderr
    assert name in told, told
    assert "metadata" in told.lower(), told
    assert "Traceback" not in told, told
