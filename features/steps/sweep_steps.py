"""The words about hosts that sweep: when they look, and what a look led to."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from queue import Queue
from unittest.mock import patch

from apscheduler.schedulers import base
from behave import given, step, then, when

from cleveragents.infrastructure import scheduling
from support.sessions import span
from support.sweeps import add_host, host, ruled_by
from support.tables import rows_of

# --- what there is ------------------------------------------------------------------------------


@step('host {name} sweeps with "{options}"')
def _(context, name, options):
    add_host(context.driver, name, options)


@given('host {name} sweeps with "{options}" and leases of {milliseconds:d} ms')
def _(context, name, options, milliseconds):
    add_host(context.driver, name, options, lease=timedelta(milliseconds=milliseconds))


@given('the clocks are those of "{zone}"')
def _(context, zone):
    rule = ruled_by(zone)
    rule.__enter__()
    context.driver.at_the_end(lambda: rule.__exit__(None, None, None))


@step("it is {moment} by UTC")
def _(context, moment):
    clock = context.driver.clock
    clock.advance(datetime.fromisoformat(f"{moment}+00:00") - clock.now())


# --- what happens -------------------------------------------------------------------------------


@when("host {name} looks")
def _(context, name):
    host(context.driver, name).look()


@when("host {name} runs for {length}")
def _(context, name, length):
    host(context.driver, name).sweeps_for(span(length), timedelta(milliseconds=100))


@when("host {name} looks at most every {least} for {length}")
def _(context, name, length, least):
    host(context.driver, name).sweeps_for(span(length), span(least))


@when('a host is started every {often} for {length} with "{options}"')
def _(context, often, length, options):
    driver = context.driver
    driver.remembered["starts"] = starts = []
    end = driver.clock.now() + span(length)
    while driver.clock.now() < end:
        started = add_host(driver, "restarted", options)
        started.sweeps_for(span(often), timedelta(milliseconds=100))
        started.store.close()
        starts += [looked.sweep.started_at for looked in started.swept]


# --- what came of it ----------------------------------------------------------------------------


@then("host {name} did not sweep: {why}")
def _(context, name, why):
    looked = host(context.driver, name).looked
    assert looked is not None, host(context.driver, name).error
    assert (looked.sweep, looked.idle) == (None, why), looked


@then('host {name} could not look: "{code}"')
def _(context, name, code):
    found = host(context.driver, name)
    assert found.error is not None, found.looked
    assert found.error.code == code, found.error


@then("host {name} swept, and purged {number:d} sessions")
@then("host {name} swept, and purged {number:d} session")
def _(context, name, number):
    sweep = host(context.driver, name).sweep
    assert (sweep.outcome, sweep.sessions) == ("purged", number), sweep


@then("the sweep of host {name} was {outcome}")
def _(context, name, outcome):
    assert host(context.driver, name).sweep.outcome == outcome, host(context.driver, name).sweep


@then('the sweep of host {name} failed with "{code}"')
def _(context, name, code):
    sweep = host(context.driver, name).sweep
    assert (sweep.outcome, sweep.code) == ("failed", code), sweep
    assert sweep.message, sweep


@then('every sweep of host {name} failed with "{code}"')
def _(context, name, code):
    swept = [looked.sweep for looked in host(context.driver, name).swept]
    assert swept
    assert {(sweep.outcome, sweep.code) for sweep in swept} == {("failed", code)}, swept


@then("host {name} swept {number:d} time")
@then("host {name} swept {number:d} times")
def _(context, name, number):
    swept = [looked.sweep for looked in host(context.driver, name).swept]
    assert len(swept) == number, swept


@then("host {name} swept at these times")
def _(context, name):
    began = [looked.sweep.started_at.astimezone() for looked in host(context.driver, name).swept]
    told = [f"{moment:%Y-%m-%d %H:%M%z}" for moment in began]
    assert told == [row["time"] for row in rows_of(context.table)], told


@then("host {name} swept {minutes} minutes after the first time")
def _(context, name, minutes):
    began = [looked.sweep.started_at for looked in host(context.driver, name).swept]
    told = ", ".join(f"{(moment - began[0]).total_seconds() / 60:g}" for moment in began)
    assert told == minutes, told


@then("host {name} sweeps every {every}, with a jitter of {jitter} and a grace of {grace}")
def _(context, name, every, jitter, grace):
    settings = host(context.driver, name).sweeps.core.settings()
    told = settings.sweep_every, settings.sweep_jitter, settings.sweep_grace
    assert told == (span(every), span(jitter), span(grace)), told


@then("host {name} looks again in {length}")
def _(context, name, length):
    looked = host(context.driver, name).looked
    assert looked.next_look - context.driver.clock.now() == span(length), looked


@then("the sweeps began no sooner than {least} and no later than {most} after one another")
def _(context, least, most):
    starts = context.driver.remembered["starts"]
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert len(gaps) > 1, starts
    assert min(gaps) >= span(least), gaps
    assert max(gaps) <= span(most), gaps


@then("{number:d} sweep began")
@then("{number:d} sweeps began")
def _(context, number):
    starts = context.driver.remembered["starts"]
    assert len(starts) == number, starts


@then('with "{options}" a sweep that began at {last} is followed by one at {following}')
def _(context, options, last, following):
    schedule = add_host(context.driver, "planning", options).sweeps.schedule()
    due = schedule.due_after(datetime.fromisoformat(last)).astimezone()
    assert f"{due:%Y-%m-%d %H:%M%z}" == following, due
    assert due > datetime.fromisoformat(last), due


@then('of {number:d} hosts with "{options}" each waits between 0s and {longest}, whenever it looks')
def _(context, number, options, longest):
    """The clock shows the moment at which the sweep is due."""
    driver = context.driver
    now = driver.clock.now()
    waits = set()
    for _each in range(number):
        waiting = add_host(driver, "waiting", options)
        # It has run since the sweep before.
        driver.clock.advance(timedelta(seconds=-1))
        waiting.look()
        driver.clock.advance(timedelta(seconds=1))
        looks = {waiting.look().next_look - now for _again in range(4)}
        waiting.store.close()
        assert len(looks) == 1, looks
        waits |= looks
    assert len(waits) > number / 2, waits
    assert timedelta(0) <= min(waits) <= max(waits) <= span(longest), waits


@then("a timer for every second still calls after the clock was set back by an hour")
def _(context):
    behind = timedelta(0)

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) - behind

    calls: Queue[int] = Queue()
    with patch.object(base, "datetime", Clock), patch.object(scheduling, "datetime", Clock):
        timer = scheduling.ScheduledTimer()
        context.driver.at_the_end(timer.stop)
        timer.start(lambda: calls.put(1) or timedelta(seconds=1))
        calls.get(timeout=5)
        behind = timedelta(hours=1)
        for _again in range(2):
            calls.get(timeout=5)
        timer.stop()
