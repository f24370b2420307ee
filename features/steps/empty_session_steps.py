"""The words of sessions that a server creates before anybody uses them."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from behave import given, then, when

from cleveragents.domain.errors import SessionNotFoundError
from support.agent_server import wait_until
from support.embedded_apps import EmbeddedApp, Loop, Told
from support.sessions import session_from_row
from support.tables import quoted, rows_of


def _loop(context):
    remembered = context.driver.remembered
    if "loop" not in remembered:
        remembered["told"] = Told(context.driver)
        remembered["loop"] = Loop(context.driver)
    return remembered["loop"]


def _app(context, **how):
    remembered = context.driver.remembered
    if "app" not in remembered:
        remembered["app"] = EmbeddedApp(context.driver, _loop(context), **how)
    return remembered["app"]


def _schedule(context, rows):
    driver = context.driver
    driver.clock.show_real_time()
    entries = [session_from_row(row, driver.clock.now()) for row in rows]
    driver.add(entries)
    for entry in entries:
        _app(context).cleanup.schedule(entry.session.session_id)


def _blank(count):
    return [{"name": f"blank {number}", "messages": "0"} for number in range(count)]


@given("an application that serves")
def _(context):
    _app(context).start()


@given("another application with another database")
def _(context):
    driver = context.driver
    database = driver.backend.create(driver.folder)
    driver.at_the_end(database.drop)
    other = driver.remembered["other"] = EmbeddedApp(driver, _loop(context), url=database.url)
    other.start()


@given("an application that nothing cleans up")
def _(context):
    _app(context, is_served=False).start()


@given("an application whose lifespan is not begun")
def _(context):
    _app(context)


# --- what happens -------------------------------------------------------------------------------


@when("these sessions are scheduled")
def _(context):
    _schedule(context, rows_of(context.table))


@when("an id that no session has is scheduled")
def _(context):
    _app(context).cleanup.schedule("nobody")


@when("{count:d} ids are scheduled")
def _(context, count):
    driver = context.driver
    driver.remembered["before"] = threading.active_count(), _loop(context).tasks()
    for number in range(count):
        _app(context).cleanup.schedule(f"id-{number}")


@when("{count:d} empty sessions are scheduled at once")
def _(context, count):
    _schedule(context, _blank(count))


@when(
    "{count:d} empty sessions are scheduled at once, and the database is locked "
    "for {seconds:d} seconds when they are due"
)
def _(context, count, seconds):
    _schedule(context, _blank(count))
    _loop(context).begin_probing()
    lock = context.driver.hold_write_lock()
    time.sleep(1 + seconds)
    lock.close()


@when('"{name}" is scheduled by {count:d} requests at once')
def _(context, name, count):
    session_id = context.driver.session(name).session_id
    assert _app(context).post(f"/again/{session_id}", count) == [200] * count


@when("each has a request that creates a session, in a thread or not")
def _(context):
    for app in (_app(context), context.driver.remembered["other"]):
        assert app.post("/sessions") == app.post("/plainly/spring") == [200]


@when("the other application ends")
def _(context):
    context.driver.remembered["other"].stop()


@when("a request creates a session")
def _(context):
    context.driver.remembered["statuses"] = _app(context).post("/sessions")


@when("a request schedules nothing")
def _(context):
    context.driver.remembered["statuses"] = _app(context).post("/without-an-id")


@when('a program that keeps no counters has made "{name}" look empty')
def _(context, name):
    session_id = context.driver.id_of(name)
    connection = context.driver.another_connection()
    connection.execute(
        "UPDATE sessions SET message_count = 0, content_bytes = 0, first_message_at = NULL "
        f"WHERE session_id = '{session_id}'"
    )


@when("the clock breaks when it is time")
def _(context):
    _app(context).clock.breaks_in = "cleanup_service"


@when("another program has the write lock when they are due, and the application ends")
def _(context):
    context.driver.remembered["lock"] = context.driver.hold_write_lock(), None
    time.sleep(1.5)
    context.driver.remembered["ending"] = _app(context).stop()


@when("{count:d} empty sessions are scheduled at once, and the first message of each comes as they are due")
def _(context, count):
    _schedule(context, _blank(count))
    app = _app(context)
    ids = [session.session_id for session in context.driver.sessions()]
    begins = time.monotonic()

    def write(number, session_id):
        # From long before it is time until long after.
        time.sleep(max(begins + number * 2.5 / count - time.monotonic(), 0))
        try:
            app.sessions.append(session_id, "user", "Hello")
        except SessionNotFoundError:
            return session_id
        return None

    with ThreadPoolExecutor(count) as threads:
        told = set(threads.map(write, range(count), ids))
    context.driver.remembered["race"] = set(ids), told - {None}


@when('{count:d} threads of 2 programs write the first message of "{name}" at once')
def _(context, count, name):
    driver = context.driver
    session_id = driver.session(name).session_id
    driver.set_variable("CLEVERAGENTS_DATABASE_BUSY_TIMEOUT", "30s")
    programs = [EmbeddedApp(driver, _loop(context)) for _ in range(2)]
    together = threading.Barrier(2 * count)

    def write(number):
        together.wait()
        programs[number % 2].sessions.append(session_id, "user", f"Hello {number}")

    with ThreadPoolExecutor(2 * count) as threads:
        list(threads.map(write, range(2 * count)))


@when('another message is written in "{name}"')
def _(context, name):
    driver = context.driver
    driver.remembered["first used"] = driver.session(name).first_message_at
    _app(context).sessions.append(driver.session(name).session_id, "user", "And another")


# --- what came of it ----------------------------------------------------------------------------


@then("before long only {names} remain")
@then("before long only {names} remains")
def _(context, names):
    wait_until(lambda: context.driver.remaining() == set(quoted(names)))


@then("soon no session is left")
def _(context):
    wait_until(lambda: not context.driver.remaining(), 20)


@then("the application waits for {count:d} session")
@then("the application waits for {count:d} sessions")
def _(context, count):
    wait_until(lambda: _app(context).cleanup.waiting == count, 5)


@then("each waits for its own {count:d} sessions")
def _(context, count):
    waiting = _app(context).cleanup.waiting, context.driver.remembered["other"].cleanup.waiting
    assert waiting == (count, count), waiting


@then("the sessions of the first go, and those of the other stay")
def _(context):
    wait_until(lambda: not context.driver.remaining())
    other = context.driver.remembered["other"]
    with other.container.store().reading() as work:
        assert len(work.sessions.ids_starting_with("0", 5)) == 2


@then("the event loop was never held up for half a second")
def _(context):
    held_up = _loop(context).longest_held_up
    assert 0 < held_up < 0.5, held_up


@then("they went in at most {count:d} purges")
@then("they went in at most {count:d} purge")
def _(context, count):
    runs = context.driver.ask("cleanup log --all")["runs"]
    assert 1 <= len(runs) <= count, runs


@then("it has no thread and no task more than before")
def _(context):
    now = threading.active_count(), _loop(context).tasks()
    assert now == context.driver.remembered["before"], now


@then("it is answered all the same")
def _(context):
    assert context.driver.remembered["statuses"] == [200]


@then('it is told that "{text}"')
def _(context, text):
    told = context.driver.remembered["told"].lines
    wait_until(lambda: any(text in line for line in told))


@then("nothing was told")
def _(context):
    assert context.driver.remembered["told"].lines == []


@then("{seconds:d} seconds later it is still there")
def _(context, seconds):
    time.sleep(seconds)
    assert len(context.driver.sessions()) == 1


@then("it has ended within {seconds:d} seconds")
def _(context, seconds):
    assert context.driver.remembered["ending"] < seconds, context.driver.remembered["ending"]


@then("when the other program is done, all {count:d} are still there")
def _(context, count):
    context.driver.remembered["lock"][0].close()
    time.sleep(0.5)
    assert len(context.driver.sessions()) == count


@then("each either has its message, or is gone and whoever wrote it was told")
def _(context):
    wait_until(lambda: _app(context).cleanup.waiting == 0)
    every, told = context.driver.remembered["race"]
    left = {session.session_id: session.message_count for session in context.driver.sessions()}
    assert set(left) == every - told, (left, told)
    assert set(left.values()) <= {1}, left


@then("some of both")
def _(context):
    every, told = context.driver.remembered["race"]
    assert 0 < len(told) < len(every), len(told)


@then("it has {count:d} messages, and was first used when the earliest of them was written")
def _(context, count):
    (session,) = context.driver.sessions()
    written = [message.created_at for message in context.driver.messages(session.name)]
    assert (session.message_count, len(written)) == (count, count), session
    assert session.first_message_at == min(written), session


@then("it was first used at the same time as before")
def _(context):
    (session,) = context.driver.sessions()
    assert session.message_count == len(context.driver.messages(session.name)), session
    assert session.first_message_at == context.driver.remembered["first used"], session
