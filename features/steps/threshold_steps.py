"""The words of a threshold that is worked out."""

from __future__ import annotations

import json
from datetime import timedelta

from behave import given, then, when

from support.sessions import span
from support.tables import rows_of
from support.threshold_checks import Archaeology, lived

EXAMPLES = {"sqlite": 100, "postgresql": 40}


@given("any sessions with any history")
def _(context):
    usual = EXAMPLES[context.driver.backend.name]
    context.archaeology = Archaeology(context.driver, context.config.userdata.getint("examples", usual))


@then("the database counts what lay unused and came back as a plain computation does")
def _(context):
    context.archaeology.figures_are_right()
    assert context.archaeology.returned > 0, "no example had anybody come back"


@given("these histories")
def _(context):
    driver = context.driver
    now = driver.clock.now()
    for row in rows_of(context.table):
        unused = span(row["unused for"])
        back = span(row["came back after"]) if row["came back after"] else timedelta(0)
        driver.add(
            lived(f"{row['name']} {number}", now - unused - back, now - unused)
            for number in range(int(row["sessions"]))
        )


@when("I run each of these and see the threshold {threshold}")
def _(context, threshold):
    driver = context.driver
    for row in rows_of(context.table):
        driver.run(f"agents {row['command']} --format json")
        assert driver.exit_code == 0, driver.stdout
        assert driver.data["auto_threshold"]["stale_after"] == threshold, row
        if "policy" in driver.data:
            assert driver.data["policy"]["stale_after"] == threshold, row
        if "rules" in driver.data:
            stale = driver.data["rules"][0]
            assert (stale["threshold_seconds"], stale["selects"]) == (span(threshold).total_seconds(), True)


@then("the threshold was worked out")
def _(context):
    (row,) = rows_of(context.table)
    found = context.driver.data["auto_threshold"]
    assert {name: str(found[name]) for name in row} == row, found


@then("no threshold was worked out")
def _(context):
    assert context.driver.data["auto_threshold"] is None
    assert context.driver.data["policy"]["stale_after"] == "30d"


@then('a note says "{text}"')
def _(context, text):
    messages = context.driver.envelope["messages"]
    assert any(text in message["text"] for message in messages), messages


@then('no session "{gone}" is left, and "{kept}" is')
def _(context, gone, kept):
    remaining = context.driver.remaining()
    assert (gone in remaining, kept in remaining) == (False, True), remaining


@then("the plan's threshold is {threshold}")
def _(context, threshold):
    plan = json.loads((context.driver.folder / "plan.json").read_text())
    assert plan["policy"]["stale_after"] == threshold, plan["policy"]
