"""The words about the ledger: which runs it knows, which attempts came to nothing, who edited it."""

from __future__ import annotations

from behave import given, then

from cleveragents.domain.run import StartedFrom
from cleveragents.infrastructure.origin import origin
from support.tables import rows_of
from support.trust_ledger import FORGERIES, attempts_in, runs_in, told_as

# --- what there is ------------------------------------------------------------------------------


@given("somebody {forgery} the ledger")
def _(context, forgery):
    driver = context.driver
    connection = driver.another_connection()
    changed = connection.execute(FORGERIES[forgery]).rowcount
    connection.close()
    assert changed, f"{forgery}: nothing was there to forge"


# --- what came of it ----------------------------------------------------------------------------


@then("the runs are, newest first")
def _(context):
    rows = rows_of(context.table)
    found = [told_as(rows[0], run) for run in runs_in(context.driver)]
    assert found == rows, found


@then("the ledger knows no run")
def _(context):
    assert runs_in(context.driver) == []


@then("the ledger knows {count:d} runs")
def _(context, count):
    runs = runs_in(context.driver)
    assert len(runs) == count, runs


@then("the attempts that came to nothing are, newest first")
def _(context):
    rows = rows_of(context.table)
    found = [told_as(rows[0], attempt) for attempt in attempts_in(context.driver)]
    assert found == rows, found


@then("no attempt is remembered")
def _(context):
    assert attempts_in(context.driver) == []


@then("the newest run has")
def _(context):
    driver = context.driver
    run = runs_in(driver)[0]
    for row in rows_of(context.table):
        told = told_as({row["what"]: ""}, run)[row["what"]]
        assert told == row["value"], f"{row['what']} is {told}"


@then("the newest run says who and where: this user on this host, with this version")
def _(context):
    here = origin(StartedFrom.COMMAND_LINE)
    run = runs_in(context.driver)[0]
    assert (run["who"], run["host"], run["version"]) == (here.who, here.host, here.version), run
    assert all((run["who"], run["host"], run["version"])), run


@then("each run has the hash of the run before it")
def _(context):
    runs = list(reversed(runs_in(context.driver)))
    assert len(runs) > 1
    assert [run["position"] for run in runs] == list(range(1, len(runs) + 1)), runs
    chain = [run["entry_hash"] for run in runs]
    assert [run["previous_hash"] for run in runs] == ["0" * 64, *chain[:-1]], runs
    assert len(set(chain)) == len(chain), chain


@then("the report and the newest run tell the same")
def _(context):
    data, run = context.driver.data, runs_in(context.driver)[0]
    assert run["run_id"] == data["run_id"], run
    assert run["entry_hash"] == data["ledger_hash"], run
    same = {"scanned": "scanned", "candidates": "candidates", "sessions": "purged", "messages": "messages",
            "skipped": "skipped_total", "by_reason": "by_reason", "policy": "policy",
            "dangling_messages": "dangling_messages"}  # fmt: skip
    assert {name: run[name] for name in same} == {name: data[told] for name, told in same.items()}, run
    assert run["content_bytes"] == data["bytes"]["logical"], run
    archive = data["archive"] or {"file": None, "sha256": None}
    assert (run["archive"], run["archive_hash"]) == (archive["file"], archive["sha256"]), run


@then("{runs:d} runs and {archives:d} archives are verified")
@then("{runs:d} run and {archives:d} archives are verified")
def _(context, runs, archives):
    verified = context.driver.data["verified"]
    assert (verified["runs"], verified["archives"]) == (runs, archives), verified
