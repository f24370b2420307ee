"""The words of a threshold that is worked out."""

from __future__ import annotations

from behave import given, then

from support.threshold_checks import Archaeology

EXAMPLES = {"sqlite": 200, "postgresql": 80}


@given("any sessions with any history")
def _(context):
    usual = EXAMPLES[context.driver.backend.name]
    context.archaeology = Archaeology(context.driver, context.config.userdata.getint("examples", usual))


@then("the database counts what lay unused and came back as a plain computation does")
def _(context):
    context.archaeology.figures_are_right()
    assert context.archaeology.returned > 0, "no example had anybody come back"
