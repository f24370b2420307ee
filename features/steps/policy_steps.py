"""The words of what is in force and where it came from."""

from __future__ import annotations

import json

from behave import then, when

from support.cleanup_report import figure
from support.tables import rows_of


def told(value):
    """A value as the features write it."""
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {told(amount)}" for name, amount in value.items())
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return str(value)


@when('I look at the policy for the actor "{actor}" in {format_}')
def _(context, actor, format_):
    harmful = actor.encode().decode("unicode_escape")
    context.driver.run(["cleanup", "policy", "--actor", harmful, "--format", format_])


@then("the values in force are, besides the archive folder")
def _(context):
    values = [value for value in context.driver.data["values"] if value["name"] != "archive_folder"]
    found = [{name: told(entry) for name, entry in value.items()} for value in values]
    assert found == rows_of(context.table), found


@then("the archives of the database are kept beside it")
def _(context):
    values = {value["name"]: value for value in context.driver.data["values"]}
    folder = values["archive_folder"]
    assert (folder["value"], folder["source"]) == (f"{context.driver.database.path}.archives", "default")


@then("these values are in force")
def _(context):
    values = {value["name"]: value for value in context.driver.data["values"]}
    for row in rows_of(context.table):
        value = values[row["name"]]
        # Files are named with their folder, which is this scenario's own.
        source = value["source"].rpartition("/")[2] if value["source"].startswith("/") else value["source"]
        found = {**{name: told(entry) for name, entry in value.items()}, "source": source}
        assert row.items() <= found.items(), found


@then("it found")
def _(context):
    (row,) = rows_of(context.table)
    data = context.driver.data
    kept = data["kept"]
    assert data["scanned"] == data["candidates"] + sum(kept.values()), data
    assert {name: figure(data, name) for name in row} == {name: int(cell) for name, cell in row.items()}


@then("nothing is worth a warning")
def _(context):
    envelope = context.driver.envelope
    warnings = [message for message in envelope["messages"] if message["level"] != "info"]
    assert (envelope["status"], warnings) == ("ok", []), envelope["messages"]


@then('it is a warning that says "{text}"')
def _(context, text):
    envelope = context.driver.envelope
    assert (envelope["status"], envelope["exit_code"]) == ("warn", 0), envelope
    warnings = [message["text"] for message in envelope["messages"] if message["level"] == "warn"]
    assert any(text in warning for warning in warnings), envelope["messages"]
