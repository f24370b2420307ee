"""The words about progress on a terminal."""

from __future__ import annotations

import json

from behave import then, when

from support.pace_terminal import counts_shown, screen_of, stages_shown, words_sent
from support.shell import run_on_terminal

CTRL_C = b"\x03"


@when("I undo the run on a real terminal")
def _(context):
    run_on_terminal(context.driver, f"agents cleanup restore {context.driver.remembered['run']}")


@when('I run on a real terminal, and answer "{answer}": {script}')
def _(context, answer, script):
    run_on_terminal(context.driver, script, answer=f"{answer}\n".encode())


@when('I run on a real terminal, and press Ctrl-C at "{moment}": {script}')
def _(context, moment, script):
    run_on_terminal(context.driver, script, answer=CTRL_C, when_shown=moment.encode())


@then("no progress was shown")
def _(context):
    sent = words_sent(context.driver)
    assert not stages_shown(sent), sent
    assert "━" not in sent, sent


@then('"{stage}" was shown')
def _(context, stage):
    assert stage in words_sent(context.driver), words_sent(context.driver)


@then('"{stage}" was shown with counts of {rows:d}')
def _(context, stage, rows):
    counts = counts_shown(context.driver, stage)
    assert {total for _, total in counts} == {rows}, words_sent(context.driver)


@then('"{stage}" was shown with counts of {rows:d}, in steps of {step:d}')
def _(context, stage, rows, step):
    counts = counts_shown(context.driver, stage)
    assert counts, words_sent(context.driver)
    assert {total for _, total in counts} == {rows}, counts
    assert {done for done, _ in counts} <= set(range(0, rows + 1, step)), counts
    assert len(counts) > 1, counts


@then("the screen shows nothing of it at the end")
def _(context):
    screen = screen_of(context.driver)
    assert not stages_shown(screen), screen
    assert "━" not in screen, screen


@then('the file "{name}" is one document that says that {count:d} sessions were purged')
def _(context, name, count):
    document = json.loads((context.driver.folder / name).read_text())
    assert (document["exit_code"], document["data"]["purged"]) == (0, count), document
