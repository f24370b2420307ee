"""Several processes at once on one database."""

from __future__ import annotations

from behave import then, when


@when('{number:d} processes append to "{name}" at once')
def _(context, number, name):
    words = ["session", "append", name, "--role", "user"]
    _run_at_once(context.driver, [[*words, f"from process {index}"] for index in range(number)])


@when("{number:d} upgrades run at once")
def _(context, number):
    _run_at_once(context.driver, ["db upgrade"] * number)


def _run_at_once(driver, command_lines):
    driver.set_variable("CLEVERAGENTS_DATABASE_BUSY_TIMEOUT", "60s")
    started = [driver.start(words) for words in command_lines]
    driver.remembered["ends"] = [(process.wait(timeout=120), process.stderr.read()) for process in started]


@then("every one of them succeeded")
def _(context):
    failed = [error for code, error in context.driver.remembered["ends"] if code != 0]
    assert not failed, failed


@then('"{name}" holds {number:d} messages numbered 1 to {last:d}, each process\'s exactly once')
def _(context, name, number, last):
    messages = context.driver.messages(name)
    assert [message.sequence for message in messages] == list(range(1, last + 1))
    assert {message.content for message in messages} == {f"from process {n}" for n in range(number)}


@then('the counters of "{name}" agree with its messages')
def _(context, name):
    session, messages = context.driver.session(name), context.driver.messages(name)
    assert session.message_count == len(messages)
    assert session.content_bytes == sum(len(message.content.encode()) for message in messages)
    assert session.first_message_at == min(message.created_at for message in messages)
