"""The words about archives: what they hold, who may read them, and when they go."""

from __future__ import annotations

import shlex
import stat
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from behave import given, step, then, when

from support import trust_archives as archives
from support import trust_meanwhile as meanwhile
from support.contents import remember
from support.full_session import full_session
from support.sessions import SessionWithMessages, span
from support.tables import rows_of
from support.trust_copies import copy_of

# --- what there is ------------------------------------------------------------------------------


@given("a stale session with an unusual value in every column")
def _(context):
    driver = context.driver
    now = driver.clock.now()
    entry = full_session("unusual", now)
    unprotected = replace(
        entry.session,
        last_accessed_at=now - timedelta(days=60, microseconds=1),
        pinned_at=None,
        lease_expires_at=now - timedelta(days=1, microseconds=3),
    )
    driver.add([SessionWithMessages(unprotected, entry.messages)])
    remember(driver)


@given('somebody will {deed} "{name}" once the archive is written')
def _(context, deed, name):
    driver = context.driver
    meanwhile.once_archived(driver, lambda: meanwhile.do(driver, deed, name))


@given("the archive file is gone")
def _(context):
    archives.only_archive(context.driver).unlink()


@given("the archive is {damage}")
def _(context, damage):
    archives.DAMAGES[damage](archives.only_archive(context.driver))


@given("the archives of the two purges have been swapped")
def _(context):
    one, other = sorted(archives.folder_of(context.driver).glob(f"*{archives.ENDING}"))
    kept = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(kept)


@given("an interrupted run has left {what} in the archive folder")
@given("somebody has left {what} in the archive folder")
def _(context, what):
    context.driver.remembered["left"] = archives.leave_behind(context.driver, what)


@given("another database that began as a copy of this one")
def _(context):
    context.driver.remembered["began as a copy"] = copy_of(context.driver)


@given("the ledger has forgotten its archives")
def _(context):
    connection = context.driver.another_connection()
    connection.execute("DELETE FROM cleanup_archives")
    connection.close()


# --- what happens -------------------------------------------------------------------------------


def restore(driver, run_id, options=""):
    driver.run(f"cleanup restore {run_id} {options}")


@step('I run "{words}" on the copy')
def _(context, words):
    driver = context.driver
    driver.run([*shlex.split(words), "--database-url", driver.remembered["began as a copy"].url])


@step("I undo the last purge")
def _(context):
    restore(context.driver, archives.purges(context.driver)[-1]["run_id"])


@step('I undo the last purge with "{options}"')
def _(context, options):
    restore(context.driver, archives.purges(context.driver)[-1]["run_id"], options)


@when('on a terminal I run "{words}" and, before I answer "{answer}", another program will {deed} "{name}"')
def _(context, words, answer, deed, name):
    driver = context.driver
    act = partial(meanwhile.do, driver, deed, name)
    driver.run(words, stdin=f"{answer}\n", terminal=True, before_answer=act)


@when("I undo the first purge")
def _(context):
    restore(context.driver, archives.purges(context.driver)[0]["run_id"])


@when("I undo the last purge by the first {count:d} characters of its id")
def _(context, count):
    restore(context.driver, archives.purges(context.driver)[-1]["run_id"][:count])


# --- what came of it ----------------------------------------------------------------------------


@then("the archive holds {sessions:d} sessions and {messages:d} messages, as everybody says who counts")
def _(context, sessions, messages):
    """Its rows, its manifest, the ledger, and the list of archives."""
    driver = context.driver
    path, run = archives.only_archive(driver), archives.purges(driver)[-1]
    (listed,) = driver.ask("cleanup archives")["archives"]
    rows, manifest = archives.counted(path), archives.manifest_of(path)
    alive = manifest["still_alive"]
    assert (rows["sessions"], rows["still_alive"]) == (manifest["sessions"], alive), manifest
    assert rows["messages"] == manifest["messages"], manifest
    assert rows["sessions"] - alive == run["sessions"] == listed["sessions"] == sessions, listed
    assert rows["dangling_messages"] == manifest["dangling_messages"] == run["dangling_messages"], run
    assert run["messages"] + run["dangling_messages"] == listed["messages"] == messages, listed
    assert archives.sha256_of(path) == listed["sha256"] == run["archive_hash"], run
    assert path.stat().st_size == listed["bytes"], listed
    assert path.name == listed["file"] == run["archive"], run
    assert manifest["run_id"] == run["run_id"] == listed["run_id"], run


@then("there is no archive")
def _(context):
    assert archives.files_of(context.driver) == {}
    assert context.driver.ask("cleanup archives")["archives"] == []


@then("there is {count:d} archive")
@then("there are {count:d} archives")
def _(context, count):
    listed = context.driver.ask("cleanup archives")["archives"]
    files = [name for name in archives.files_of(context.driver) if name.endswith(archives.ENDING)]
    assert (len(listed), len(files)) == (count, count), (listed, files)


@then("the archive of the first purge is named as expired")
def _(context):
    driver = context.driver
    assert driver.data["expired_archives"] == [archives.purges(driver)[0]["archive"]], driver.data


@then('"{name}" is marked in it as still alive')
def _(context, name):
    path = archives.only_archive(context.driver)
    assert [context.driver.id_of(name)] in archives.lines_of(path)[-2:], archives.lines_of(path)
    assert archives.manifest_of(path)["still_alive"] == 1


@then("the archive folder holds no other file")
def _(context):
    files = archives.files_of(context.driver)
    assert len(files) == 1, files.keys()


@then("what was left there is {state}")
def _(context, state):
    is_there = context.driver.remembered["left"] in archives.files_of(context.driver)
    assert is_there == {"gone": False, "still there": True}[state]


@then('the archive is in the folder "{name}"')
def _(context, name):
    assert len(list((context.driver.folder / name).glob(f"*{archives.ENDING}"))) == 1


@then("nobody but its owner can read the archive or enter its folder")
def _(context):
    path = archives.only_archive(context.driver)
    modes = stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)
    assert modes == (0o600, 0o700), modes


@then("the archives are listed with")
def _(context):
    driver = context.driver
    found = [
        {
            "sessions": str(each["sessions"]),
            "messages": str(each["messages"]),
            "made": _days(driver.clock.now() - datetime.fromisoformat(each["created_at"])),
            "expires in": _days(datetime.fromisoformat(each["expires_at"]) - driver.clock.now()),
            "here": "yes" if each["is_here"] else "no",
        }
        for each in driver.data["archives"]
    ]
    rows = rows_of(context.table)
    assert [{name: each[name] for name in rows[0]} for each in found] == rows, found
    assert all(each["bytes"] > 0 for each in driver.data["archives"])


def _days(length):
    assert not length % timedelta(days=1), length
    assert span(f"{length.days}d") == length
    return f"{length.days}d"


@then('of the archive these are left out: "{name}" because it {why}')
def _(context, name, why):
    reasons = {"exists again": "exists", "has messages again": "messages_left"}
    skipped = context.driver.data["skipped"]
    assert skipped == [{"session_id": context.driver.id_of(name), "reason": reasons[why]}], skipped


@then("it puts back {sessions:d} sessions with {messages:d} messages")
@then("it puts back {sessions:d} session with {messages:d} messages")
@then("it would put back {sessions:d} sessions with {messages:d} messages")
def _(context, sessions, messages):
    data = context.driver.data
    assert (data["restorable"], data["messages"]) == (sessions, messages), data
    assert data["restored"] == (0 if data["dry_run"] else sessions), data
