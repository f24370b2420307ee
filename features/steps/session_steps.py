"""The lifecycle of sessions: made, used, found, deleted."""

from __future__ import annotations

import re
from itertools import pairwise

from behave import given, step, then, when

from support.contents import changed_tables, remember
from support.records import differences, said

ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


def add(context, **cells):
    context.driver.add_rows([{name: str(cell) for name, cell in cells.items()}])
    remember(context.driver)


# --- what there is ------------------------------------------------------------------------------


@given('a session "{name}"')
def _(context, name):
    add(context, name=name, messages=0)


@given('a session "{name}" last accessed {time} ago')
def _(context, name, time):
    add(context, name=name, idle=time, messages=0)


@given('a session "{name}" last accessed {time} ago with {number:d} messages')
def _(context, name, time, number):
    add(context, name=name, idle=time, messages=number)


@given('a session "{name}" with {number:d} messages of {size:d} bytes')
def _(context, name, number, size):
    add(context, name=name, messages=number, size=size)


@given('a session "{name}" last accessed {time} ago with {number:d} messages of {size:d} bytes')
def _(context, name, time, number, size):
    add(context, name=name, idle=time, messages=number, size=size)


@given("{number:d} stale sessions with {messages:d} messages of {size:d} bytes")
def _(context, number, messages, size):
    row = {"idle": "60d", "messages": str(messages), "size": str(size)}
    context.driver.add_rows({**row, "name": f"stale-{index}"} for index in range(number))
    remember(context.driver)


@given('{number:d} sessions whose ids begin with "{beginning}"')
def _(context, number, beginning):
    context.driver.add_rows({"id": f"{beginning}-{index:02}"} for index in range(number))


@given("{number:d} sessions of which many are alike")
def _(context, number):
    context.driver.add_rows(
        {
            "id": f"{index * 37 % number:02}",
            "name": ("alike", "also alike", "")[index % 3],
            "idle": f"{index % 4}d",
            "created": f"{4 + index % 3}d",
            "messages": str(index % 5),
        }
        for index in range(number)
    )


@step("I remember what is there")
def _(context):
    remember(context.driver)


# --- what happens -------------------------------------------------------------------------------


@when("I create {number:d} sessions one after another")
def _(context, number):
    driver = context.driver
    made = [driver.ask(f"session create --name {index}") for index in range(number)]
    driver.remembered["ids"] = [data["session"]["session_id"] for data in made]


@when("I create a session with a name of {length:d} characters")
def _(context, length):
    context.driver.run(["session", "create", "--name", "ü" * length])


@when("I show a session whose id begins with the last character of Unicode")
def _(context):
    context.driver.run(["session", "show", "\U0010ffff"])


@when("I read the whole list in pages of {size:d} by {key}")
def _(context, size, key):
    driver, pages = context.driver, []
    while not pages or pages[-1]["sessions"]:
        pages.append(
            driver.ask(f"session list --sort {key} --limit {size} --offset {sum(map(_length, pages))}")
        )
    driver.remembered["pages"] = pages


def _length(page) -> int:
    return len(page["sessions"])


@when('I pipe this into "{words}"')
def _(context, words):
    context.driver.run(words, stdin=context.text)


# --- what came of it ----------------------------------------------------------------------------


@then('it says "{text}"')
def _(context, text):
    assert text in said(context.driver), said(context.driver)


@then('it does not say "{text}"')
def _(context, text):
    assert text not in said(context.driver), said(context.driver)


@then('it is refused as a usage error that says "{text}"')
def _(context, text):
    assert context.driver.exit_code == 2, said(context.driver)
    assert text in said(context.driver), said(context.driver)
    assert "Traceback" not in said(context.driver), said(context.driver)


@then("nothing has changed")
def _(context):
    changed = changed_tables(context.driver)
    assert not changed, f"{changed} changed\n{said(context.driver)}"


@then('the session "{name}" has')
def _(context, name):
    driver = context.driver
    record = driver.ask(f"session show {driver.session(name).session_id}")["session"]
    wrong = differences(driver, record, {row["what"]: row["value"] for row in context.table})
    assert not wrong, wrong


@then('the messages of "{name}" are')
def _(context, name):
    driver = context.driver
    records = driver.ask(f"session show {driver.session(name).session_id} --messages 100")["messages"]
    rows = [row.as_dict() for row in context.table]
    assert len(records) == len(rows), records
    for record, row in zip(records, rows, strict=True):
        wrong = differences(driver, record, {field: cell or "none" for field, cell in row.items()})
        assert not wrong, wrong


@then('there is {number:d} session named "{name}"')
@then('there are {number:d} sessions named "{name}"')
def _(context, number, name):
    assert [session.name for session in context.driver.sessions()].count(name) == number


@then('no session is named "{name}"')
def _(context, name):
    assert name not in context.driver.remaining()


@then("there are {number:d} sessions in all")
def _(context, number):
    assert len(context.driver.sessions()) == number


@then("every id is a ULID")
def _(context):
    ids = context.driver.remembered["ids"]
    assert all(ULID.fullmatch(session_id) for session_id in ids), ids


@then("the ids sort in the order in which they were made")
def _(context):
    ids = context.driver.remembered["ids"]
    assert all(earlier < later for earlier, later in pairwise(ids)), ids


@then("the list is {names}")
def _(context, names):
    driver = context.driver
    listed = [row for row in driver.stdout.splitlines()[1:] if "  " in row]
    shown = [row.split("  ")[0] for row in listed]
    expected = [] if names == "nothing" else names.replace("unnamed", "-").split(", ")
    assert shown == expected, driver.stdout + driver.stderr


@then("every session was on exactly one page")
def _(context):
    pages = context.driver.remembered["pages"]
    ids = [session["session_id"] for page in pages for session in page["sessions"]]
    assert sorted(ids) == sorted(session.session_id for session in context.driver.sessions())


@then("each page says how many there are in all")
def _(context):
    assert {page["total"] for page in context.driver.remembered["pages"]} == {len(context.driver.sessions())}


@then("the list says that its total is not exact")
def _(context):
    data = context.driver.data
    assert data["total_is_exact"] is False, data["total"]
    assert data["total"] == 10_000, data["total"]


@then('10 ids that begin with "{beginning}" are named, and that there are more')
def _(context, beginning):
    assert len(re.findall(rf"{beginning}-\d\d", context.driver.stderr)) == 10, context.driver.stderr
    assert "…" in context.driver.stderr, context.driver.stderr


@then('of "{name}" the messages {numbers} are shown and no others')
def _(context, name, numbers):
    rows = re.findall(r"^#(\d+) (?:user|assistant),", context.driver.stdout, re.MULTILINE)
    assert rows == numbers.split(", "), context.driver.stdout
    assert name in context.driver.stdout


@then("it counts {number:d} children")
def _(context, number):
    assert re.search(rf"^Children +{number}$", context.driver.stdout, re.MULTILINE), context.driver.stdout


@then("nothing was asked")
def _(context):
    assert "[y/N]" not in said(context.driver), said(context.driver)
