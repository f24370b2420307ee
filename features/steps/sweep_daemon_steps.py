"""The words about what runs in the background, and about failures that must not stop it."""

from __future__ import annotations

import logging
from datetime import timedelta

from behave import given, step, then, when
from dependency_injector import providers

from cleveragents.domain.retention import RetentionPolicy
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
