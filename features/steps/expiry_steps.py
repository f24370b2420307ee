"""The words of what becomes eligible soon, and of warning before it does."""

from __future__ import annotations

from datetime import datetime

from behave import given, then

from support.expiry_checks import Outlook
from support.sessions import span
from support.tables import rows_of

EXAMPLES = {"sqlite": 150, "postgresql": 40}


@given("any sessions, any policy and any time to look ahead")
def _(context):
    usual = EXAMPLES[context.driver.backend.name]
    context.outlook = Outlook(context.driver, context.config.userdata.getint("examples", usual))


@then("what is listed as expiring is what the rules say, each with its very moment")
def _(context):
    context.outlook.lists_follow_the_rules()
    assert context.outlook.found > 0, "no example had anything that expires"


def _moments(context):
    driver = context.driver
    return [
        (session["name"], _moment(session["eligible_at"]) - driver.clock.now())
        for session in driver.answer["data"]["sessions"]
    ]


def _moment(written):
    return written if isinstance(written, datetime) else datetime.fromisoformat(written)


@then("these expire")
def _(context):
    expected = [(row["name"], span(row["in"])) for row in rows_of(context.table)]
    assert _moments(context) == expected, _moments(context)


@then("they expire by {time} from now")
def _(context, time):
    driver = context.driver
    data = driver.answer["data"]
    assert _moment(data["until"]) - driver.clock.now() == span(time), data["until"]
    assert (data["total"], data["total_is_exact"]) == (len(data["sessions"]), True), data


@then("nothing expires")
def _(context):
    data = context.driver.answer["data"]
    assert (data["sessions"], data["total"], data["offset"]) == ([], 0, 0), data
    assert _moment(data["until"]) > context.driver.clock.now(), data
