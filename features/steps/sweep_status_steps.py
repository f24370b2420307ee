"""The words about `agents cleanup status`: every fact, held against where it comes from."""

from __future__ import annotations

import os
import re
from datetime import datetime
from typing import Any

from behave import step, then

from support.sessions import span
from support.sweeps import records
from support.tables import rows_of
from support.trust_archives import files_of

_SIZE_OF_TABLES = (
    "SELECT sum(pg_total_relation_size(format('%I', tablename)::regclass))::bigint FROM pg_tables"
    " WHERE schemaname = 'public' AND tablename IN ('sessions', 'session_messages')"
)


def _looked_up(data: Any, path: str) -> Any:
    for key in path.split("."):
        data = data[key]
    return data


def _told(driver, value: Any, expected: str) -> str:
    """The value as the table writes it: moments from now, and everything else as it is."""
    if expected != "now" and not expected.endswith((" ago", " from now")):
        return str(value)
    ahead = datetime.fromisoformat(value) - driver.clock.now()
    if expected == "now":
        return "now" if not ahead else value
    length, _, direction = expected.partition(" ")
    return expected if ahead == (-span(length) if direction == "ago" else span(length)) else value


# --- what happens -------------------------------------------------------------------------------


@step("these sessions are added")
def _(context):
    context.driver.add_rows(rows_of(context.table))


# --- what came of it ----------------------------------------------------------------------------


@then("the status says")
def _(context):
    driver = context.driver
    rows = rows_of(context.table)
    told = [
        {"what": row["what"], "value": _told(driver, _looked_up(driver.data, row["what"]), row["value"])}
        for row in rows
    ]
    assert told == rows, told


@then('one of its problems says "{text}"')
def _(context, text):
    problems = context.driver.data["problems"]
    assert any(text in problem for problem in problems), problems


@then("the status tells the true size of the database")
def _(context):
    driver = context.driver
    connection = driver.another_connection()
    if driver.backend.name == "sqlite":
        (size,) = connection.execute(
            "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        ).fetchone()
    else:
        (size,) = connection.execute(_SIZE_OF_TABLES).fetchone()
    assert driver.data["database_bytes"] == size, (driver.data["database_bytes"], size)


@then("the status tells the true size of the archives")
def _(context):
    size = sum(map(len, files_of(context.driver).values()))
    assert context.driver.data["archives"]["bytes"] == size > 0, context.driver.data["archives"]


@then("the policy in force is told as a dry run tells it")
def _(context):
    driver = context.driver
    assert driver.data["policy"] == driver.ask("cleanup --dry-run")["policy"], driver.data["policy"]


@then("the status somebody saw names the holder of the lease, which is this process")
def _(context):
    lease = context.driver.data["lease"]
    assert f":{os.getpid()}:" in lease["holder"], lease


@then("the status shows these facts")
def _(context):
    shown = dict(re.findall(r"^(\S+(?: \S+)*) {2,}(.+)$", context.driver.stdout, re.MULTILINE))
    wrong = [row for row in rows_of(context.table) if row["says"] not in shown.get(row["fact"], "")]
    assert not wrong, (wrong, shown)


@then("the backlogs were {numbers}")
def _(context, numbers):
    told = ", ".join(str(each["sessions"]) for each in context.driver.data["backlogs"])
    assert told == numbers, told


@then("the database remembers no sweep")
def _(context):
    assert records(context.driver) == []
