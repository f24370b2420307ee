"""The words of the cleanup features: who acts when, and what a cleanup found and did."""

from __future__ import annotations

from datetime import timedelta

from behave import given, then, when

from cleveragents.domain.errors import UsageError
from support import other_user
from support.cleanup_report import check_reconciled, figure
from support.refused_policies import REFUSED
from support.sessions import session_from_row, span
from support.tables import quoted, rows_of

# --- what there is ------------------------------------------------------------------------------


@given("{count:d} sessions last accessed between {oldest} and {newest} ago")
def _(context, count, oldest, newest):
    """Name them "session 1" (the oldest) and so on, evenly apart."""
    driver = context.driver
    step = (span(oldest) - span(newest)) / max(count - 1, 1)
    idle = [span(oldest) - step * number for number in range(count)]
    driver.add(
        session_from_row(
            {"name": f"session {number}", "idle": f"{since // timedelta(microseconds=1)}us"},
            driver.clock.now(),
        )
        for number, since in enumerate(idle, start=1)
    )


@given('a program that enforces no foreign keys has deleted "{name}"')
def _(context, name):
    context.driver.database.leave_messages_behind(context.driver.id_of(name))


@given('a program that keeps no counters has taken a message from "{name}"')
def _(context, name):
    context.driver.database.take_message(context.driver.id_of(name))


@given('another program that stays connected has touched "{name}"')
def _(context, name):
    driver = context.driver
    # Its store stays open: on SQLite what it wrote then stands in the log beside the file.
    container = driver.container()
    driver.at_the_end(lambda: container.store().close())
    container.session_service().touch(driver.id_of(name))


@given('a program that was killed after it had touched "{name}"')
def _(context, name):
    driver = context.driver
    container = driver.container()
    container.session_service().touch(driver.id_of(name))
    left = driver.database.snapshot()
    container.store().close()
    # Closing tidied the log up; a killed program would have left it.
    driver.database.restore(left)


@given('the database quietly refuses to delete "{name}"')
def _(context, name):
    context.driver.database.refuse_to_delete(context.driver.id_of(name))


@given("the clock shows the real time")
def _(context):
    context.driver.clock.show_real_time()


@given("a copy of the database")
def _(context):
    context.driver.remembered["copy"] = context.driver.database.snapshot()


@given('another user holds "{name}" locked')
def _(context, name):
    context.driver.hold_row(name)


@given("another program holds the write lock")
def _(context):
    context.driver.hold_write_lock()


# --- what happens -------------------------------------------------------------------------------


@when('on a terminal I run "{words}" and, before I answer "{answer}", another user {deed} "{name}"')
def _(context, words, answer, deed, name):
    driver = context.driver
    driver.run(
        words,
        stdin=f"{answer}\n",
        terminal=True,
        before_answer=lambda: other_user.act(driver, deed, name),
    )


@when('on a terminal I run "{words}" and, before I agree, another user touches "{name}" and {time} go by')
def _(context, words, name, time):
    driver = context.driver

    def touch_and_wait():
        other_user.act(driver, "touches", name)
        driver.clock.advance(span(time))

    driver.run(words, stdin="yes\n", terminal=True, before_answer=touch_and_wait)


@when('on a terminal I run "{words}" and, before I answer "{answer}", {time} go by')
def _(context, words, answer, time):
    driver = context.driver
    driver.run(
        words,
        stdin=f"{answer}\n",
        terminal=True,
        before_answer=lambda: driver.clock.advance(span(time)),
    )


@when('on a terminal I run "{words}" and, before I answer "{answer}", cron runs "{other}"')
def _(context, words, answer, other):
    driver = context.driver

    def run_other():
        driver.run(other)
        driver.remembered["cron"] = driver.exit_code, driver.data

    driver.run(words, stdin=f"{answer}\n", terminal=True, before_answer=run_other)


@when('a program purges with the library and another user {deed} "{name}" after the scan')
def _(context, deed, name):
    driver = context.driver

    def approve(_report):
        other_user.act(driver, deed, name)
        return True

    driver.purge_with_library(approve)


@when("a program purges with the library and does not approve")
def _(context):
    context.driver.purge_with_library(lambda _report: False)


@when("a program builds a policy with {what}")
def _(context, what):
    try:
        REFUSED[what]()
    except UsageError as error:
        context.driver.remembered["refusal"] = error


@when('{count:d} processes run "{words}" at once')
def _(context, count, words):
    driver = context.driver
    driver.remembered["answers"] = driver.run_at_once(words, count)


# --- what came of it ----------------------------------------------------------------------------


@then("the report counts")
def _(context):
    data = context.driver.answer["data"]
    expected = {name: int(number) for row in rows_of(context.table) for name, number in row.items()}
    assert {name: figure(data, name) for name in expected} == expected, data


@then("the candidates are")
def _(context):
    listed = [
        {"name": session["name"], "reasons": ", ".join(session["reasons"])}
        for session in context.driver.answer["data"]["sessions"]
    ]
    assert listed == rows_of(context.table), listed


@then("there is no candidate")
def _(context):
    data = context.driver.answer["data"]
    assert (figure(data, "candidates"), data["sessions"]) == (0, []), data


@then("the candidates are, oldest first, {names}")
def _(context, names):
    listed = [session["name"] for session in context.driver.answer["data"]["sessions"]]
    assert listed == quoted(names), listed


@then('"{name}" is skipped because it is "{reason}"')
def _(context, name, reason):
    skipped = context.driver.answer["data"]["skipped"]
    assert {"session_id": context.driver.id_of(name), "reason": reason} in skipped, skipped


@then("the figures reconcile")
def _(context):
    check_reconciled(context.driver.answer["data"])


@then("it is refused")
def _(context):
    assert context.driver.remembered["refusal"].message


@then("the database equals its copy")
def _(context):
    assert context.driver.database.snapshot() == context.driver.remembered["copy"]


@then("there is still no database")
def _(context):
    assert not context.driver.database.exists()


@then("{count:d} messages are left")
@then("{count:d} message is left")
def _(context, count):
    left = context.driver.database.count_messages()
    assert left == count, left


@then('"{first}" is listed before "{second}"')
def _(context, first, second):
    shown = context.driver.stdout
    assert 0 <= shown.find(first) < shown.find(second), shown


@then("together they purged {count:d} sessions, each once")
def _(context, count):
    purged = [answer["data"]["purged"] for answer in context.driver.remembered["answers"]]
    assert sum(purged) == count, purged


@then("cron had purged {count:d} sessions")
def _(context, count):
    code, data = context.driver.remembered["cron"]
    assert (code, data["purged"]) == (0, count), data
