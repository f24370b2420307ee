"""Programs that embed the services and keep them for long."""

from __future__ import annotations

import subprocess
import sys

from behave import given, then, when

from support import forking_program
from support.backends import migrate
from support.contents import remember
from support.embedding_program import EmbeddingProgram
from support.older_schemas import make_newer
from support.servers import end_connections

# --- what there is ------------------------------------------------------------------------------


@given("a program that has already scanned the database")
def _(context):
    program = EmbeddingProgram(context.driver)
    program.scan()
    assert program.error is None, program.error
    context.driver.remembered["program"] = program


@given("the server has ended every connection")
def _(context):
    # A file has none to end: there, this is about the same calls without the trouble.
    if context.backend.name == "postgresql":
        end_connections(context.driver)


@given("somebody has replaced the database by a new one")
def _(context):
    context.driver.database.drop()
    migrate(context.driver.database.url)


@given("another process has begun to make the database, and made no table yet")
def _(context):
    context.driver.another_connection().execute("PRAGMA journal_mode = WAL")
    assert context.driver.database.path.stat().st_size > 0


@given("the program uses all its connections and waits for no other")
def _(context):
    context.driver.remembered["program"].take_every_connection(context.driver)


# --- what happens -------------------------------------------------------------------------------


@when("the program scans")
def _(context):
    context.driver.remembered["program"].scan()


@when("the program scans in another thread")
def _(context):
    context.driver.remembered["program"].scan_in_another_thread()


@when("the program purges")
def _(context):
    context.driver.remembered["program"].purge()


@when("the program purges, and the database is migrated by a newer version before it deletes")
def _(context):
    def upgrade(_report):
        make_newer(context.driver)
        remember(context.driver)
        return True

    context.driver.remembered["program"].purge(upgrade)


@when('the program creates a session "{name}"')
def _(context, name):
    context.driver.remembered["program"].create(name)


@when("a program scans, forks, and both processes create {number:d} sessions")
def _(context, number):
    driver = context.driver
    finished = subprocess.run(  # noqa: S603 - the words are ours
        [sys.executable, forking_program.__file__, str(number)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    driver.exit_code, driver.stdout, driver.stderr = finished.returncode, finished.stdout, finished.stderr


# --- what came of it ----------------------------------------------------------------------------


@then("the program has scanned {number:d} sessions")
@then("the program has scanned {number:d} session")
def _(context, number):
    program = context.driver.remembered["program"]
    assert program.error is None, program.error
    assert program.report.found.scanned == number, program.report


@then("the program has purged {number:d} sessions")
@then("the program has purged {number:d} session")
def _(context, number):
    program = context.driver.remembered["program"]
    assert program.error is None, program.error
    assert program.report.purged.sessions == number, program.report


@then('the program is told "{text}"')
def _(context, text):
    error = context.driver.remembered["program"].error
    assert error is not None, "nothing was refused"
    assert text in error.message, error.message


@then('the program\'s error has the code "{code}"')
def _(context, code):
    assert context.driver.remembered["program"].error.code == code


@then('{number:d} sessions are named "{name}"')
def _(context, number, name):
    assert [session.name for session in context.driver.sessions()].count(name) == number
