"""The words about the lease: who gets it, who keeps it, and what becomes of whoever lost it."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from behave import given, step, then, when

from cleveragents.domain.errors import LeaseLostError
from cleveragents.domain.sweep import Idle
from support import sweep_leases as leases
from support.pace_moments import moments_of
from support.sweeps import add_host, host
from support.tables import quoted
from support.trust_archives import files_of
from support.trust_ledger import runs_in
from support.trust_meanwhile import once_archived

# --- what there is ------------------------------------------------------------------------------


@given("another host holds the lease for {milliseconds:d} ms")
def _(context, milliseconds):
    leases.take(context.driver, timedelta(milliseconds=milliseconds))


@given("somebody has emptied the table of the lease")
def _(context):
    context.driver.another_connection().execute("DELETE FROM cleanup_sweeper")


@given("the lease expires once the archive is written")
def _(context):
    driver = context.driver
    driver.remembered["unwatched"] = driver.container
    once_archived(driver, lambda: leases.expire(driver))


@given("the lease is taken over by another host once the archive is written")
def _(context):
    driver = context.driver
    driver.remembered["unwatched"] = make = driver.container

    def take_over():
        leases.expire(driver)
        watched, driver.container = driver.container, make
        leases.take(driver, timedelta(minutes=1))
        driver.container = watched

    once_archived(driver, take_over)


@when("nothing happens to leases any more")
def _(context):
    context.driver.container = context.driver.remembered["unwatched"]


@given("the lease is lost while chunk {number:d} is archived")
def _(context, number):
    driver = context.driver
    moments_of(driver).at("while archiving", number, lambda: leases.expire(driver))


@given("right after the commit another program keeps everybody from writing about sweeps")
def _(context):
    driver = context.driver

    def lock():
        driver.remembered["lock"] = leases.lock(driver)

    moments_of(driver).at("right after committing", 1, lock)


@given("another program takes the write lock right after the commit")
def _(context):
    driver = context.driver

    def lock():
        driver.remembered["lock"] = driver.hold_write_lock()

    moments_of(driver).at("right after committing", 1, lock)


@then("only {names} remains once the other program has given the write lock back")
def _(context, names):
    driver = context.driver
    driver.remembered.pop("lock").close()
    assert driver.remaining() == set(quoted(names)), driver.remaining()


@when("the lease expires")
def _(context):
    leases.expire(context.driver)


@given("a sweep of another host began, and its process is gone")
def _(context):
    leases.begin(context.driver, timedelta(milliseconds=1))
    time.sleep(0.01)


@given("a sweep of another host is at work")
def _(context):
    leases.begin(context.driver, timedelta(minutes=1))


# --- what happens -------------------------------------------------------------------------------


@when('{number:d} hosts with "{options}" look at the same moment')
def _(context, number, options):
    driver = context.driver
    driver.set_variable("CLEVERAGENTS_DATABASE_BUSY_TIMEOUT", "30s")
    names = [f"number {each}" for each in range(number)]
    hosts = [add_host(driver, name, options) for name in names]
    together = threading.Barrier(number)

    def look(each):
        together.wait()
        each.look()

    threads = [threading.Thread(target=look, args=(each,)) for each in hosts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    driver.remembered["together"] = hosts


@when("host {name} looks, and host {other} looks {milliseconds:d} ms later")
def _(context, name, other, milliseconds):
    thread = threading.Thread(target=host(context.driver, name).look)
    thread.start()
    time.sleep(milliseconds / 1000)
    host(context.driver, other).look()
    thread.join()


@when("host {name} looks, and host {other} sweeps before host {again} gets the lease")
def _(context, name, other, again):
    assert again == name
    driver = context.driver
    leases.once_it_is_due(driver, host(driver, other).look)
    host(driver, name).look()


@step("{milliseconds:d} ms pass on the computer")
def _(_context, milliseconds):
    time.sleep(milliseconds / 1000)


@when("host {name} settles what died, as if it still held an older lease")
def _(context, name):
    driver = context.driver
    try:
        host(driver, name).book.settle_dead(leases.older(driver))
    except LeaseLostError:
        return
    raise AssertionError("it was allowed to settle")


# --- what came of it ----------------------------------------------------------------------------


@then("exactly one of them swept, and the others saw why not")
def _(context):
    hosts = context.driver.remembered["together"]
    assert [each.error for each in hosts if each.error] == []
    swept = [each for each in hosts if each.looked.sweep is not None]
    assert len(swept) == 1, [each.looked for each in hosts]
    idle = {each.looked.idle for each in hosts if each is not swept[0]}
    assert idle <= {Idle.ELSEWHERE, Idle.NOT_DUE}, idle


@then("{who} holds the lease")
def _(context, who):
    holder = leases.holder(context.driver)
    if who == "nobody":
        assert holder is None, holder
    else:
        assert holder is not None
        assert holder.holder.startswith(leases.ELSEWHERE), holder


@then("the archive folder holds nothing at all")
def _(context):
    assert files_of(context.driver) == {}


@then("the ledger counts each of {number:d} sessions once")
def _(context, number):
    counted = sum(run["sessions"] for run in runs_in(context.driver))
    assert counted == number, counted
