"""Programs that are not ours, at work on the same tables."""

from __future__ import annotations

import json

from behave import given, then, when

from support import foreign_programs
from support.servers import hold_back_messages

# --- what there is ------------------------------------------------------------------------------


@given('another program has set the message count of "{name}" to {count:d}')
def _(context, name, count):
    own = f"session_id = '{context.driver.id_of(name)}'"
    foreign_programs.write(context.driver, f"UPDATE sessions SET message_count = {count} WHERE {own}")


@given('another program has given "{name}" {what}')
def _(context, name, what):
    foreign_programs.give(context.driver, name, what)


@given('another program has given the messages of "{name}" another id')
def _(context, name):
    own = f"session_id = '{context.driver.id_of(name)}'"
    foreign_programs.write(context.driver, f"UPDATE session_messages SET session_id = 'gone' WHERE {own}")


@given('another program has given the session "{name}" another id')
def _(context, name):
    own = f"session_id = '{context.driver.id_of(name)}'"
    foreign_programs.write(context.driver, f"UPDATE sessions SET session_id = 'renamed' WHERE {own}")


@given('another program has written a message into "{name}" and kept no counters')
def _(context, name):
    foreign_programs.write_message(context.driver, name)


@given('another program has written a message with a NUL into "{name}" and kept no counters')
def _(context, name):
    foreign_programs.write_message(context.driver, name, "'a' || char(0) || 'b'")


@given('another program has added a session with the id "{session_id}"')
def _(context, session_id):
    """Name it "chat"."""
    context.driver.add_rows([{"name": "chat", "messages": "0"}])
    foreign_programs.write(
        context.driver, f"UPDATE sessions SET session_id = '{session_id}' WHERE session_id = 'chat'"
    )


@given('another program has numbered the message of "{name}" as high as it can')
def _(context, name):
    own = f"session_id = '{context.driver.id_of(name)}'"
    foreign_programs.write(
        context.driver, f"UPDATE session_messages SET sequence = 1000000000000000 WHERE {own}"
    )


@given('another program makes a child of "{name}" while it is being deleted')
def _(context, name):
    foreign_programs.give_child_on_delete(context.driver, name)


@given('somebody is in the middle of importing a child of "{name}"')
def _(context, name):
    driver = context.driver
    driver.run(["session", "create", "--name", "child", "--parent", driver.id_of(name)])
    driver.run(["session", "append", driver.session("child").session_id, "--role", "user", "hello"])
    driver.run(["session", "export", driver.session("child").session_id, "--output", "child.json"])
    driver.run(["session", "delete", driver.session("child").session_id])
    assert driver.exit_code == 0, driver.stderr
    driver.remembered["let go on"], wait = hold_back_messages(driver)
    driver.remembered["import"] = driver.start(["session", "import", "child.json"])
    wait()


# --- what happens -------------------------------------------------------------------------------


@when("the import is let go on")
def _(context):
    driver = context.driver
    driver.remembered["let go on"]()
    driver.finish(driver.remembered["import"])


# --- what came of it ----------------------------------------------------------------------------


@then("stdout is one strict json document")
def _(context):
    def refuse(constant):
        raise AssertionError(f"{constant} is not JSON")

    document = json.loads(context.driver.stdout, parse_constant=refuse)
    assert document["exit_code"] == context.driver.exit_code, document
