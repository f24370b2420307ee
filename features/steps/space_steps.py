"""The words about space on disk: what a purge gives back, and what a full vacuum does."""

from __future__ import annotations

import signal
import time
from contextlib import closing
from datetime import timedelta

from behave import given, then, when

from support import space
from support import trust_meanwhile as meanwhile

# --- what there is ------------------------------------------------------------------------------


@given("{megabytes:d} MB of the file are free")
def _(context, megabytes):
    space.free_much(context.driver, megabytes)


@given("the file was not made to give space back")
def _(context):
    space.forbid_giving_back(context.driver)


@given("I remember how large the database is")
def _(context):
    context.driver.remembered["size"] = space.size(context.driver)


@given("somebody will hold the lock right after the commit")
def _(context):
    driver = context.driver
    meanwhile.once_committed(driver, lambda: driver.remembered.update(lock=space.hold_vacuum_lock(driver)))


@given("somebody will begin to read right after the commit")
def _(context):
    driver = context.driver
    meanwhile.once_committed(driver, lambda: driver.remembered.update(lock=space.read_on(driver)))


@given("somebody reads the database")
def _(context):
    space.read_on(context.driver)


@given("I am a user who owns no table")
def _(context):
    space.own_no_table(context.driver)


@given("the disk has {kilobytes:d} KB free")
def _(context, kilobytes):
    space.fill_disk(context.driver, kilobytes * 1000)


# --- what happens -------------------------------------------------------------------------------


@when('somebody writes all the time while I run "{words}"')
def _(context, words):
    driver = context.driver
    writer = space.Writer(driver.database.path)
    writer.start()
    try:
        driver.finish(driver.start(words))
    finally:
        writer.stop()
    driver.remembered["writer"] = writer


@when('I press Ctrl-C while "{words}" gives space back')
def _(context, words):
    driver = context.driver
    process = driver.start(words)
    deadline = time.monotonic() + 60
    # The first step can be seen: there are fewer pages than before.
    with closing(driver.database.connect()) as connection:
        pages = before = connection.execute("PRAGMA page_count").fetchone()[0]
        while pages >= before:
            assert time.monotonic() < deadline, "nothing was given back"
            assert process.poll() is None, process.communicate()
            time.sleep(0.01)
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
    process.send_signal(signal.SIGINT)
    driver.finish(process)


@when('I press Ctrl-C while "{words}" writes the database anew')
def _(context, words):
    driver = context.driver
    process = driver.start(words)
    space.wait_for_rewriting(driver)
    time.sleep(0.2)
    assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    driver.finish(process)


@when("a program gives space back, and lets nobody wait for more than {microseconds:d} µs")
def _(context, microseconds):
    driver = context.driver
    began = time.monotonic()
    with driver.store() as store, store.purging() as purge:
        driver.remembered["given"] = purge.give_back(timedelta(microseconds=microseconds))
    driver.remembered["seconds"] = time.monotonic() - began


# --- what came of it ----------------------------------------------------------------------------


@then("the database is smaller by what it says it gave back")
def _(context):
    driver = context.driver
    given = driver.data["bytes"]["physical"]
    assert given > 0, driver.data["bytes"]
    assert driver.remembered["size"] - space.size(driver) == given, (space.size(driver), driver.data)


@then("the database is as large as it was")
def _(context):
    driver = context.driver
    assert space.size(driver) == driver.remembered["size"], space.size(driver)


@then("nothing in the file is free")
def _(context):
    driver = context.driver
    assert space.size(driver) == space.in_use(driver), (space.size(driver), space.in_use(driver))


@then("it gave back {least:d} MB or more, and {left:d} MB or less are left")
def _(context, least, left):
    data = context.driver.data
    assert data["bytes"]["physical"] >= least * 1_000_000, data["bytes"]
    assert data["given_back"]["left"] <= left * 1_000_000, data["given_back"]


@then("nothing was given back")
def _(context):
    assert context.driver.data["bytes"]["physical"] == 0, context.driver.data["bytes"]


@then("{megabytes:d} MB or more can be used again")
def _(context, megabytes):
    assert context.driver.data["bytes"]["reusable"] >= megabytes * 1_000_000, context.driver.data["bytes"]


@then("no step of it held the lock for more than {milliseconds:d} ms")
def _(context, milliseconds):
    held = context.driver.data["given_back"]["longest_hold_ms"]
    assert 0 < held <= milliseconds, context.driver.data["given_back"]


@then("nobody who wrote meanwhile waited for more than {milliseconds:d} ms")
def _(context, milliseconds):
    waits = [waited for _, waited in context.driver.remembered["writer"].waits]
    assert len(waits) > 100, len(waits)
    assert max(waits) * 1000 <= milliseconds, sorted(waits)[-10:]


@then("it ends after {least:d} to {most:d} seconds with much left for the next time")
def _(context, least, most):
    given = context.driver.remembered["given"]
    assert least <= context.driver.remembered["seconds"] <= most, context.driver.remembered["seconds"]
    assert given.stop == "time", given
    assert given.left_bytes > 1_000_000, given
    assert given.physical_bytes > 0, given


@then("it says before and after, and it is so")
def _(context):
    driver = context.driver
    data = driver.data
    assert data["before"] == driver.remembered["size"], (data, driver.remembered["size"])
    assert data["after"] == space.size(driver) < data["before"], (data, space.size(driver))


@then("what it gained is about what it said")
def _(context):
    data = context.driver.data
    gained = data["before"] - data["after"]
    assert abs(gained - data["gain"]) <= 0.2 * data["before"], (gained, data)


@then("it would gain {least:d} MB or more and needs {most:d} MB or less")
def _(context, least, most):
    data = context.driver.data
    assert data["gain"] >= least * 1_000_000, data
    assert 0 < data["needed"] <= most * 1_000_000, data
    assert data["free"] > 0, data


@then("from now on purges give space back")
def _(context):
    assert space.vacuum_mode(context.driver) == 2


@then("purges still give no space back")
def _(context):
    assert space.vacuum_mode(context.driver) == 0
