"""How much memory commands need, and how little more for more."""

from __future__ import annotations

import shlex

from behave import given, step, then

from support.memory import peaks_of
from support.sessions import session_from_row

MB = 1_000_000


@given('a session "{name}" whose {count:d} message has {size} characters')
@given('a session "{name}" whose {count:d} messages have {size} characters each')
def _(context, name, count, size):
    driver = context.driver
    row = {"name": name, "messages": str(count), "content": "x" * int(size.replace(",", ""))}
    driver.add([session_from_row(row, driver.clock.now())])


@step("I note how much memory each of these needs")
def _(context):
    context.commands = [words for (words,) in context.table]
    context.peaks = _peaks(context.commands)


@step("I note how much memory each of these needs once more")
def _(context):
    context.later_peaks = _peaks(context.commands)


@step('I note how much memory each of these needs with "{other}" in the place of "{name}"')
def _(context, other, name):
    context.later_peaks = _peaks(words.replace(name, other) for words in context.commands)


@then("none of them needs over {most:d} MB more than before")
def _(context, most):
    grown = {
        words: round((later - before) / MB, 1)
        for words, before, later in zip(context.commands, context.peaks, context.later_peaks, strict=True)
    }
    assert all(more <= most for more in grown.values()), grown


def _peaks(commands) -> list[int]:
    return peaks_of([shlex.split(words)[1:] for words in commands])
