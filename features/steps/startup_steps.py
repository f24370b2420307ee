"""How much a command loads before it does anything."""

from __future__ import annotations

import shlex

from behave import then, when

from support.imports import among, modules_of


@when('I run "{words}" in a process that tells what it loads')
def _(context, words):
    driver = context.driver
    driver.stdout, context.loaded = modules_of(["-m", "cleveragents", *shlex.split(words)[1:]])


@when('I complete "{words}" in a process that tells what it loads')
def _(context, words):
    typed = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    driver = context.driver
    driver.stdout, context.loaded = modules_of(
        ["-m", "cleveragents"], {"_AGENTS_COMPLETE": "complete_bash", **typed}
    )


@then('it loads at most {most:d} modules more than "{floor}" does')
def _(context, most, floor):
    _, least = modules_of(["-c", floor])
    beyond = len(context.loaded) - len(least)
    assert least, "the floor loads nothing"
    assert beyond <= most, f"{beyond} more: {sorted({*context.loaded} - {*least})}"


@then("it loads none of {packages}")
def _(context, packages):
    assert among(context.loaded, "cleveragents.cli"), "the command itself was not loaded"
    found = [name for package in packages.split(", ") for name in among(context.loaded, package)]
    assert not found, found
