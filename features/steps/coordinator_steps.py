"""The words about coordinators: which sessions they have open, and what became of the others."""

from __future__ import annotations

from datetime import timedelta

from behave import given, step, then, when

from cleveragents.domain.errors import CleverAgentsError
from support import other_user, slowness
from support import trust_meanwhile as meanwhile
from support.coordinator_crowd import Crowd, Loop
from support.coordinators import (
    CoordinatingProgram,
    ToolFailedError,
    make_impossible,
    open_in_turn,
    tasks_at_work,
    wait_until,
)
from support.sessions import span
from support.tables import quoted

WHO = {"the": "coordinator", "another": "another coordinator"}


def coordinator(context, who="the") -> CoordinatingProgram:
    """One of the scenario's programs; another one is made when it is first spoken of."""
    remembered = context.driver.remembered
    if who == "another" and WHO[who] not in remembered:
        remembered[WHO[who]] = CoordinatingProgram(context.driver, 3)
    return remembered[WHO[who]]


# --- what there is ------------------------------------------------------------------------------


@given("a coordinator of at most {most:d} sessions")
def _(context, most):
    context.driver.remembered["coordinator"] = CoordinatingProgram(context.driver, most)


@given("a coordinator of at most {most:d} sessions that looks every {interval:d} ms")
def _(context, most, interval):
    looks = timedelta(milliseconds=interval)
    context.driver.remembered["coordinator"] = CoordinatingProgram(context.driver, most, looks)


@given("the coordinator has created {number:d} sessions")
def _(context, number):
    coordinator(context).create_many(number)


@given('a tool run in "{name}" during which another program deletes it')
def _(context, name):
    coordinator(context).use("begins a tool run in", name)
    other_user.act(context.driver, "deletes", name)


@given('the deletion of sessions like "{ids}" takes {seconds:d} seconds')
@given('the deletion of sessions like "{ids}" takes {seconds:d} second')
def _(context, ids, seconds):
    slowness.slow_down(context.driver, ids, seconds)


@given("another program takes the write lock")
def _(context):
    context.driver.remembered["lock"] = context.driver.hold_write_lock()


# --- what happens -------------------------------------------------------------------------------


@step('{who} coordinator {uses} "{name}"')
def _(context, who, uses, name):
    coordinator(context, who).use(uses, name)


@step('somebody else {deed} "{name}"')
def _(context, deed, name):
    other_user.act(context.driver, deed, name)


@when('the tool run in "{name}" ends')
def _(context, name):
    coordinator(context).end_tool(name)


@when('the tool run in "{name}" fails')
def _(context, name):
    coordinator(context).end_tool(name, ToolFailedError("no such flight"))


@when('the state of "{name}" is changed to "{key} is {value}"')
def _(context, name, key, value):
    coordinator(context).change_state(name, {key: value})


@when('"{key}" is taken out of the state of "{name}"')
def _(context, key, name):
    coordinator(context).change_state(name, {key: None})


@when("the coordinator cleans up")
def _(context):
    coordinator(context).clean_up()


@when("the coordinator cleans up what is older than {age}")
def _(context, age):
    coordinator(context).clean_up(span(age))


@when("somebody makes a coordinator with {what}")
def _(context, what):
    program = context.driver.remembered["coordinator"]
    try:
        make_impossible(what, context.driver)
    except CleverAgentsError as error:
        program.error = error


@when("the coordinator's process dies")
def _(context):
    coordinator(context).die()


@when("the other program's notes are gone")
def _(context):
    context.driver.another_connection().execute("DROP TABLE notes")


@when("the clock fails once")
def _(context):
    context.driver.clock.fail_once()


@step("the coordinator has been started")
def _(context):
    coordinator(context).coordinator.start()


@given('the coordinator itself will touch "{name}" once the archive is written')
def _(context, name):
    meanwhile.once_archived(context.driver, lambda: coordinator(context).use("touches", name))


@when("the coordinator is stopped")
def _(context):
    coordinator(context).stop()


@when("the coordinator is stopped with a grace of {grace:d} ms")
def _(context, grace):
    coordinator(context).stop(timedelta(milliseconds=grace))


@when("deletions are fast again")
def _(context):
    slowness.speed_up(context.driver)


@when("its purge is at work")
def _(context):
    slowness.wait_for_purge(context.driver)


@when("{threads:d} threads use sessions of a coordinator of at most {most:d} for a while")
def _(context, threads, most):
    crowd = Crowd(context.driver, threads, most)
    crowd.work()
    assert not crowd.failures, crowd.failures
    context.driver.remembered["crowd"] = crowd


