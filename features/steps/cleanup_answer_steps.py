"""The words about how a cleanup answers: to people, to machines, in logs, and why for one session."""

from __future__ import annotations

import json
import re
from datetime import datetime

import yaml
from behave import then

from support.cleanup_report import columns_of, log_lines
from support.sessions import span
from support.tables import rows_of

READERS = {"json": json.loads, "yaml": yaml.safe_load}

# --- to people ----------------------------------------------------------------------------------


@then("the answer says nothing")
def _(context):
    assert context.driver.stdout == "", context.driver.stdout


@then("the error says nothing")
def _(context):
    assert context.driver.stderr == "", context.driver.stderr


@then("the answer lists")
def _(context):
    shown = [columns_of(line) for line in context.driver.stdout.splitlines()]
    for row in [context.table.headings, *(list(row.cells) for row in context.table)]:
        assert row in shown, f"{row} is not in\n{context.driver.stdout}"
    places = [shown.index(list(row.cells)) for row in context.table]
    assert places == sorted(places), context.driver.stdout


@then('{count:d} sessions are listed, from "{first}" to "{last}"')
def _(context, count, first, last):
    listed = re.findall(r"^(session \d+) ", context.driver.stdout, re.MULTILINE)
    assert (len(listed), listed[0], listed[-1]) == (count, first, last), listed


@then("the answer has no colours and no boxes")
def _(context):
    strange = re.findall(r"[\x1b\u2500-\u257f]", context.driver.stdout)
    assert not strange, strange


# --- to machines --------------------------------------------------------------------------------


@then("the answer is one {format_} document")
def _(context, format_):
    driver = context.driver
    document = READERS[format_](driver.stdout)
    names = {"command", "status", "exit_code", "data", "timing", "messages"}
    assert document.keys() - {"error"} == names, document
    assert document["exit_code"] == driver.exit_code, document
    assert ("error" in document) == (document["status"] == "error"), document


@then("the answer names")
def _(context):
    missing = set(context.table.headings) - context.driver.data.keys()
    assert not missing, missing


# --- in logs ------------------------------------------------------------------------------------


@then("the log says")
def _(context):
    logged = log_lines(context.driver.stderr)
    for row in rows_of(context.table):
        assert any(row.items() <= line.items() for line in logged), f"{row} is not in {logged}"


@then("{count:d} sessions are logged as deleted")
def _(context, count):
    deleted = [line["session_id"] for line in log_lines(context.driver.stderr) if "session_id" in line]
    assert (len(deleted), len(set(deleted))) == (count, count), deleted


@then("each line of the log is a JSON object")
def _(context):
    lines = [json.loads(line) for line in context.driver.stderr.splitlines()]
    assert lines, "nothing was logged"
    assert all({"time", "level", "message"} <= line.keys() for line in lines), lines


# --- why for one session ------------------------------------------------------------------------


@then('the verdict is "{verdict}"')
def _(context, verdict):
    data = context.driver.data
    assert data["verdict"] == verdict, data


@then("the rules say")
def _(context):
    told = {rule["reason"]: rule for rule in context.driver.data["rules"]}
    for row in rows_of(context.table):
        rule = told.pop(row["rule"])
        expected = {
            "threshold_seconds": span(row["threshold"]).total_seconds(),
            "applies": row["applies"] == "yes",
            "selects": row["selects"] == "yes",
        }
        assert expected.items() <= rule.items(), rule
    assert not told, told


@then("it becomes a candidate in {wait}")
def _(context, wait):
    moment = datetime.fromisoformat(context.driver.data["eligible_at"])
    assert moment - context.driver.clock.now() == span(wait), moment


@then("no moment is named at which it becomes a candidate")
def _(context):
    assert context.driver.data["eligible_at"] is None, context.driver.data
