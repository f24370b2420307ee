"""The words about runs in chunks in processes of their own, and about deletions that take long."""

from __future__ import annotations

from behave import given, step, then, when

from support.pace_processes import stop_in_pause, stop_while_deleting
from support.records import said
from support.slowness import slow_down, speed_up

KILLED = -9
_VERY_LONG = 4.0


@given('the deletion of "{name}" takes very long')
def _(context, name):
    slow_down(context.driver, context.driver.id_of(name), _VERY_LONG)


@given("the deletion of each session takes {milliseconds:d} ms")
def _(context, milliseconds):
    slow_down(context.driver, "%", milliseconds / 1000)


@given('the deletion of each session like "{ids}" takes {milliseconds:d} ms')
def _(context, ids, milliseconds):
    slow_down(context.driver, ids, milliseconds / 1000)


@given("putting back each session takes {milliseconds:d} ms")
def _(context, milliseconds):
    slow_down(context.driver, "%", milliseconds / 1000, event="INSERT")


@step("nothing takes long any more")
def _(context):
    speed_up(context.driver)


@when('"{words}" gets {how} in the pause after chunk {number:d}')
def _(context, words, how, number):
    stop_in_pause(context.driver, words, how, number)


@when('"{words}" gets {how} while it deletes after chunk {number:d}')
def _(context, words, how, number):
    stop_while_deleting(context.driver, words, how, number)


@then('it says, unless it was killed, "{text}"')
def _(context, text):
    driver = context.driver
    assert driver.exit_code == KILLED or text in said(driver), said(driver)
