"""How answers look: one document, plain lines, rich tables, logs, and nothing that does harm."""

from __future__ import annotations

import json
import re

from behave import given, step, then, when

from support.contents import remember
from support.documents import checksum_of
from support.harm import HARMS, boxes, colours, shows, styles, what_a_terminal_obeys
from support.records import said
from support.tables import quoted

LOG_LINE = re.compile(r"^(INFO|DEBUG|WARNING|ERROR) (.*)$", re.MULTILINE)
MILLION = "aü" * 500_000


def document(driver):
    return driver.remembered["document"]


# --- one document -------------------------------------------------------------------------------


@then("stdout is one {format_} document")
def _(context, format_):
    driver = context.driver
    read = driver.envelope if format_ == "json" else driver.yaml_envelope
    assert {"command", "status", "exit_code", "data", "timing", "messages"} <= read.keys(), read
    assert isinstance(read["timing"]["duration_ms"], int), read["timing"]
    assert all(set(message) == {"level", "text"} for message in read["messages"]), read["messages"]
    assert read["exit_code"] == driver.exit_code, driver.exit_code
    driver.remembered["document"] = read


@then("its envelope has")
def _(context):
    read = document(context.driver)
    for row in context.table:
        told = read.get(row["what"], "not there") if row["what"] != "data" else read["data"] or "none"
        assert str(told) == row["value"], read


@then('its error has the code "{code}", a message, a detail and suggestions')
def _(context, code):
    error = document(context.driver)["error"]
    assert error["code"] == code, error
    assert error["message"], error
    assert isinstance(error["detail"], str), error
    assert isinstance(error["suggestions"], list), error


@then("its error lists the matches {ids}")
def _(context, ids):
    assert document(context.driver)["error"]["matches"] == quoted(ids)


@then('one of its messages says "{text}"')
def _(context, text):
    messages = document(context.driver)["messages"]
    assert any(text in message["text"] for message in messages), messages


@step('I run both "{words}" and "{others}"')
def _(context, words, others):
    driver = context.driver
    driver.remembered["shapes"] = []
    for command in (words, others):
        driver.run(command)
        driver.remembered["shapes"].append(shape(driver.envelope))


def shape(value):
    """The names of a document at every depth; what stands in a list counts as what it is."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    return "list" if isinstance(value, list) else "value"


@then("both documents have the same names at the same places")
def _(context):
    one, other = context.driver.remembered["shapes"]
    assert one == other


# --- the shape of an answer ---------------------------------------------------------------------


@then("stdout holds no box drawing and nothing that a terminal obeys")
def _(context):
    written = context.driver.stdout
    assert written
    assert not boxes(written), written
    assert not what_a_terminal_obeys(written), written
    assert not styles(written), written


@then("the answer is in {format_}")
def _(context, format_):
    stdout = context.driver.stdout
    as_json, as_yaml = stdout.startswith("{"), stdout.startswith("command:")
    assert (as_json, as_yaml) == (format_ == "json", format_ == "yaml"), stdout


@then("the terminal was sent {what}")
def _(context, what):
    sent = context.driver.stdout
    assert "spring" in sent
    assert {"colours": colours, "bold type": styles}[what](sent), sent


@then("the terminal was not sent {what}")
def _(context, what):
    sent = context.driver.stdout
    assert "spring" in sent
    assert not {"colours": colours, "bold type": styles}[what](sent), sent


@then("stdout is empty")
def _(context):
    assert context.driver.stdout == "", context.driver.stdout


@then("stderr is empty")
def _(context):
    assert context.driver.stderr == "", context.driver.stderr


# --- logs ---------------------------------------------------------------------------------------


def log_of(driver):
    """The lines of the log as objects, whichever format they have."""
    if driver.stderr.startswith("{"):
        return [json.loads(line) for line in driver.stderr.splitlines()]
    lines = []
    for level, rest in LOG_LINE.findall(driver.stderr):
        facts = dict(re.findall(r"(\w+)=(\S+)", rest))
        lines.append({"level": level.lower(), "message": rest, **facts})
    return lines


def log_at(driver, level):
    return [line for line in log_of(driver) if line["level"] == level.lower()]


@then("the log has {number:d} line at {level} with")
def _(context, number, level):
    lines = log_at(context.driver, level)
    assert len(lines) == number, context.driver.stderr
    wrong = [row for row in context.table if str(lines[0].get(row["what"])) != row["value"]]
    assert not wrong, lines


@then("the log has {number:d} line at {level}")
@then("the log has {number:d} lines at {level}")
def _(context, number, level):
    assert len(log_at(context.driver, level)) == number, context.driver.stderr


@then("its lines at DEBUG name the sessions by their whole ids")
def _(context):
    lines = log_at(context.driver, "DEBUG")
    named = {(line["session_id"], str(line["age_days"])) for line in lines}
    assert named == {(row["id"], row["age in days"]) for row in context.table}, context.driver.stderr


@then("every line of the log is an object with a time, a level and a message")
def _(context):
    lines = [json.loads(line) for line in context.driver.stderr.splitlines()]
    assert lines
    assert all({"time", "level", "message"} <= line.keys() for line in lines), lines


@then("no line of the log speaks of a deletion")
def _(context):
    assert not [line for line in log_of(context.driver) if "delet" in str(line) or "purge" in str(line)]


# --- text that means harm -----------------------------------------------------------------------


@given("a stale session whose name has {what}")
def _(context, what):
    driver = context.driver
    driver.add_rows([{"id": "harmful", "name": HARMS[what].text, "idle": "40d", "messages": "1"}])
    driver.remembered["harm"] = HARMS[what]
    remember(driver)


@given('a session "{name}" with a message that has {what}')
def _(context, name, what):
    driver = context.driver
    driver.add_rows([{"name": name, "idle": "40d", "messages": "1", "content": HARMS[what].text}])
    driver.remembered["harm"] = HARMS[what]


@then("it is shown harmlessly in {format_}")
def _(context, format_):
    driver = context.driver
    assert not what_a_terminal_obeys(said(driver)), repr(said(driver))
    assert shows(driver.remembered["harm"], said(driver), format_), said(driver)


@when("I show a session whose id has a colour code")
def _(context):
    context.driver.run(["session", "show", "\x1b[31mspring"])


@then("nothing that a terminal obeys was written")
def _(context):
    assert said(context.driver)
    assert not what_a_terminal_obeys(said(context.driver)), said(context.driver)
    assert not styles(said(context.driver)), said(context.driver)


@then('people are shown how the million characters of "{name}" begin, and machines all of them')
def _(context, name):
    driver = context.driver
    for format_ in ("rich", "plain"):
        driver.run(f"session show {name} --format {format_}")
        assert MILLION[:100] in driver.stdout, driver.stderr
    driver.run(f"session show {name} --format json")
    assert driver.data["messages"][0]["content"] == MILLION
    driver.run(f"session show {name} --format yaml")
    assert driver.yaml_envelope["data"]["messages"][0]["content"] == MILLION


@then('"{name}" survives an export and an import')
def _(context, name):
    driver = context.driver
    driver.run(f"session export {name} --output long.json")
    driver.run("session import long.json --new-id")
    assert driver.exit_code == 0, driver.stderr
    exported = json.loads((driver.folder / "long.json").read_bytes())
    assert exported["checksum"] == checksum_of(exported)
    assert [message["content"] for message in exported["messages"]] == [MILLION]
