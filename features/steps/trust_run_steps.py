"""The words about runs: brakes, rehearsals, loud truth, and what never happens without consent."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from random import Random

from behave import given, then, when

from support import foreign_programs, trust_plans
from support import trust_meanwhile as meanwhile
from support.contents import contents
from support.records import said
from support.trust_archives import files_of
from support.trust_envelopes import disagreements
from support.trust_ledger import attempts_in, runs_in

# --- what there is ------------------------------------------------------------------------------


@given("the clock shows noon")
def _(context):
    assert context.driver.clock.now().hour == 12


@given("{count:d} sessions that were just used")
def _(context, count):
    context.driver.add_rows({"name": f"fresh {number}", "messages": "0"} for number in range(count))


@given("{count:d} stale sessions with {size:d} characters of noise in each")
def _(context, count, size):
    """Noise is what no database can store in less room than it takes."""
    noise = Random(count)  # noqa: S311 - nothing is kept secret by it
    context.driver.add_rows(
        {"name": f"noisy {number}", "idle": "60d", "messages": "1",
         "content": noise.randbytes(size // 2).hex()}
        for number in range(count)
    )  # fmt: skip


@given('these sessions were made anew: "{name}"')
def _(context, name):
    context.driver.add_rows([{"name": name}])


@given('a link "{name}" to the database')
def _(context, name):
    Path(name).symlink_to(context.driver.database.path)


@given('another program has leased "{name}" for a day')
def _(context, name):
    driver = context.driver
    until = driver.clock.now().timestamp() + 86_400
    moment = f"{int(until * 1_000_000)}" if driver.backend.name == "sqlite" else f"to_timestamp({until})"
    connection = driver.another_connection()
    own = f"session_id = '{driver.id_of(name)}'"
    connection.execute(f"UPDATE sessions SET lease_expires_at = {moment} WHERE {own}")
    connection.close()


@given('another program has made a message of "{name}" longer')
def _(context, name):
    driver = context.driver
    own = f"session_id = '{driver.id_of(name)}'"
    longer = "UPDATE session_messages SET content = content || '!' WHERE sequence = 1 AND"
    foreign_programs.write(driver, f"{longer} {own}")
    foreign_programs.write(driver, f"UPDATE sessions SET content_bytes = content_bytes + 1 WHERE {own}")


@given('something puts "{name}" back while it is deleted')
def _(context, name):
    meanwhile.put_back_on_delete(context.driver, name)


@given('somebody puts "{name}" back right after the commit')
def _(context, name):
    meanwhile.put_back_after_commit(context.driver, name)


@given('another program keeps notes on "{name}"')
def _(context, name):
    meanwhile.keep_notes_on(context.driver, name)


@given('another program keeps notes on "{name}", and has its references checked at the commit')
def _(context, name):
    meanwhile.keep_notes_on(context.driver, name, then="DEFERRABLE INITIALLY DEFERRED")


@given('another program keeps notes that go with "{name}"')
def _(context, name):
    meanwhile.keep_notes_on(context.driver, name, then="ON DELETE CASCADE")


@given('another program keeps a rating of "{name}" in a column of its own')
def _(context, name):
    driver = context.driver
    rated = f"UPDATE sessions SET rating = 0.1 + 0.2 WHERE session_id = '{driver.id_of(name)}'"
    number = "REAL" if driver.backend.name == "sqlite" else "DOUBLE PRECISION"
    for statement in (f"ALTER TABLE sessions ADD COLUMN rating {number}", rated):
        foreign_programs.write(driver, statement)


@given("another program keeps a note on a session that it made up")
def _(context):
    meanwhile.keep_notes_on(context.driver, "nobody")


@given("I look closely at all that is there")
def _(context):
    driver = context.driver
    driver.remembered["all"] = contents(driver.database), files_of(driver)


# --- what happens -------------------------------------------------------------------------------


@when("I save a plan to the database's own file")
def _(context):
    context.driver.run(["cleanup", "--plan-out", str(context.driver.database.path)])


@when("a program purges with the library")
def _(context):
    context.driver.purge_with_library(lambda _report: True)


@when('I save a plan to "{name}"')
def _(context, name):
    context.driver.run(["cleanup", "--plan-out", name])


@when("I run the command that it says would allow it")
def _(context):
    driver = context.driver
    remedy = re.search(r"To allow it: ([^\n\"]+)", said(driver))
    assert remedy, said(driver)
    driver.run(shlex.split(remedy[1]))


# --- what came of it ----------------------------------------------------------------------------


@then("nothing at all is different")
def _(context):
    driver = context.driver
    before, files = driver.remembered["all"]
    after = contents(driver.database)
    assert [table for table in before if before[table] != after[table]] == [], after
    assert files_of(driver) == files


@then('it says that "{words}" would allow it')
def _(context, words):
    assert f"To allow it: {words}" in said(context.driver), said(context.driver)


@then("status, exit code and messages agree")
def _(context):
    wrong = disagreements(context.driver)
    assert not wrong, "\n".join([*wrong, context.driver.stdout])


@then("the run's plan is that of the file")
def _(context):
    digest = trust_plans.read(context.driver)["digest"]
    assert runs_in(context.driver)[0]["plan_digest"] == digest
    assert context.driver.data["plan"]["digest"] == digest


@then('the newest attempt that came to nothing was {outcome} because of "{code}"')
def _(context, outcome, code):
    attempts = attempts_in(context.driver)
    assert attempts, "no attempt is remembered"
    assert (attempts[0]["outcome"], attempts[0]["code"]) == (outcome, code), attempts[0]


@then('"{name}" is named as still there')
def _(context, name):
    assert context.driver.data["remaining"] == [context.driver.id_of(name)], context.driver.data


@then("nothing is named as still there")
def _(context):
    assert context.driver.data["remaining"] == [], context.driver.data


@then("the log shows {count:d} run")
@then("the log shows {count:d} runs")
def _(context, count):
    shown = re.findall(r"^[0-7][0-9A-Z]{25} ", context.driver.stdout, re.MULTILINE)
    assert len(shown) == count, context.driver.stdout


@then("between {least:d} MB and {most:d} MB would be freed")
def _(context, least, most):
    freed = context.driver.data["bytes"]["reusable"] + context.driver.data["bytes"]["physical"]
    assert least * 1_000_000 <= freed <= most * 1_000_000, freed


@then("the report counts as the rehearsal did")
def _(context):
    driver = context.driver
    rehearsed, data = driver.remembered["rehearsed"], driver.data
    names = ("scanned", "candidates", "by_reason", "skipped", "kept", "protected", "dangling_messages",
             "messages", "sessions", "tables")  # fmt: skip
    differing = {name: (rehearsed[name], data[name]) for name in names if rehearsed[name] != data[name]}
    assert not differing, differing
    assert rehearsed["tables"]["sessions"] == data["purged"], rehearsed
    assert rehearsed["bytes"]["logical"] == data["bytes"]["logical"], rehearsed
    freed = data["bytes"]["reusable"]
    # What a rehearsal would free, a purge frees, and then gives it back.
    assert freed is None or freed + data["bytes"]["physical"] == rehearsed["bytes"]["reusable"], data


@then("I remember the rehearsal")
def _(context):
    data = context.driver.data
    assert (data["outcome"], data["dry_run"], data["purged"], data["run_id"]) == ("rehearsed", True, 0, None)
    context.driver.remembered["rehearsed"] = data
