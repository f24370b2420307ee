"""Servers that sweep in their background."""

from __future__ import annotations

from behave import given, step, then, when

from support.embedded_sweeper import EmbeddedSweeper, add_stale, probe_event_loop
from support.sessions import session_from_row

# --- what there is ------------------------------------------------------------------------------


@given("{count:d} stale sessions")
def _(context, count):
    add_stale(context.driver, count)


# --- what happens -------------------------------------------------------------------------------


@when('a server sweeps in the mode "{mode}"')
def _(context, mode):
    _begin(context, cleanup_mode=mode)


@when('a server sweeps every "{every}" in the mode "{mode}"')
def _(context, mode, every):
    _begin(context, cleanup_mode=mode, sweep_every=every)


@when('a server sweeps with a grace of "{grace}" in the mode "{mode}"')
def _(context, mode, grace):
    _begin(context, cleanup_mode=mode, sweep_grace=grace, cleanup_max_lock="30s")


@when("a server sweeps without saying in which mode")
def _(context):
    _begin(context)


def _begin(context, **flags):
    context.server = EmbeddedSweeper(context.driver, **flags)
    context.server.start()


@given('the database\'s lock is waited for up to "{patience}"')
def _(context, patience):
    context.driver.set_variable("CLEVERAGENTS_DATABASE_BUSY_TIMEOUT", patience)


@when(
    'a server sweeps with a grace of "{grace}" in the mode "{mode}", and somebody takes the lock '
    "before it deletes"
)
def _(context, grace, mode):
    context.server = EmbeddedSweeper(context.driver, cleanup_mode=mode, sweep_grace=grace)
    context.server.start_and_lock()


@when('a server that wants to be told 7d before sweeps every "{every}" in the mode "{mode}"')
def _(context, every, mode):
    context.told = []
    hook = context.told.extend
    context.server = EmbeddedSweeper(context.driver, on_expiring=hook, sweep_every=every, cleanup_mode=mode)
    context.server.start()


@when('a server that fails when it is told sweeps in the mode "{mode}"')
def _(context, mode):
    def fail(_sessions):
        raise ConnectionError("no mail server")

    context.server = EmbeddedSweeper(context.driver, on_expiring=fail, cleanup_mode=mode)
    context.server.start()


@when("the server's sweeper has swept twice")
def _(context):
    context.server.wait_for_sweeps(2)


@when("the server's sweeper has swept once")
def _(context):
    context.server.wait_for_a_sweep()


@when("the server ends")
def _(context):
    context.server.end()


@when("the server begins again")
def _(context):
    context.server.start()


@when("the server ends while its sweeper deletes")
def _(context):
    context.server.wait_until_it_deletes()
    context.server.end()


@step("no session remains after a while")
def _(context):
    context.server.wait_until_nothing_remains()


@when("these sessions come")
def _(context):
    driver = context.driver
    driver.add(session_from_row(row.as_dict(), driver.clock.now()) for row in context.table)


@when("an asyncio server sweeps them all, with a probe on its event loop")
def _(context):
    context.probed = probe_event_loop(context.driver)


@when("an application lives with the sweeper's lifespan until it has swept once")
def _(context):
    context.server = EmbeddedSweeper(context.driver, cleanup_mode="purge")
    context.server.live_until_swept()


# --- what became of it --------------------------------------------------------------------------


@then('the server was told once of "{name}" and of nothing else')
def _(context, name):
    assert [expiring.session.name for expiring in context.told] == [name], context.told


@then("the sweeper came to its end by itself")
def _(context):
    assert context.server.is_whole is True


@then("its last sweep reported {count:d} eligible session")
def _(context, count):
    sweep, report = context.server.sweeper.last
    assert (sweep.outcome, sweep.candidates, sweep.sessions) == ("reported", count, 0), sweep
    assert report.found.candidates == count


@then("its last sweep was interrupted")
def _(context):
    sweep, report = context.server.sweeper.last
    assert sweep.outcome == "interrupted", sweep
    assert report is None


@then("the end took less than {seconds:d} s")
def _(context, seconds):
    assert context.server.end_seconds < seconds, context.server.end_seconds


@then('the ledger knows {count:d} runs from "{origin}"')
@then('the ledger knows {count:d} run from "{origin}"')
def _(context, count, origin):
    runs = [run for run in context.driver.ask("cleanup log")["runs"] if run["started_from"] == origin]
    assert len(runs) == count, runs


@then("it has purged {count:d} sessions")
def _(context, count):
    assert context.probed["sessions"] == count, {**context.probed, "lags": None}


@then("the event loop was never late by more than {most:d} ms")
def _(context, most):
    lags = context.probed["lags"]
    assert len(lags) > 50, len(lags)
    assert lags[-1] * 1000 <= most, lags[-10:]


@then("{share:d} of 100 times it was late by less than {most:d} ms")
def _(context, share, most):
    lags = context.probed["lags"]
    assert lags[len(lags) * share // 100] * 1000 < most, (lags[len(lags) // 2], lags[-10:])
