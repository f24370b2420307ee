"""Steps about the very moments in which files of a foreign store are moved."""

from __future__ import annotations

import json
import os

from behave import given, then, when

from support.file_moments import (
    around,
    with_a_book_that_fails,
    with_a_ctrl_c,
    with_space_that_stays,
    without_hard_links,
)
from support.file_stores import session_id_of, write_companion
from support.json_sessions import SessionManager
from support.killed_files import killed_at_every_deed

SIDE_FOLDERS = ".cleveragents-*"


@given("right before the file of {name} is moved aside, it is {change}")
def _(context, name, change):
    path = context.store.folder / f"{name}.json"
    around(context.driver, "rename", path.name, before=lambda: _change(context, name, path, change))


@given("the file of {name} is continued right before it is moved aside, and made anew right after")
def _(context, name):
    manager, path = SessionManager(context.store.folder), context.store.folder / f"{name}.json"
    now = context.driver.clock.now()
    around(
        context.driver,
        "rename",
        path.name,
        before=lambda: path.write_text(json.dumps({**manager.read(name), "late": True})),
        after=lambda: manager.create(*name.split("_", 1), now),
    )


@given("right before the file of {name} is put back, it is made anew")
def _(context, name):
    manager, now = SessionManager(context.store.folder), context.driver.clock.now()
    around(context.driver, "link", f"{name}.json", before=lambda: manager.create(*name.split("_", 1), now))


def _change(context, name, path, change):
    if change == "continued":
        SessionManager(context.store.folder).append(name, "again", context.driver.clock.now())
    elif change == "removed":
        path.unlink()
    else:
        path.unlink()
        path.symlink_to("elsewhere")


@given("the file system knows no hard links")
def _(context):
    without_hard_links(context.driver)


@given("the book fails when a run is to be entered")
def _(context):
    with_a_book_that_fails(context.driver)


@given("a Ctrl-C comes when a run is to be entered")
def _(context):
    with_a_ctrl_c(context.driver)


@given("nothing can be removed right after a commit")
def _(context):
    with_space_that_stays(context.driver)


@when("it can be removed again")
def _(context):
    context.driver.remembered["let it be removed"]()


@when("somebody makes {name} anew while a purge that was killed has it")
def _(context, name):
    """Killed before it committed: what it took lies aside."""
    driver, store = context.driver, context.store
    is_json = store.kind == "json"
    lost = store.folder / (f"{name}.json" if is_json else f"file-history/{session_id_of(name)}")
    for _ in killed_at_every_deed(driver, store.folder, f"cleanup --yes {store.option}"):
        if not lost.exists() and not list(store.folder.glob(f"{SIDE_FOLDERS}/done")):
            if is_json:
                SessionManager(store.folder).create(*name.split("_", 1), driver.clock.now())
            else:
                write_companion(store.folder, name, "file-history", driver.clock.now())
            return
    raise AssertionError("it never lay aside")


@then("what lay aside of {name} is named, and holds its {number:d} messages")
def _(context, name, number):
    kept = json.loads(_kept(context, name).read_text(encoding="utf-8"))
    assert len(kept["messages"]) == number, kept


@then("what lay aside of {name} is named, and is as it was")
def _(context, name):
    place = f"file-history/{session_id_of(name)}/"
    before = {path: told for path, told in context.store.before.entries.items() if path.startswith(place)}
    kept = _kept(context, session_id_of(name))
    for path, (_, (content, moment)) in before.items():
        copy = kept / path.removeprefix(place)
        assert (copy.read_bytes(), copy.stat().st_mtime_ns) == (content, moment), path


def _kept(context, name):
    assert context.driver.exit_code == 6, context.driver.stdout
    named = context.driver.data["unreadable"]
    assert len(named) == 1, named
    assert name in named[0]["why"], named
    return context.store.folder / named[0]["name"]


@then("nothing lies aside in the folder")
def _(context):
    assert not list(context.store.folder.glob(SIDE_FOLDERS))


@then("something lies aside in the folder")
def _(context):
    assert list(context.store.folder.glob(SIDE_FOLDERS))


@then("as much is given back as its files took on the disk")
def _(context):
    assert context.driver.data["bytes"]["physical"] == context.blocks > 0, context.driver.data["bytes"]


@given("all of the folder is on the disk")
def _(context):
    os.sync()
    stale = {"telegram_old", "discord_old", "discord_empty"}
    files = [path for path in context.store.folder.iterdir() if path.stem in stale]
    context.blocks = sum(path.stat().st_blocks for path in files) * 512
