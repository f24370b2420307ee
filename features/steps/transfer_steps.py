"""Sessions that leave as documents and come in from them."""

from __future__ import annotations

import json
import shutil

from behave import given, step, then, when

from support.contents import open_again, remember
from support.documents import checksum_of, damaged, mistaken, plain_session
from support.full_session import full_session
from support.other_backend import other_backend
from support.sessions import span


def remember_session(context, name):
    driver = context.driver
    driver.remembered[name] = driver.session(name), driver.messages(name)


# --- what there is ------------------------------------------------------------------------------


@given('a session with every field set and messages of every role, called "{session_id}"')
def _(context, session_id):
    context.driver.add([full_session(session_id, context.driver.clock.now())])
    remember_session(context, session_id)
    remember(context.driver)


@given('I have exported "{name}" to "{file}"')
def _(context, name, file):
    remember_session(context, name)
    context.driver.run(["session", "export", context.driver.session(name).session_id, "--output", file])
    assert context.driver.exit_code == 0, context.driver.stderr


@given('I have deleted "{name}"')
def _(context, name):
    context.driver.run(["session", "delete", context.driver.session(name).session_id, "--yes"])
    assert context.driver.exit_code == 0, context.driver.stderr
    remember(context.driver)


@given('I have run "{words}"')
def _(context, words):
    context.driver.run(words)
    assert context.driver.exit_code == 0, context.driver.stderr
    remember(context.driver)


@given('a file "{name}" that holds "{text}"')
def _(context, name, text):
    context.driver.write_file(name, text)


@given('a file "{name}" that is not UTF-8')
def _(context, name):
    (context.driver.folder / name).write_bytes(b"\xff\xfe\x00")


@given('a file "{name}" that is a copy of "{other}"')
def _(context, name, other):
    shutil.copyfile(context.driver.folder / other, context.driver.folder / name)


@given('an empty folder "{name}"')
def _(context, name):
    (context.driver.folder / name).mkdir()


@given('"{name}" is damaged: {damage}')
def _(context, name, damage):
    path = context.driver.folder / name
    path.write_bytes(damaged(path.read_text(encoding="utf-8"), damage))


@given('a folder "{folder}" of plain session files')
def _(context, folder):
    for row in context.table:
        last_accessed = context.driver.clock.now() - span(row["idle"])
        session = plain_session(row["id"], last_accessed, int(row["messages"]))
        context.driver.write_file(f"{folder}/{row['file']}", json.dumps(session))


@given('a plain session file "{name}"')
def _(context, name):
    session = {row["what"]: row["value"] for row in context.table}
    context.driver.remembered["plain"] = name, session


@given('the database has a second name "{name}"')
def _(context, name):
    (context.driver.folder / name).symlink_to(context.driver.database.path)


@given("its messages")
def _(context):
    name, session = context.driver.remembered["plain"]
    session["messages"] = [{k: v for k, v in row.as_dict().items() if v} for row in context.table]
    context.driver.write_file(name, json.dumps(session))


@given('a plain session file "{name}" with {mistake}')
def _(context, name, mistake):
    session = plain_session("spring", context.driver.clock.now(), 2)
    context.driver.write_file(name, json.dumps(mistaken(session, mistake)))


# --- what happens -------------------------------------------------------------------------------


@when('I pipe the file "{name}" into "{words}"')
def _(context, name, words):
    context.driver.run(words, stdin=(context.driver.folder / name).read_text(encoding="utf-8"))


@when('I export "{name}" to {place}')
def _(context, name, place):
    path = context.driver.database.path
    names = {
        "the database": path.name,
        "the database's log": f"{path.name}-wal",
        "the database's other name": "link.db",
    }
    context.driver.run(["session", "export", name, "--output", names[place]])


# --- what came of it ----------------------------------------------------------------------------


def assert_document_of(context, document, name):
    session, messages = context.driver.session(name), context.driver.messages(name)
    assert document["session"]["session_id"] == session.session_id
    assert [m["content"] for m in document["messages"]] == [message.content for message in messages]
    assert document["checksum"] == checksum_of(document)


@then('stdout is one export document of "{name}" with all its messages')
def _(context, name):
    assert_document_of(context, json.loads(context.driver.stdout), name)


@then('the file "{file}" is one export document of "{name}" with all its messages')
def _(context, file, name):
    assert_document_of(context, json.loads((context.driver.folder / file).read_text(encoding="utf-8")), name)


@then('the answer in {format_} carries the export document of "{name}"')
def _(context, format_, name):
    driver = context.driver
    envelope = driver.envelope if format_ == "json" else driver.yaml_envelope
    assert_document_of(context, envelope["data"]["document"], name)


@then('the file "{name}" holds "{text}"')
def _(context, name, text):
    assert (context.driver.folder / name).read_text(encoding="utf-8") == text


@then("no part of a file is left")
def _(context):
    assert not [path for path in context.driver.folder.rglob("*") if path.name.endswith(".part")]


@then('the folder "{name}" is empty')
def _(context, name):
    open_again(context.driver)
    assert not list((context.driver.folder / name).iterdir())


@then('"{name}" is again what it was, field by field')
def _(context, name):
    session, messages = context.driver.remembered[name]
    assert context.driver.session(name) == session
    assert context.driver.messages(name) == messages


@then('either it was refused, or "{file}" can be imported again as "{name}"')
def _(context, file, name):
    driver = context.driver
    if driver.exit_code != 0:
        assert "Traceback" not in driver.stderr, driver.stderr
        assert not (driver.folder / file).exists()
        return
    remember_session(context, name)
    driver.run(["session", "delete", driver.id_of(name)])
    driver.run(["session", "import", file])
    assert driver.exit_code == 0, driver.stderr
    assert (driver.session(name), driver.messages(name)) == driver.remembered[name]


@then("there are two sessions that differ in nothing but their ids")
def _(context):
    assert len(context.driver.sessions()) == 2
    one, other = (as_told(context, session) for session in context.driver.sessions())
    assert one == other


def as_told(context, session):
    told = context.driver.ask(f"session show {session.session_id} --messages 100")
    del told["session"]["session_id"]
    return told["session"], [{**message, "message_id": ""} for message in told["messages"]]


@then("these files are named with the reason")
def _(context):
    lines = context.driver.stdout.splitlines()
    for row in context.table:
        assert any(row["file"] in line and row["reason"] in line for line in lines), lines


# --- the other kind of database -----------------------------------------------------------------


@step('I import "{file}" into a database of the other kind')
def _(context, file):
    driver = context.driver
    driver.run(["session", "import", file, "--database-url", other_database(context).url])


@then("exported from there it is the same document with the same checksum")
def _(context):
    driver = context.driver
    driver.run(["session", "export", "full", "--database-url", other_database(context).url])
    assert json.loads(driver.stdout) == json.loads((context.driver.folder / "full.json").read_bytes()), (
        driver.stdout
    )


def other_database(context):
    driver = context.driver
    if "other" not in driver.remembered:
        driver.remembered["other"] = other_backend(context.backend.name).create(driver.folder)
        driver.at_the_end(driver.remembered["other"].drop)
    return driver.remembered["other"]
