"""Proving adapters: that good ones pass every check, and that each check finds what it is there for."""

from __future__ import annotations

import os
import subprocess
import sys

from behave import then, when

from cleveragents.conformance import NotApplicableError, NotConformingError, checks
from support import broken_deleting, broken_telling  # noqa: F401 - they register what they break
from support.broken_adapters import BROKEN, EXAMPLES, maker_of
from support.file_makers import maker_of_folder
from support.kind_makers import maker_of_kind

_OURS = (str(EXAMPLES), str(EXAMPLES.parents[1] / "features"))


@when("I prove the example's adapter with {words}")
@when("I prove the example's adapter")
def _(context, words=""):
    driver = context.driver
    finished = subprocess.run(  # noqa: S603 - the words are a scenario's
        [sys.executable, "-m", "cleveragents.conformance", *(words.split() or ["parlour_maker:MAKER"])],
        cwd=EXAMPLES,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([*_OURS, os.environ.get("PYTHONPATH", "")])},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    driver.exit_code, driver.stdout, driver.stderr = finished.returncode, finished.stdout, finished.stderr


@when('I prove the kind of the store "{recorded}"')
def _(context, recorded):
    _prove(context, maker_of_kind(context.driver, recorded))


@when('I prove the kind of the folder "{kind}"')
def _(context, kind):
    _prove(context, maker_of_folder(kind))


def _prove(context, maker):
    context.ends = {}
    for check in checks(maker):
        try:
            check()
        except NotApplicableError:
            context.ends[check.name] = "none"
        except NotConformingError as failure:
            context.ends[check.name] = str(failure)
        else:
            context.ends[check.name] = "passed"


@then("every check of it passes")
def _(context):
    wrong = {name: end for name, end in context.ends.items() if end != "passed"}
    assert context.ends, "there are no checks"
    assert not wrong, wrong


@then("every check of it passes but those of its own files, and of what dangles")
def _(context):
    wrong = {name: end for name, end in context.ends.items() if end != "passed"}
    others = ("it knows its own files", "what dangles goes when it is old enough")
    assert wrong == dict.fromkeys(others, "none"), wrong


@then("every check of it passes but that of what dangles, which nothing can")
def _(context):
    wrong = {name: end for name, end in context.ends.items() if end != "passed"}
    assert wrong == {"what dangles goes when it is old enough": "none"}, wrong


@when('the adapter {defect}, and the check "{name}" is run')
def _(context, defect, name):
    maker = maker_of(BROKEN[f"{name}: {defect}"])
    (check,) = [check for check in checks(maker) if check.name == name]
    context.failure = None
    try:
        check()
    except NotConformingError as failure:
        context.failure = failure


@then('it fails, because "{why}"')
def _(context, why):
    assert context.failure is not None, "it passed"
    assert why in str(context.failure), context.failure


@then("each check has an adapter that fails it")
def _(_context):
    proven = {name.partition(": ")[0] for name in BROKEN}
    named = {check.name for check in checks(maker_of(next(iter(BROKEN.values()))))}
    assert proven == named, proven ^ named


@then("every check passes")
def _(context):
    driver = context.driver
    names = [check.name for check in checks(maker_of(next(iter(BROKEN.values()))))]
    told = [line for line in driver.stdout.splitlines() if line.startswith("ok ")]
    assert [line.removeprefix("ok").strip() for line in told] == names, driver.stdout + driver.stderr