@when(
    "a program with an event loop uses {sessions:d} sessions "
    "while others hold the write lock for {held:d} ms at a time"
)
def _(context, sessions, held):
    loop = Loop(context.driver, sessions, held / 1000)
    loop.run()
    context.driver.remembered["loop"] = loop


@when("a program of its own opens {sessions:d} sessions in turn, of which at most {most:d} are active")
def _(context, sessions, most):
    open_in_turn(context.driver, sessions, most)


# --- what came of it ----------------------------------------------------------------------------


@then("no session is active")
def _(context):
    assert coordinator(context).active() == []


@then("{names} are active")
@then("{names} is active")
def _(context, names):
    program = coordinator(context)
    assert program.active() == quoted(names), program.active()


@then('the current session is "{name}"')
def _(context, name):
    assert coordinator(context).current() == name, coordinator(context).current()


@then("no session is the current one")
def _(context):
    assert coordinator(context).current() is None, coordinator(context).current()


@then("it was not active")
def _(context):
    assert not coordinator(context).was_active


@then("it has closed {closed:d} sessions and purged {purged:d}")
@then("it has closed {closed:d} session and purged {purged:d}")
def _(context, closed, purged):
    program = coordinator(context)
    assert program.error is None, program.error
    cleaned = program.cleaned
    assert (cleaned.closed, cleaned.purged, cleaned.kept) == (closed, purged, closed - purged), cleaned


@then("1 session was skipped because it was {why}")
def _(context, why):
    (report,) = coordinator(context).cleaned.reports
    assert [skip.reason.value for skip in report.purged.skipped] == [why], report.purged.skipped


@then('the coordinator is told "{text}"')
def _(context, text):
    error = coordinator(context).error
    assert error is not None, "nothing was refused"
    assert text in str(error), error


@then("the coordinator's caller hears of the tool's failure")
def _(context):
    program = coordinator(context)
    assert isinstance(program.error, ToolFailedError), program.error
    assert "A session could not be marked as used" in program.log.lines, program.log.lines


@then('"{name}" is still there')
def _(context, name):
    assert name in context.driver.remaining(), context.driver.remaining()


@then("soon only {names} remains")
def _(context, names):
    driver = context.driver
    wait_until(
        lambda: driver.remaining() == set(quoted(names)) and coordinator(context).active() != ["spring"],
        f"others remained: {driver.remaining()}",
    )


@then('soon the session "{name}" is leased for the next {time}')
def _(context, name, time):
    until = context.driver.clock.now() + span(time)
    wait_until(lambda: (context.driver.session(name).lease_expires_at or until) > until, "no lease")


@then('soon the coordinator\'s log says "{text}"')
def _(context, text):
    log = coordinator(context).log
    wait_until(lambda: any(text in line for line in log.lines), f"the log says {log.lines}")


@then("it is stopped within {seconds:d} second")
@then("it is stopped within {seconds:d} seconds")
def _(context, seconds):
    program = coordinator(context)
    assert program.has_ended, "it is still at work"
    assert program.stopping_took < seconds, f"it took {program.stopping_took} s"


@then("the coordinator has ended")
def _(context):
    assert coordinator(context).has_ended
    assert tasks_at_work() == 0


@then("one background task is at work")
def _(_context):
    assert tasks_at_work() == 1, tasks_at_work()


@then("no background task is at work")
def _(_context):
    assert tasks_at_work() == 0, tasks_at_work()


@then("at no moment more than {most:d} sessions were active")
def _(context, most):
    crowd = context.driver.remembered["crowd"]
    assert 1 < crowd.most_active <= most, crowd.most_active


@then("every message that the threads appended is there, in order")
def _(context):
    crowd = context.driver.remembered["crowd"]
    assert crowd.put_back() > 0, "nothing was purged meanwhile"
    crowd.written.check(context.driver)


@then("every message that the program appended is there, in order")
def _(context):
    context.driver.remembered["loop"].written.check(context.driver)


@then("no session was left leased")
def _(context):
    leased = [each.session_id for each in context.driver.sessions() if each.lease_expires_at is not None]
    assert leased == [], leased


@then("its event loop was never held up for {milliseconds:d} ms")
def _(context, milliseconds):
    lag = context.driver.remembered["loop"].longest_lag
    assert lag * 1000 < milliseconds, f"{lag} s"
