"""The words about purges in chunks: what happens between them, and what each did."""

from __future__ import annotations

import re
from functools import partial

from behave import given, step, then, when

from support import other_user
from support import trust_meanwhile as meanwhile
from support.pace_moments import PAUSE, moments_of, press_ctrl_c
from support.pace_runs import check_added_up, entries_of
from support.records import said
from support.sessions import span
from support.trust_archives import files_of, purges
from support.trust_ledger import attempts_in, runs_in

# --- what there is ------------------------------------------------------------------------------


@given("{count:d} stale sessions, each the parent of the next")
def _(context, count):
    """The first is the eldest: "link 001"; none has a message."""
    context.driver.add_rows(
        {"name": f"link {number:03}", "idle": "60d", "messages": "0",
         "parent": f"link {number - 1:03}" if number > 1 else ""}
        for number in range(1, count + 1)
    )  # fmt: skip


@given("each chunk takes {time}")
def _(context, time):
    moments_of(context.driver).chunk_takes = span(time)


@given('in the pause after chunk {number:d} another user {deed} "{name}"')
def _(context, number, deed, name):
    driver = context.driver
    moments_of(driver).at(PAUSE, number, partial(other_user.act, driver, deed, name))


@given('in the pause after chunk {number:d} another program will {deed} "{name}"')
def _(context, number, deed, name):
    driver = context.driver
    moments_of(driver).at(PAUSE, number, partial(meanwhile.do, driver, deed, name))


@given('in the pause after chunk {number:d} somebody runs "{words}"')
def _(context, number, words):
    driver = context.driver

    def run():
        driver.run(words)
        driver.remembered["somebody"] = driver.exit_code, said(driver)

    moments_of(driver).at(PAUSE, number, run)


@given("in the pause after chunk {number:d} somebody undoes the last purge")
def _(context, number):
    driver = context.driver

    def undo():
        driver.run(f"cleanup restore {purges(driver)[-1]['run_id']}")

    moments_of(driver).at(PAUSE, number, undo)


@given('in the pause after chunk {number:d} somebody makes a session of the id "{name}"')
def _(context, number, name):
    driver = context.driver
    moments_of(driver).at(PAUSE, number, lambda: driver.add_rows([{"name": name}]))


@given("Ctrl-C is pressed before archive {number:d} is put back")
def _(context, number):
    moments_of(context.driver).at("while putting back", number, press_ctrl_c)


@given("in the pause after chunk {number:d} another program takes the write lock")
def _(context, number):
    driver = context.driver

    def take():
        driver.remembered["lock"] = driver.hold_write_lock()

    moments_of(driver).at(PAUSE, number, take)


@given("Ctrl-C is pressed {phase} chunk {number:d}")
def _(context, phase, number):
    moments_of(context.driver).at(phase, number, press_ctrl_c)


# --- what happens -------------------------------------------------------------------------------


@step("I remember the run")
def _(context):
    driver = context.driver
    driver.remembered["run"] = purges(driver)[-1]["run_id"].partition(".")[0]


@when('I undo the run with "{options}"')
def _(context, options):
    context.driver.run(f"cleanup restore {context.driver.remembered['run']} {options}")


@step("I undo the run")
def _(context):
    context.driver.run(f"cleanup restore {context.driver.remembered['run']}")


@when("I run the command that it gives for undoing")
def _(context):
    (undo,) = re.findall(r"^Undo +(.+)$", context.driver.stdout, re.MULTILINE)
    context.driver.run(undo)


@when("I undo chunk {number:d} of the run")
def _(context, number):
    context.driver.run(f"cleanup restore {context.driver.remembered['run']}.{number:05} --format json")


@when("the other program gives the write lock back")
def _(context):
    context.driver.remembered.pop("lock").close()


# --- what came of it ----------------------------------------------------------------------------


def last_run(driver):
    return runs_in(driver)[0]["run_id"].partition(".")[0]


@then("the chunks purged {numbers} sessions")
@then("the chunk purged {numbers} sessions")
def _(context, numbers):
    driver = context.driver
    entries = entries_of(driver, last_run(driver))
    purged = ", ".join(str(entry["sessions"]) for entry in entries)
    assert purged == numbers, purged


@then("the chunks add up")
def _(context):
    check_added_up(context.driver)


@then("chunk {number:d} was of {names}")
def _(context, number, names):
    driver = context.driver
    driver.remembered.setdefault("run", last_run(driver))
    driver.run(f"cleanup restore {driver.remembered['run']}.{number:05}")
    back = driver.remaining()
    wanted = set(re.findall(r'"([^"]*)"', names))
    assert back == wanted, sorted(back)
    for name in wanted:
        driver.run(["session", "delete", driver.id_of(name), "--yes"])


@then("it went on with the same run")
def _(context):
    driver = context.driver
    assert last_run(driver) == driver.remembered["run"], runs_in(driver)


@then("it was another run")
def _(context):
    driver = context.driver
    assert last_run(driver) != driver.remembered["run"], runs_in(driver)


@then("the waits were {times}")
def _(context, times):
    waits = ", ".join(f"{seconds:g}s" for seconds in moments_of(context.driver).waits)
    assert (waits or "nothing") == times, waits


@then('somebody\'s run ended with {code:d} and said "{text}"')
def _(context, code, text):
    ended, told = context.driver.remembered["somebody"]
    assert ended == code, told
    assert text in told, told


@then('the data says that it stopped because of "{code}"')
def _(context, code):
    assert context.driver.data["chunks"]["stopped"] == code, context.driver.data


@then("the data says that nothing stopped it")
def _(context):
    assert context.driver.data["chunks"]["stopped"] is None, context.driver.data


@then("the data says that nothing was done before")
def _(context):
    assert context.driver.data["chunks"]["before"] == 0, context.driver.data


@then("no file of a run at work is left")
def _(context):
    driver = context.driver
    if driver.backend.name == "sqlite":
        path = driver.database.path
        left = [file.name for file in path.parent.glob(f"{path.name}*") if file.name.endswith(".run")]
        assert not left, left
    unfinished = [name for name in files_of(driver) if not name.endswith(".zst")]
    assert not unfinished, unfinished


@then("no attempt stands as one that is still at work")
def _(context):
    begun = [each for each in attempts_in(context.driver) if each["outcome"] == "begun"]
    assert not begun, begun


@then("nobody became an orphan")
def _(context):
    sessions = context.driver.sessions()
    ids = {session.session_id for session in sessions}
    orphans = [each.session_id for each in sessions if each.parent_session_id not in {None, *ids}]
    assert not orphans, orphans
