"""What can go wrong around a command: files, permissions, disks, locks, signals, readers that leave."""

from __future__ import annotations

import re
import shutil
import signal
import stat
import time
from pathlib import Path

from behave import given, then, when

from support.contents import remember
from support.records import said
from support.shell import run_in_shell, run_on_terminal
from support.slowness import slow_down, wait_for_purge

LETTER = "Dear reader,\n\nthis is a letter and not a database.\n" * 40
PIPED = {
    "bytes that are not UTF-8": "caf\udce9",
    "a NUL character": "a\0b",
    'a million characters, half of them "ü",': "aü" * 500_000,
}


def close(context, path: Path, mode: int):
    """Take permissions away until the scenario ends or looks at what is there."""
    before = stat.S_IMODE(path.stat().st_mode)
    path.chmod(mode)
    context.driver.remembered.setdefault("closed", []).append(lambda: path.chmod(before))
    context.driver.at_the_end(lambda: path.chmod(before))


# --- files and folders --------------------------------------------------------------------------


@given('a folder "{name}" that nobody may write to')
def _(context, name):
    Path(name).mkdir()
    close(context, Path(name), 0o555)


@given("the database file is really a letter")
def _(context):
    context.driver.database.path.write_text(LETTER)


@given("the database file is really a folder")
def _(context):
    path = context.driver.database.path
    path.unlink()
    path.mkdir()
    context.driver.at_the_end(path.rmdir)


@then("the letter is as it was")
def _(context):
    assert context.driver.database.path.read_text() == LETTER


@given("the database file is read-only")
def _(context):
    close(context, context.driver.database.path, 0o444)


@given("the database file may not be read")
def _(context):
    close(context, context.driver.database.path, 0o000)


def move_database(context, name: str) -> Path:
    """Put the database into a folder of its own."""
    driver, folder = context.driver, Path(name).absolute()
    folder.mkdir()
    before = driver.database.path
    driver.database.path = folder / "sessions.db"
    driver.database.url = f"sqlite:///{driver.database.path}"
    driver.set_variable("CLEVERAGENTS_DATABASE_URL", driver.database.url)
    if before.exists():
        shutil.move(before, driver.database.path)
    return folder


@given("the database is in a read-only folder")
def _(context):
    close(context, move_database(context, "read-only"), 0o555)


@given("the database is to be made in a read-only folder")
def _(context):
    context.driver.database.drop()
    close(context, move_database(context, "read-only"), 0o555)


@given("the database is to be in a folder that is not there")
def _(context):
    context.driver.database.drop()
    move_database(context, "not-there").rmdir()


@then("the folder of the database holds nothing else")
def _(context):
    path = context.driver.database.path
    assert list(path.parent.iterdir()) == [path]


@then("nobody but its owner can enter the folder")
def _(context):
    assert stat.S_IMODE(context.driver.database.path.parent.stat().st_mode) == 0o700


@then("nobody but its owner can read it")
def _(context):
    assert stat.S_IMODE(context.driver.database.path.stat().st_mode) == 0o600


# --- a shell, a terminal, stdin -----------------------------------------------------------------


@when("I run in a shell: {script}")
def _(context, script):
    run_in_shell(context.driver, script, bound_by_permissions=True)


@when("I run in a shell where a file holds at most {size:d} bytes: {script}")
def _(context, size, script):
    run_in_shell(context.driver, script, largest_file=size)


@when("I run on a real terminal: {script}")
def _(context, script):
    run_on_terminal(context.driver, script)


@when("I run on a real terminal, and press Ctrl-C at the question: {script}")
def _(context, script):
    run_on_terminal(context.driver, script, answer=b"\x03")


@when('I pipe {what} into "{words}"')
def _(context, what, words):
    context.driver.run(words, stdin=PIPED[what])


@then("there was no traceback")
def _(context):
    assert "Traceback" not in said(context.driver), said(context.driver)
    assert "BrokenPipe" not in said(context.driver), said(context.driver)


@then("no error was told")
def _(context):
    assert context.driver.stderr == "", context.driver.stderr


@then("exactly one line came out")
def _(context):
    assert len(context.driver.stdout.splitlines()) == 1, context.driver.stdout


@then("the damage is told without a traceback")
def _(context):
    assert re.search("damaged|needs a look", said(context.driver)), said(context.driver)
    assert "Traceback" not in said(context.driver), said(context.driver)


# --- locks and signals --------------------------------------------------------------------------


@given("another process holds the database's lock")
def _(context):
    context.driver.remembered["lock"] = context.driver.hold_write_lock()


@when("the other process is done")
def _(context):
    lock = context.driver.remembered.pop("lock")
    lock.rollback()


@given("a purge of this database takes very long")
def _(context):
    slow_down(context.driver, "%", seconds=5)
    remember(context.driver)


@when('I press Ctrl-C while "{words}" purges')
def _(context, words):
    stop_while_purging(context.driver, words, signal.SIGINT)


@when('"{words}" is killed while it purges')
def _(context, words):
    stop_while_purging(context.driver, words, signal.SIGKILL)


def stop_while_purging(driver, words, how):
    process = driver.start(words)
    wait_for_purge(driver)
    # The statement has the lock; give it a moment to be well inside.
    time.sleep(0.3)
    assert process.poll() is None, process.communicate()
    process.send_signal(how)
    driver.finish(process)
