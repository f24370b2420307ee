"""Which stores can be cleaned, and what is known of them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

from behave import given, then, when

from support.other_packages import WRONG, install
from support.recorded_stores import load
from support.settings_files import PLACES
from support.tables import rows_of


@given('an installed package "{package}" brings the kind "{kind}", and it {what}')
def _(context, package, kind, what):
    module = package.replace("-", "_")
    install(context.driver, package, WRONG[what], {kind: f"{module}:KIND"})


@given('the settings name the store "{name}"')
def _(context, name):
    _name(context.driver, {name: f"{context.store.kind}:{context.store.database.url}"})


@given('the settings name "{name}" as "{store}"')
def _(context, name, store):
    _name(context.driver, {name: store})


@given('the settings name the scenario\'s own database "{name}"')
def _(context, name):
    _name(context.driver, {name: f"cleveragents:{context.driver.database.url}"})


@given('the store "{name}" in the folder "{folder}" of an agent')
@given('another store "{name}" in the folder "{folder}" of an agent')
def _(context, name, folder):
    store = load(name, context.driver)
    place = context.driver.folder / folder / ".adk" / "session.db"
    place.parent.mkdir(parents=True)
    with closing(sqlite3.connect(store.database.url.removeprefix("sqlite:///"))) as connection:
        connection.execute("VACUUM INTO ?", (str(place),))


@given("another program's table refers to the store's sessions")
def _(context):
    context.store.database.execute(
        "CREATE TABLE notes (app_name VARCHAR(128), user_id VARCHAR(128), id VARCHAR(128), note TEXT, "
        "FOREIGN KEY (app_name, user_id, id) REFERENCES sessions (app_name, user_id, id) ON DELETE CASCADE)"
    )


@given("the store has lost its index of events")
def _(context):
    context.store.database.execute("DROP INDEX idx_events_app_user_session_ts_id")


@given('another program\'s database "{name}"')
def _(context, name):
    with closing(sqlite3.connect(context.driver.folder / name)) as connection:
        connection.execute("CREATE TABLE notes (note TEXT)")


@when("the variable {name} is not set any more")
def _(context, name):
    context.driver.set_variable(name, None)


@when("I run the check of the store")
def _(context):
    context.driver.run(f"store check {context.store.kind}:{context.store.database.url} --format json")


@then("its sessions, candidates and dangling messages are those of a dry run")
def _(context):
    told = context.driver.data
    found = context.driver.ask(f"cleanup --dry-run {context.store.option}")
    for one, other in (("sessions", "scanned"), ("candidates", "candidates"), ("by_reason", "by_reason")):
        assert told[one] == found[other], (one, told[one], found[other])
    assert told["dangling_messages"] == found["dangling_messages"]
    assert told["sessions"], told


@then('one of the answer\'s messages says "{text}"')
def _(context, text):
    messages = [message["text"] for message in context.driver.envelope["messages"]]
    assert any(text in message for message in messages), messages


@then('the kind "{name}" is listed with')
def _(context, name):
    _assert_has(_kind(context, name), context.table)


@then('the first kind that is listed is "{name}"')
def _(context, name):
    assert context.driver.data["kinds"][0]["kind"] == name


@then('of the kind "{name}" {count:d} stores are listed')
@then('of the kind "{name}" {count:d} store is listed')
def _(context, name, count):
    stores = _kind(context, name)["stores"]
    assert len(stores) == count, stores


@then('the listed store "{name}" has')
def _(context, name):
    found = [
        store
        for kind in [*context.driver.data["kinds"], {"stores": context.driver.data["unknown"]}]
        for store in kind["stores"]
        if name in {store["name"], store["store"].rpartition("/")[2], store["store"].partition(":")[0]}
    ]
    assert len(found) == 1, found
    _assert_has(found[0], context.table)


@then("the store has")
def _(context):
    _assert_has(context.driver.data, context.table)


@then("the store's {what} include {values}")
def _(context, what, values):
    told = context.driver.data[what.replace(" ", "_")]
    assert set(values.split(", ")) <= set(told), told


def _name(driver, stores):
    path = driver.folder / PLACES["project"]
    before = path.read_text(encoding="utf-8") if path.exists() else "[stores]\n"
    lines = "".join(f"{json.dumps(name)} = {json.dumps(store)}\n" for name, store in stores.items())
    path.write_text(before + lines, encoding="utf-8")


def _kind(context, name):
    found = [kind for kind in context.driver.data["kinds"] if kind["kind"] == name]
    assert len(found) == 1, context.driver.data["kinds"]
    return found[0]


def _assert_has(told, table):
    for row in rows_of(table):
        value = told
        for key in row["what"].split("."):
            value = value[int(key)] if isinstance(value, list) else value[key]
        shown = "none" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        wanted = row["value"]
        matches = shown.startswith(wanted[:-1]) if wanted.endswith("…") else shown == wanted
        assert matches, f"{row['what']}: {shown!r} is not {wanted!r}"
