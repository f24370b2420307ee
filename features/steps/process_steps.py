"""Several processes at once on one database."""

from __future__ import annotations

import json

from behave import then, when

RUN_ALL = """
import json, sys
import cleveragents.container
from cleveragents.cli.app import run

print("ready", flush=True)
sys.stdin.readline()
for argv in json.loads(sys.argv[1]):
    if code := run(argv):
        sys.exit(code)
"""


@when('{number:d} processes append {each:d} messages each to "{name}" at once')
def _(context, number, each, name):
    words = ["session", "append", name, "--role", "user"]
    _run_at_once(
        context.driver,
        [[[*words, f"{index} of process {process}"] for index in range(each)] for process in range(number)],
    )


@when("{number:d} upgrades run at once")
def _(context, number):
    _run_at_once(context.driver, [[["db", "upgrade"]]] * number)


def _run_at_once(driver, lists):
    """Run lists of commands, each list in a process of its own; all begin when all are loaded."""
    driver.set_variable("CLEVERAGENTS_DATABASE_BUSY_TIMEOUT", "60s")
    started = [driver.start_python(RUN_ALL, json.dumps(commands)) for commands in lists]
    for process in started:
        assert process.stdout.readline() == "ready\n", process.communicate()
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    ends = []
    for process in started:
        _, error = process.communicate(timeout=120)
        ends.append((process.returncode, error))
    driver.remembered["ends"] = ends


@then("every one of them succeeded")
def _(context):
    failed = [error for code, error in context.driver.remembered["ends"] if code != 0]
    assert not failed, failed


@then('"{name}" holds the {each:d} messages of each of the {number:d} processes, numbered 1 to {last:d}')
def _(context, name, each, number, last):
    messages = context.driver.messages(name)
    assert [message.sequence for message in messages] == list(range(1, last + 1))
    assert sorted(message.content for message in messages) == sorted(
        f"{index} of process {process}" for index in range(each) for process in range(number)
    )
    for process in range(number):
        own = [message.content for message in messages if message.content.endswith(f"process {process}")]
        assert own == [f"{index} of process {process}" for index in range(each)], own


@then('the counters of "{name}" agree with its messages')
def _(context, name):
    session, messages = context.driver.session(name), context.driver.messages(name)
    assert session.message_count == len(messages)
    assert session.content_bytes == sum(len(message.content.encode()) for message in messages)
    assert session.first_message_at == min(message.created_at for message in messages)
