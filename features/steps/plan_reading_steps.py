"""What the database says about how it answers a command."""

from __future__ import annotations

from behave import given, then, when

from support.plans import plans
from support.sessions import session_from_row

ACTORS, CHILD_EVERY = 20, 10


@given("{count:d} sessions of {messages:d} messages, half of them stale, some with parents")
def _(context, count, messages):
    driver = context.driver
    driver.add(
        session_from_row(
            {
                "name": f"session {number}",
                "idle": f"{40 if number % 2 else 1}d",
                "messages": str(messages),
                "actor": f"agent-{number % ACTORS}",
                "parent": f"session {number - 2}" if number % CHILD_EVERY == 0 else "",
            },
            driver.clock.now(),
        )
        for number in range(1, count + 1)
    )
    driver.another_connection().execute("ANALYZE")


@when('I run "{words}" and read the plans')
def _(context, words):
    with plans() as ran:
        context.driver.run(words)
    context.planned = ran


@when("I run each of these and read the plans")
def _(context):
    context.planned, context.planned_of = [], {}
    for (words,) in context.table:
        with plans() as ran:
            context.driver.run(words)
        assert context.driver.exit_code == 0, f"{words}: {context.driver.stderr}"
        assert ran, words
        context.planned_of[words] = ran
        context.planned += ran


@then("no statement reads every message")
def _(context):
    found = {
        words: [(statement.whole_reads, statement.text) for statement in ran if statement.whole_reads]
        for words, ran in context.planned_of.items()
    }
    assert not any(found.values()), {words: told for words, told in found.items() if told}


@then("a statement reads every message")
def _(context):
    assert any(statement.whole_reads for statement in context.planned), len(context.planned)


@then("no statement so much as names the messages")
def _(context):
    found = [statement.text for statement in context.planned if statement.names_messages]
    assert context.planned, "no statement was run"
    assert not found, found
