"""The words of what must hold for every store."""

from __future__ import annotations

from behave import given, then

from support.properties import Laboratory

EXAMPLES = {"sqlite": 60, "postgresql": 20}


@given("any sessions and any policy")
@given("any families of sessions")
def _(context):
    usual = EXAMPLES[context.driver.backend.name]
    context.laboratory = Laboratory(context.driver, context.config.userdata.getint("examples", usual))


@then("the database and the rules give every session the same verdict, and a purge follows it")
def _(context):
    context.laboratory.same_verdicts()


@then("a glob matches the same names in the database and by the rules")
def _(context):
    context.laboratory.same_names()


@then("narrowing the policy never adds a candidate")
def _(context):
    context.laboratory.filters_narrow()


@then("of the sessions that a program names only those go that would go anyway")
def _(context):
    context.laboratory.names_narrow()


@then("a purge leaves every survivor the parent it had")
def _(context):
    context.laboratory.no_orphans()


@then("a purge respects whatever others did after its scan")
def _(context):
    context.laboratory.others_are_respected()
