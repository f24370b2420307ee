"""Settings in files and in the environment."""

from __future__ import annotations

import os

from behave import given, then

from support.settings_files import PLACES, set_in_file


@given("the {owner}'s settings file sets {key} to {value}")
def _(context, owner, key, value):
    if value != "not set":
        set_in_file(context.driver, owner, key, value)


@given("the variable {name} sets it to {value}")
def _(context, name, value):
    context.driver.set_variable(name, None if value == "not set" else value)


@given("the variable {name} is blank")
def _(context, name):
    context.driver.set_variable(name, "")


@given("the project's settings file reads")
def _(context):
    context.driver.write_file(PLACES["project"], context.text)


@given("the project's settings file is not UTF-8")
def _(context):
    (context.driver.folder / PLACES["project"]).write_bytes(b"# caf\xe9\n")


@given("the project's settings file names another database")
def _(context):
    driver = context.driver
    other = driver.backend.create(driver.folder)
    driver.at_the_end(other.drop)
    driver.remembered["other"] = other
    driver.write_file(PLACES["project"], f"[database]\nurl = '{other.url}'\n")


@given("no variable names a database")
def _(context):
    context.driver.set_variable("CLEVERAGENTS_DATABASE_URL", None)


@then('the other database holds "{name}", and this one does not')
def _(context, name):
    driver = context.driver
    assert name in driver.remaining()
    driver.set_variable("CLEVERAGENTS_DATABASE_URL", driver.database.url)
    assert name not in driver.remaining()


@given("the {owner}'s settings file is a link to nothing")
def _(context, owner):
    path = context.driver.folder / PLACES[owner]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to("/not/mounted/settings.toml")


@given("the {owner}'s settings file is a folder")
def _(context, owner):
    (context.driver.folder / PLACES[owner]).mkdir(parents=True)


@given('I am in the folder "{name}"')
def _(context, name):
    folder = context.driver.folder / name
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
