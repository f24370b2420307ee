"""The words of warning before sessions expire."""

from __future__ import annotations

import re
import subprocess
import sys

from behave import given, step, then, when

from support import other_user, warning_program
from support.sessions import span
from support.tables import quoted, rows_of
from support.warning_program import WarningProgram, warn_at_once

# --- what happens -------------------------------------------------------------------------------


def warn(context, before=None, after=lambda _: None):
    program = WarningProgram(context.driver)
    context.programs.append(program)
    program.warn(None if before is None else span(before), after)


@step("a program warns")
def _(context):
    context.programs = [*getattr(context, "programs", ())]
    warn(context)


@step("a program warns {time} before")
def _(context, time):
    context.programs = [*getattr(context, "programs", ())]
    warn(context, time)


@when("a program warns {time} before, with a hook that fails in its second call")
def _(context, time):
    def fail_again(_sessions):
        if len(context.programs[-1].calls) == 2:
            raise OSError("the mail server is away")

    context.programs = []
    warn(context, time, fail_again)


@when("a program warns, and its hook fails while another program holds the write lock")
def _(context):
    held = []

    def hold_and_fail(_sessions):
        held.append(context.driver.hold_write_lock())
        raise OSError("the mail server is away")

    context.programs = []
    warn(context, after=hold_and_fail)
    held.pop().close()


@when("a program warns, and is interrupted in the hook")
def _(context):
    def interrupt(_sessions):
        raise KeyboardInterrupt

    context.programs = []
    warn(context, after=interrupt)


@when("a program warns, and while its hook works another one does")
def _(context):
    context.other = WarningProgram(context.driver)
    context.programs = []
    warn(context, after=lambda _: context.other.warn())


@when('a program warns, and in the first call of its hook another user {deed} "{name}"')
def _(context, deed, name):
    def act(_sessions):
        if len(context.programs[-1].calls) == 1:
            other_user.act(context.driver, deed, name)

    context.programs = []
    warn(context, after=act)


@when("{number:d} programs warn {time} before at once")
def _(context, number, time):
    context.programs = warn_at_once(context.driver, number, span(time))


@when("a program of its own warns and dies in the hook")
def _(context):
    finished = subprocess.run(  # noqa: S603 - the words are ours
        [sys.executable, warning_program.__file__],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert finished.returncode == warning_program.DIED, finished.stderr
    context.programs = []


@given('another user {deed} "{name}"')
def _(context, deed, name):
    other_user.act(context.driver, deed, name)


# --- what came of it ----------------------------------------------------------------------------


def told(context):
    program = context.programs[-1]
    assert program.error is None, program.error
    assert program.warned == len(program.told), program.warned
    return program.told


@then("the hook was told of nothing")
def _(context):
    assert told(context) == []


@then('the hook was told of "{names}"')
def _(context, names):
    entries = told(context)
    assert [entry.session.name for entry in entries] == quoted(f'"{names}"'), entries


@then("the hook was told of these")
def _(context):
    now = context.driver.clock.now()
    found = [(entry.session.name, entry.eligible_at - now) for entry in told(context)]
    assert found == [(row["name"], span(row["in"])) for row in rows_of(context.table)], found


@then("the other program's hook was told of nothing")
def _(context):
    assert (context.other.calls, context.other.error) == ([], None)


@then("the hook was called with {numbers} sessions")
def _(context, numbers):
    wanted = [int(number) for number in re.findall(r"\d+", numbers)]
    told(context)
    assert [len(call) for call in context.programs[-1].calls] == wanted
    moments = [entry.eligible_at for entry in told(context)]
    assert moments == sorted(moments), moments


@then("nobody was warned of twice")
def _(context):
    ids = [
        entry.session.session_id
        for program in context.programs
        for call in (program.calls if program.error is None else program.calls[:-1])
        for entry in call
    ]
    assert ids, "nobody was warned at all"
    assert len(ids) == len(set(ids)), "somebody was warned of twice"


@then('nobody was warned of "{name}"')
def _(context, name):
    assert name not in {entry.session.name for entry in told(context)}


@then("the program is told that {warned:d} sessions were warned of and {left:d} come again")
def _(context, warned, left):
    error = context.programs[-1].error
    assert error.code == "expiry_hook", error
    assert isinstance(error.__cause__, OSError), error.__cause__
    assert f"told of {warned} sessions before; {left} are not remembered" in error.message, error.message
    assert "the mail server is away" in error.message, error.message


@then('the program is refused with "{text}"')
def _(context, text):
    assert text in context.programs[-1].error.message, context.programs[-1].error


@then("the program was interrupted")
def _(context):
    assert isinstance(context.programs[-1].error, KeyboardInterrupt), context.programs[-1].error


@then("together they warned of {number:d} sessions, each once")
def _(context, number):
    assert [program.error for program in context.programs] == [None] * len(context.programs)
    ids = [entry.session.session_id for program in context.programs for entry in program.told]
    assert (len(ids), len(set(ids))) == (number, number)


def remembered(context):
    connection = context.driver.another_connection()
    return connection.execute("SELECT count(*) FROM expiry_warnings WHERE claim IS NULL").fetchone()[0]


@then("no warning is remembered")
def _(context):
    assert remembered(context) == 0


@then("{number:d} warnings are remembered")
def _(context, number):
    assert remembered(context) == number
