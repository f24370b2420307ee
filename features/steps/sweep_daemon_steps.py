"""The words about what runs in the background, and about failures that must not stop it."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from itertools import pairwise

from behave import given, step, then, when
from dependency_injector import providers

from cleveragents.domain.retention import RetentionPolicy
from cleveragents.infrastructure.scheduling import ScheduledTimer
from support import sweep_processes as processes
from support.sweeps import Daemon, host, records
from support.tables import rows_of

_STATE = "cleanup_sweeper"


class _Log(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def daemon_of(context) -> Daemon:
    return context.driver.remembered["daemon"]


# --- what there is ------------------------------------------------------------------------------


@given('a daemon sweeps with "{options}"')
def _(context, options):
    driver = context.driver
    log = driver.remembered["log"] = _Log()
    ours = logging.getLogger("cleveragents")
    ours.addHandler(log)
    driver.at_the_end(lambda: ours.removeHandler(log))
    driver.remembered["daemon"] = Daemon(driver, options)


@step("nobody may look who sweeps")
def _(context):
    context.driver.another_connection().execute(f"ALTER TABLE {_STATE} RENAME TO hidden")


@when("everybody may look again")
def _(context):
    context.driver.another_connection().execute(f"ALTER TABLE hidden RENAME TO {_STATE}")


@given("the policy cannot be read because of a defect")
def _(context):
    def defect():
        raise ZeroDivisionError

    policy = daemon_of(context).host.sweeps.core.policy
    policy.override(providers.Callable(defect))


@when("the defect is mended")
def _(context):
    daemon_of(context).host.sweeps.core.policy.override(providers.Factory(RetentionPolicy))


@given("another program has taken the write lock")
def _(context):
    context.driver.remembered["lock"] = context.driver.hold_write_lock()


# --- what happens -------------------------------------------------------------------------------


@when("the daemon looks {number:d} time")
@when("the daemon looks {number:d} times")
def _(context, number):
    daemon_of(context).run(number)


@when("the daemon is told to stop and a late call comes")
def _(context):
    daemon = daemon_of(context)
    daemon.run_late(daemon.sweeper.stop)


@when("the daemon is started again")
def _(context):
    daemon_of(context).sweeper.start()


# --- what came of it ----------------------------------------------------------------------------


@then("it waited {waits}")
def _(context, waits):
    told = ", ".join(f"{wait.total_seconds():g}s" for wait in daemon_of(context).timer.waits)
    assert told == waits, told


@then("the last time it waited {seconds:d}s")
def _(context, seconds):
    assert daemon_of(context).timer.waits[-1] == timedelta(seconds=seconds), daemon_of(context).timer.waits


@then("it has counted {sweeps:d} sweeps and {failures:d} failures")
@then("it has counted {sweeps:d} sweep and {failures:d} failures")
@then("it has counted {sweeps:d} sweep and {failures:d} failure")
def _(context, sweeps, failures):
    tally = daemon_of(context).tally
    assert (tally.sweeps, tally.failures) == (sweeps, failures), vars(tally)


@then('it has logged "{text}" {number:d} time at {level}')
@then('it has logged "{text}" {number:d} times at {level}')
def _(context, text, number, level):
    found = context.driver.remembered["log"].records
    told = [record for record in found if record.getMessage() == text and record.levelname == level]
    assert len(told) == number, [record.getMessage() for record in found]


@then("host {name} found the database locked")
def _(context, name):
    found = host(context.driver, name)
    code = found.error.code if found.error else found.sweep.code
    assert code == "database_locked", (found.error, found.looked)


@then("the database remembers these sweeps")
def _(context):
    told = [
        {name: "none" if row[name] is None else str(row[name]) for name in context.table.headings}
        for row in records(context.driver)
    ]
    assert told == rows_of(context.table), told


# --- the scheduler, and what it cannot reach ----------------------------------------------------


@given("no server answers at the URL")
def _(context):
    context.driver.set_variable("CLEVERAGENTS_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")


@when('a process sweeps until it has logged "{text}", and is told to end')
def _(context, text):
    driver = context.driver
    process = processes.start(driver)
    line = ""
    while text not in line:
        line = process.stderr.readline()
        assert line, "it ended by itself"
    processes.send(driver, "told to end")
    driver.finish(process)


@when("a scheduler calls again and again what takes {milliseconds:d} ms and wants to be called at once")
def _(context, milliseconds):
    timer = ScheduledTimer()
    spans = context.driver.remembered["spans"] = []

    def call():
        began = time.monotonic()
        time.sleep(milliseconds / 1000)
        spans.append((began, time.monotonic()))
        return timedelta(0)

    timer.start(call)
    timer.start(call)
    time.sleep(5 * milliseconds / 1000)
    timer.stop()
    time.sleep(2 * milliseconds / 1000)
    context.driver.remembered["spans at the end"] = list(spans)
    time.sleep(2 * milliseconds / 1000)


@then("no call began before the last was over")
def _(context):
    spans = context.driver.remembered["spans"]
    assert len(spans) > 1, spans
    assert all(next_one[0] >= one[1] for one, next_one in pairwise(spans)), spans


@then("no call came after the end")
def _(context):
    remembered = context.driver.remembered
    assert remembered["spans"] == remembered["spans at the end"], remembered["spans"]
