"""A database server that is down, guarded, or out of space."""

from __future__ import annotations

from behave import given, then
from sqlalchemy import make_url

from support.contents import remember
from support.records import said
from support.servers import (
    PASSWORD,
    WRONG_PASSWORD,
    break_commits,
    fill_disk_on_delete,
    guarded_server,
    let_only_read,
    passwords_in,
    raise_on_delete,
    url_of_nobody,
    use_url,
)


@given("the server is down")
def _(context):
    use_url(context.driver, url_of_nobody())


@given("the server is down, and the password stands in a parameter of the URL")
def _(context):
    url = url_of_nobody()._replace(password=None)
    use_url(context.driver, url.update_query_dict({"password": PASSWORD}))


@given("the URL of the database cannot be read, and has a password in it")
def _(context):
    context.driver.set_variable("CLEVERAGENTS_DATABASE_URL", f"postgresql//guarded:{PASSWORD}@host:port/db")


@given("the port in the URL is a word")
def _(context):
    context.driver.set_variable("CLEVERAGENTS_DATABASE_URL", f"postgresql://guarded:{PASSWORD}@host:port/db")


@given("the server asks for a password, and I have a wrong one")
def _(context):
    use_url(context.driver, guarded_server().set(password=WRONG_PASSWORD))


@given("the server asks for a password, and I have the right one")
def _(context):
    use_url(context.driver, guarded_server().set(password=PASSWORD))


@given("the database is one that the server does not have")
def _(context):
    use_url(context.driver, make_url(context.driver.database.url).set(database="nobody_made_this"))


@given("the server takes no writes, as a standby does not")
def _(context):
    url = make_url(context.driver.database.url)
    use_url(context.driver, url.update_query_dict({"options": "-c default_transaction_read_only=on"}))


@given("I am a user who may only read")
def _(context):
    let_only_read(context.driver)


@given("the server's disk is full for whoever deletes")
def _(context):
    fill_disk_on_delete(context.driver)


@given("the server ends every statement after {milliseconds:d} milliseconds")
def _(context, milliseconds):
    url = make_url(context.driver.database.url)
    use_url(context.driver, url.update_query_dict({"options": f"-c statement_timeout={milliseconds}"}))


@given("the server ends whoever deletes with {state}")
def _(context, state):
    raise_on_delete(context.driver, state)
    remember(context.driver)


@given("the server ends the connection of whoever commits")
def _(context):
    break_commits(context.driver)


@then("the password is printed nowhere")
def _(context):
    assert said(context.driver)
    assert not passwords_in(said(context.driver)), said(context.driver)
