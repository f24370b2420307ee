"""The words about sweeps in processes of their own."""

from __future__ import annotations

import time
from pathlib import Path

from behave import then, when

from support import sweep_processes as processes
from support.pace_processes import wait_until
from support.sweeps import records

_LEASE_SECONDS = 2.5
_KILLED = -9


# --- what happens -------------------------------------------------------------------------------


@when("a process sweeps with leases of {milliseconds:d} ms")
def _(context, milliseconds):
    processes.start(context.driver, lease=milliseconds, options="--max-lock 30s")


@when("a process sweeps, and nobody can write its log")
def _(context):
    with Path("/dev/full").open("wb") as log:
        processes.start(context.driver, log=log)


@when('a process sweeps with leases of {milliseconds:d} ms, and dies "{moment}"')
def _(context, milliseconds, moment):
    driver = context.driver
    process = processes.start(driver, lease=milliseconds, dies=moment)
    driver.finish(process)
    assert driver.exit_code == _KILLED, driver.stderr


@when('a process sweeps with "{options}" and is {stopped} after chunk {number:d}')
def _(context, options, stopped, number):
    driver = context.driver
    process = processes.start(driver, lease=1000, options=options)
    wait_until(process, lambda connection: processes.chunks(connection) >= number, driver)
    processes.send(driver, stopped)
    driver.finish(process)


@when("it is stopped in the middle of its purge, past its lease")
def _(context):
    driver = context.driver
    processes.wait_until_it_deletes(driver)
    processes.send(driver, "stopped")
    time.sleep(_LEASE_SECONDS + 0.5)


@when("it is woken up, and its sweep ends as {outcome}")
def _(context, outcome):
    driver = context.driver
    before = sum(row["outcome"] == outcome for row in records(driver))
    processes.send(driver, "woken up")
    processes.wait_for_sweeps(driver, before + 1, outcome)


@when("it is told to end")
def _(context):
    driver = context.driver
    processes.send(driver, "told to end")
    driver.finish(processes.process_of(driver))


@when("host {name} looks until it has had its turn")
def _(context, name):
    processes.look_until_swept(context.driver, name)


# --- what came of it ----------------------------------------------------------------------------


@then("the database remembers these sweeps, besides where they were")
def _(context):
    wanted = [row for (row,) in (context.table.headings, *(each.cells for each in context.table)) if row]
    told = [f"{row['outcome']} {row['sessions']} {row['messages']}" for row in records(context.driver)]
    assert told == wanted, told


@then("the sweeps that purged counted each of {number:d} sessions once")
def _(context, number):
    told = records(context.driver)
    assert sum(row["sessions"] for row in told) == number, told


@then('one of the sweeps that failed failed with "{code}"')
def _(context, code):
    told = records(context.driver)
    assert code in {row["code"] for row in told if row["outcome"] == "failed"}, told


@then("the ledger is whole")
def _(context):
    before = context.driver.exit_code
    context.driver.run("cleanup log --verify")
    assert context.driver.exit_code == 0, context.driver.stderr
    context.driver.exit_code = before
