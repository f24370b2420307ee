"""The words of those who use an agent server, and of those who run it."""

from __future__ import annotations

import time
from datetime import timedelta

from behave import given, then, when

from support.agent_server import AgentServer, wait_until
from support.tables import quoted

_GRACE = 5


def _server(context) -> AgentServer:
    return context.driver.remembered["server"]


def _is_gone(context, name):
    status, _ = _server(context).ask("GET", f"/sessions/{_server(context).id_of(name)}")
    assert status in {200, 404}, status
    return status == 404


@given("an agent server")
def _(context):
    context.driver.remembered["server"] = AgentServer(context.driver)


@given("an agent server in its place")
def _(context):
    before = _server(context)
    context.driver.remembered["server"] = AgentServer(context.driver)
    _server(context).know(before)


# --- what happens -------------------------------------------------------------------------------


@when("somebody creates {names} there")
def _(context, names):
    for name in quoted(names):
        _server(context).create(name)


@when('somebody says "{content}" in "{name}"')
def _(context, content, name):
    server = _server(context)
    status, answer = server.ask("POST", f"/sessions/{server.id_of(name)}/messages", {"content": content})
    assert status == 201, answer


@when('somebody deletes "{name}" with the command')
def _(context, name):
    context.driver.run(["session", "delete", _server(context).id_of(name), "--yes"])
    assert context.driver.exit_code == 0, context.driver.stderr


@when('somebody touches "{name}" half a second later')
def _(context, name):
    time.sleep(0.5)
    status, touched = _server(context).ask("POST", f"/sessions/{_server(context).id_of(name)}/touch")
    assert status == 200, touched
    context.driver.remembered["touched"] = time.monotonic()


@when("the server is told to end")
def _(context):
    context.driver.remembered["ending"] = _server(context).end()


@when("the server is told to end when it is at work")
def _(context):
    time.sleep(1.5)
    context.driver.remembered["ending"] = _server(context).end()


@when("the server is killed")
def _(context):
    _server(context).kill()


@when("a program purges with the library an hour later")
def _(context):
    driver = context.driver
    driver.clock.show_real_time()
    driver.clock.advance(timedelta(hours=1))
    driver.purge_with_library(lambda _report: True)


@when("another program takes the write lock of the database for good")
def _(context):
    context.driver.remembered["lock"] = context.driver.hold_write_lock(), None


@when("another program takes the write lock of the database for {seconds:d} seconds")
def _(context, seconds):
    connection = context.driver.hold_write_lock()
    context.driver.remembered["lock"] = connection, time.monotonic() + seconds


# --- what came of it ----------------------------------------------------------------------------


@then('within {seconds:d} seconds "{name}" is gone')
def _(context, seconds, name):
    wait_until(lambda: _is_gone(context, name), seconds)


@then('within {seconds:d} seconds "{name}" is gone, while "{other}" has as long as it was promised')
def _(context, seconds, name, other):
    wait_until(lambda: _is_gone(context, name), seconds)
    touched = context.driver.remembered["touched"]
    was_gone = _is_gone(context, other)
    assert not was_gone or time.monotonic() - touched >= 1, "it went before its time"


@then('"{name}" answers with "{content}", and is the only one in its list')
def _(context, name, content):
    server = _server(context)
    _, shown = server.ask("GET", f"/sessions/{server.id_of(name)}")
    assert [message["content"] for message in shown["messages"]] == [content], shown
    assert shown["first_message_at"], shown
    _, listed = server.ask("GET", "/sessions")
    assert [session["name"] for session in listed["sessions"]] == [name], listed


@then("the server waits for no session")
def _(context):
    wait_until(lambda: _server(context).ask("GET", "/health")[1] == {"status": "ok", "waiting": 0})


@then("the server has told of no trouble")
def _(context):
    told = [line for line in _server(context).log if not line.startswith("INFO:")]
    assert told == [], told


@then('the server has told that "{text}"')
def _(context, text):
    assert any(text in line for line in _server(context).log), _server(context).log


@then("the server answers all the time that it is well")
def _(context):
    connection, deadline = context.driver.remembered["lock"]
    while (left := deadline - time.monotonic()) > 0:
        began = time.monotonic()
        status, answer = _server(context).ask("GET", "/health")
        assert (status, answer["status"]) == (200, "ok"), answer
        assert time.monotonic() - began < 1, "it took a second to answer"
        time.sleep(min(left, 0.05))
    connection.close()


@then("nobody but the server's cleanup has purged")
def _(context):
    runs = context.driver.ask("cleanup log --all")["runs"]
    assert runs, "it left no entry in the ledger"
    assert {run["from"] if "from" in run else run["started_from"] for run in runs} == {"API"}, runs
    assert all(run["sessions"] for run in runs), runs


@then("it has ended within the grace, cleanly")
def _(context):
    assert context.driver.remembered["ending"] < _GRACE, context.driver.remembered["ending"]
    log = _server(context).log
    assert any("Finished server process" in line for line in log), log
    assert not [line for line in log if not line.startswith("INFO:")], log


@then("it has ended within the grace, or soon after")
def _(context):
    assert context.driver.remembered["ending"] < 4, context.driver.remembered["ending"]
    assert any("Finished server process" in line for line in _server(context).log), _server(context).log


@then("when the other program is done, only {names} remains")
def _(context, names):
    context.driver.remembered["lock"][0].close()
    assert context.driver.remaining() == set(quoted(names))
