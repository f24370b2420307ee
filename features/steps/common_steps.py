"""The words every feature uses: sessions, commands, the clock, and what came of it."""

from __future__ import annotations

from behave import given, step, then, when

from support.sessions import span
from support.tables import quoted, rows_of

# --- what there is ------------------------------------------------------------------------------


@given("these sessions")
def _(context):
    context.driver.add_rows(rows_of(context.table))


@given("no database")
def _(context):
    context.driver.use_missing_database()


@given('the variable {name} is "{value}"')
def _(context, name, value):
    context.driver.set_variable(name, value)


# --- what happens -------------------------------------------------------------------------------


@step("{time} go by")
@step("{time} goes by")
def _(context, time):
    context.driver.clock.advance(span(time))


@step('I run "{words}"')
def _(context, words):
    context.driver.run(words)


@when('on a terminal I run "{words}" and answer "{answer}"')
def _(context, words, answer):
    context.driver.run(words, stdin=f"{answer}\n", terminal=True)


@when('on a terminal I run "{words}" and press Enter')
def _(context, words):
    context.driver.run(words, stdin="\n", terminal=True)


@when('on a terminal I run "{words}" and end the input')
def _(context, words):
    context.driver.run(words, terminal=True)


# --- what came of it ----------------------------------------------------------------------------


@then("it exits with {code:d}")
def _(context, code):
    driver = context.driver
    assert driver.exit_code == code, f"{driver.exit_code}\n{driver.stdout}\n{driver.stderr}"


@then("only {names} remain")
@then("only {names} remains")
def _(context, names):
    remaining = context.driver.remaining()
    assert remaining == set(quoted(names)), sorted(remaining)


@then("no session remains")
def _(context):
    assert context.driver.remaining() == set()


@then('the answer says "{text}"')
def _(context, text):
    assert text in context.driver.stdout, context.driver.stdout


@then('the answer does not say "{text}"')
def _(context, text):
    assert text not in context.driver.stdout, context.driver.stdout


@then('the error says "{text}"')
def _(context, text):
    assert text in context.driver.stderr, context.driver.stderr


@then('the error does not say "{text}"')
def _(context, text):
    assert text not in context.driver.stderr, context.driver.stderr
