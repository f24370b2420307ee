"""The words of what a purge will take, and when."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from behave import given, then

from support import forecast_checks
from support.clock import StandingClock
from support.forecast_checks import Observatory
from support.harm import styles
from support.sessions import span
from support.tables import rows_of

EXAMPLES = {"sqlite": 40, "postgresql": 15}


def examples(context):
    return context.config.userdata.getint("examples", EXAMPLES[context.driver.backend.name])


@given("the clock stands a week before the last day of the calendar")
def _(context):
    context.driver.clock = StandingClock(datetime.max.replace(tzinfo=UTC) - timedelta(days=7))


@given("any sessions, and any policy to look ahead with")
def _(context):
    context.observatory = Observatory(context.driver, examples(context))


@given("any figures that only grow")
def _(context):
    context.examples = 200


@then("eligible now are")
def _(context):
    (row,) = rows_of(context.table)
    eligible = context.driver.data["eligible_now"]
    assert {name: eligible[name] for name in row} == {name: int(number) for name, number in row.items()}


@then("the buckets are")
def _(context):
    data = context.driver.data
    found = [
        {**bucket, **{end: forecast_checks.day_of(bucket[end], data["as_of"]) for end in ("from", "to")}}
        for bucket in data["buckets"]
    ]
    rows = rows_of(context.table)
    expected = [
        {name: span(cell) if name in {"from", "to"} else int(cell) for name, cell in row.items()}
        for row in rows
    ]
    assert [{name: bucket[name] for name in rows[0]} for bucket in found] == expected, found


@then("it forecasts {days:d} days by {by} in {count:d} buckets")
def _(context, days, by, count):
    data = context.driver.data
    assert (data["days"], data["by"], len(data["buckets"])) == (days, by, count), data
    ends = [bucket["to"] for bucket in data["buckets"]]
    begins = [bucket["from"] for bucket in data["buckets"]]
    assert begins == [data["as_of"], *ends[:-1]], data
    assert forecast_checks.day_of(ends[-1], data["as_of"]) == timedelta(days=days), ends


@then('purging "{options}" takes, now and at the end of each bucket, what a forecast of {days:d} days said')
def _(context, options, days):
    driver = context.driver
    driver.remembered["taken"] = forecast_checks.purged_as_forecast(driver, options, days)


@then("dangling messages were among it")
def _(context):
    taken = context.driver.remembered["taken"]
    assert sum(amount["dangling_messages"] for amount in taken[1:]) > 0, taken


@then("purges at the end of each bucket, and under each threshold, take what was forecast")
def _(context):
    context.observatory.purges_follow_forecasts()


@then("they are measured rightly, and seldom where nothing changes")
def _(context):
    forecast_checks.measured_seldom(context.examples)


@then("the thresholds would free")
def _(context):
    rows = rows_of(context.table)
    thresholds = context.driver.data["thresholds"]
    found = [{name: str(threshold[name]) for name in rows[0]} for threshold in thresholds]
    assert found == rows, found


@then("each threshold frees what a dry run with it says")
def _(context):
    driver = context.driver
    for threshold in driver.data["thresholds"]:
        stale_after = threshold.pop("stale_after")
        dry_run = driver.ask(f"cleanup --dry-run --stale-after {stale_after}")
        assert forecast_checks.taken_by(dry_run) == threshold, stale_after


@then("the bars are {lengths} characters long")
def _(context, lengths):
    lines = re.findall(r"^\d{4}-\d\d-\d\d .*$", context.driver.stdout, re.MULTILINE)
    found = [line.count("#") for line in lines]
    assert found == [int(length) for length in re.findall(r"\d+", lengths)], context.driver.stdout


@then("no line is longer than {width:d} and the longest bar has {blocks:d} blocks")
def _(context, width, blocks):
    shown = re.sub(r"\x1b\[[0-9;]*m", "", context.driver.stdout)
    assert styles(context.driver.stdout)
    assert max(map(len, shown.splitlines())) <= width, shown
    assert max(line.count("█") for line in shown.splitlines()) == blocks, shown
