"""The words of a program that names the sessions it wants purged."""

from __future__ import annotations

from behave import then, use_step_matcher, when

from cleveragents.domain.retention import RetentionPolicy, SessionFilter
from support import other_user
from support.named_purges import NamingProgram, named_in


def _program(context):
    return context.driver.remembered.setdefault("naming", NamingProgram(context.driver))


# What is named comes in many forms, so that shorter steps would match the longer ones too.
use_step_matcher("re")
_NAMES = r'(?P<names>no session|\d+ of them|(?:"[^"]*"(?:, | and )?)+)'


@when(f"a program scans only {_NAMES}")
def _(context, names):
    _program(context).scan(named_in(names, context.driver))


@when(f"a program purges only {_NAMES}")
def _(context, names):
    _program(context).purge(named_in(names, context.driver))


@when(
    f'a program purges only {_NAMES} of the source "(?P<source>[^"]*)", '
    r"but the newest (?P<number>\d+) of each actor"
)
def _(context, names, source, number):
    policy = RetentionPolicy(keep_last=int(number), narrowed_to=SessionFilter(sources=(source,)))
    _program(context).purge(named_in(names, context.driver), policy=policy)


@when(f'a program purges only {_NAMES}, and another user touches "(?P<name>[^"]*)" after the scan')
def _(context, names, name):
    def approve(_report):
        other_user.act(context.driver, "touches", name)
        return True

    _program(context).purge(named_in(names, context.driver), approve=approve)


@when(f'a program purges only {_NAMES} as the run "(?P<run_id>[^"]*)"')
def _(context, names, run_id):
    _program(context).purge(named_in(names, context.driver), run_id=run_id)


use_step_matcher("parse")


@when("a program undoes that")
def _(context):
    _program(context).undo()


@then('the program that named them is told "{text}"')
def _(context, text):
    error = _program(context).error
    assert error is not None, "nothing was refused"
    assert text in error.message, error.message


@then("{count:d} dangling message is still there to be found")
def _(context, count):
    found = context.driver.ask("cleanup --dry-run")["dangling_messages"]
    assert found == count, found
