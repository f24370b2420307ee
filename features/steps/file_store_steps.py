"""Steps about foreign stores that are folders of files."""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from datetime import timedelta
from pathlib import Path

from behave import given, step, then, when

from cleveragents.domain.progress import Stage
from support import json_sessions
from support.file_stores import (
    claude_code_folder,
    json_folder,
    session_id_of,
    transcript_of,
    write_companion,
    write_transcript,
)
from support.json_sessions import SessionManager
from support.killed_files import killed_at_every_deed
from support.sessions import span
from support.store_meanwhile import doing
from support.tables import quoted, rows_of

STAGES = {"scanned": Stage.SCAN, "archived": Stage.ARCHIVE}
SIDE_FOLDERS = ".cleveragents-*"

# --- what there is ------------------------------------------------------------------------------


@given("a folder with these sessions as JSON files")
def _(context):
    context.store = json_folder(context.driver, rows_of(context.table))


@given("Claude Code's folder with these sessions")
@given("Claude Code's folder with these sessions, once more")
def _(context):
    shutil.rmtree(context.driver.folder / "claude", ignore_errors=True)
    context.store = claude_code_folder(context.driver, rows_of(context.table))


@given('the file "{name}" in the folder says nothing')
def _(context, name):
    (context.store.folder / name).touch()
    context.store.remember()


@given('the file "{name}" in the folder says "{text}"')
def _(context, name, text):
    path = context.store.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace("'", '"'), encoding="utf-8")
    context.store.remember()


@given('the file "{name}" in the folder has {number:d} MiB')
def _(context, name, number):
    with (context.store.folder / name).open("wb") as file:
        file.truncate(number * 1024 * 1024)
    context.driver.at_the_end((context.store.folder / name).unlink)


@given('"{name}" in the folder is a link to "{other}"')
def _(context, name, other):
    (context.store.folder / name).symlink_to(other)
    context.store.remember()


@given('"{name}" in the folder is a pipe')
def _(context, name):
    os.mkfifo(context.store.folder / name)


@given('"{name}" in the folder is a folder')
def _(context, name):
    (context.store.folder / name).mkdir()
    context.store.remember()


@given('the session "{name}" says of itself')
def _(context, name):
    path = context.store.folder / f"{name}.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    for key, value in context.table[0].as_dict().items():
        told[key] = json.loads(value)
    path.write_text(json.dumps(told), encoding="utf-8")
    context.store.remember()


@given("a running process says that it works on {name}")
def _(context, name):
    _write_process(context, os.getpid(), name)


@given("a process that has ended said that it works on {name}")
def _(context, name):
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    _write_process(context, child, name)


def _write_process(context, process, name):
    path = context.store.folder / "sessions" / f"{process}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"pid": process, "sessionId": session_id_of(name)}), encoding="utf-8")
    context.store.remember()


@given("the companion {path} of {name} is a link")
def _(context, path, name):
    link = context.store.folder / path / session_id_of(name)
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(context.driver.folder)
    context.store.remember()


@given("in the companion {path} of {name} there is a link")
def _(context, path, name):
    (context.store.folder / path / session_id_of(name) / "latest").symlink_to(context.driver.folder)
    context.store.remember()


@given("the transcript of {name} was restamped {age} ago")
@given("a companion of {name} was written {age} ago")
def _(context, name, age):
    path = transcript_of(context.store.folder, name)
    if not path.exists():
        path = context.store.folder / "file-history" / session_id_of(name)
    moment = (context.driver.clock.now() - span(age)).timestamp()
    os.utime(path, (moment, moment))
    context.store.remember()


@given("the transcript of {name} ends with {what}")
def _(context, name, what):
    moment = context.driver.clock.now() - timedelta(days=1)
    tail = {
        "half a line": '{"type": "user", "mess',
        "a line of yesterday": json.dumps({"type": "progress", "timestamp": moment.isoformat()}) + "\n",
    }[what]
    path = transcript_of(context.store.folder, name)
    before = path.stat()
    with path.open("a", encoding="utf-8") as file:
        file.write(tail)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    context.store.remember()


@given('the transcript of {name} says "{text}"')
def _(context, name, text):
    path = transcript_of(context.store.folder, name)
    before = path.stat()
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    context.store.remember()


@given("{name} has {what} beside its place")
def _(context, name, what):
    ending = {"a backup of its transcript": ".jsonl.bak"}[what]
    path = transcript_of(context.store.folder, name)
    path.with_name(f"{session_id_of(name)}{ending}").write_text("", encoding="utf-8")
    context.store.remember()


@given("one of the folders of transcripts is elsewhere, by a link")
def _(context):
    (context.store.folder / "projects" / "-home-anna-web").symlink_to(context.driver.folder)
    context.store.remember()


@given("somebody else has the file of {name} open")
def _(context, name):
    file = _file_of(context, name).open("ab")
    context.driver.at_the_end(file.close)


@given("after the files were {stage}, {name} is {change}")
def _(context, stage, name, change):
    path = _file_of(context, name)
    doing(context.driver, STAGES[stage], lambda: CHANGES[change](context, path, name))


def _file_of(context, name):
    if context.store.kind == "json":
        return context.store.folder / f"{name}.json"
    path = transcript_of(context.store.folder, name)
    return path if path.exists() else context.store.folder / "file-history" / session_id_of(name) / "0a1b@v1"


def _continue(context, path, name):
    if context.store.kind == "json":
        SessionManager(context.store.folder).append(name, "again", context.driver.clock.now())
    else:
        with path.open("a", encoding="utf-8") as file:
            file.write('{"type": "user"}\n')


def _edit(_context, path, _name):
    """With the same size, and the old time put back."""
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES = {
    "continued": _continue,
    "edited in secret": _edit,
    "removed": lambda _context, path, _name: path.unlink(),
    "given another companion": lambda context, _path, name: write_companion(
        context.store.folder, name, "another", context.driver.clock.now()
    ),
    "given a transcript": lambda context, _path, name: write_transcript(
        context.store.folder, name, 2, context.driver.clock.now()
    ),
    "worked on": lambda context, _path, name: _write_process(context, os.getpid(), name),
    "replaced by a link": lambda _context, path, _name: (path.unlink(), path.symlink_to("elsewhere")),
}


# --- what happens -------------------------------------------------------------------------------


@step("the session manager continues {name}")
def _(context, name):
    manager = SessionManager(context.store.folder)
    before = manager.read(name)["messages"]
    after = manager.append(name, "again", context.driver.clock.now())["messages"]
    assert after[:-1] == before, after


@when('while a session manager goes on with {name}, on the store I run "{words}" {times:d} times')
def _(context, name, words, times):
    """Each time all is as it was at the beginning, and the manager begins at another moment."""
    context.driver.clock.show_real_time()
    context.remembered = []
    kept = {path.name: path.read_bytes() for path in context.store.folder.iterdir()}
    for number in range(times):
        for entry, content in kept.items():
            (context.store.folder / entry).write_bytes(content)
        context.remembered.append(_purge_beside_a_manager(context, name, words, number))


def _purge_beside_a_manager(context, name, words, number):
    driver = context.driver
    before = len(SessionManager(context.store.folder).read(name)["messages"])
    purge = driver.start(f"{words} {context.store.option}")
    time.sleep(0.3 + 0.15 * number + random.random() / 10)  # noqa: S311 - any moment will do
    program = Path(json_sessions.__file__).read_text(encoding="utf-8")
    manager = driver.start_python(program, str(context.store.folder), name)
    assert manager.stdout.readline() == "ready\n"
    driver.finish(purge)
    answer = driver.data
    told = json.loads(manager.communicate("")[0])
    there = SessionManager(context.store.folder).read(name)["messages"]
    return {"before": before, "told": told, "there": len(there), "answer": answer}


@when('"{words}" is killed before each thing that it does to files')
def _(context, words):
    """After each death the same command runs again, and then all that went is put back."""
    driver, store = context.driver, context.store
    words = f"{words} {store.option}"
    context.deaths = 0
    for number in killed_at_every_deed(driver, store.folder, words):
        context.deaths += 1
        driver.run(f"cleanup --dry-run --format json {store.option}")
        assert driver.exit_code == 0, (number, driver.stdout, driver.stderr)
        left = driver.data["scanned"]
        assert left in {context.scanned, context.scanned - context.purged}, (number, left)
        assert not list(store.folder.glob(SIDE_FOLDERS)), number
        driver.run(words)
        assert driver.exit_code in {0, 6}, (number, driver.stdout, driver.stderr)
        context.execute_steps("When I restore the last run of the store")
        assert driver.exit_code == 0, (number, driver.stdout, driver.stderr)
        difference = store.before.difference(store.now())
        assert not difference, (number, difference)


@when("a restore of the last run of the store is killed before each thing that it does to files")
def _(context):
    """After each death the same restore runs again."""
    driver, store = context.driver, context.store
    runs = driver.ask(f"cleanup log {store.option}")["runs"]
    words = f"cleanup restore {runs[0]['run_id']} {store.option}"
    context.deaths = 0
    for number in killed_at_every_deed(driver, store.folder, words):
        context.deaths += 1
        driver.run(words)
        assert driver.exit_code in {0, 6}, (number, driver.stdout, driver.stderr)
        assert not list(store.folder.glob(SIDE_FOLDERS)), number
        difference = store.before.difference(store.now())
        assert not difference, (number, difference)


@when('"{words}" is killed before each thing that it does to files, companions are never alone')
def _(context, words):
    _see_companions_of_old(context, f"{words} {context.store.option}")


@when("a restore of it is killed before each thing that it does to files, companions are never alone")
def _(context):
    runs = context.driver.ask(f"cleanup log {context.store.option}")["runs"]
    _see_companions_of_old(context, f"cleanup restore {runs[0]['run_id']} {context.store.option}")


def _see_companions_of_old(context, words):
    """At each death, before anybody has tidied up."""
    folder, session_id = context.store.folder, session_id_of("old")
    context.deaths = 0
    for number in killed_at_every_deed(context.driver, folder, words):
        context.deaths += 1
        there = {path for path in folder.glob(f"[!.]*/**/{session_id}*") if path.is_file() or path.is_dir()}
        assert not there or transcript_of(folder, "old") in there, (number, there)


@given("a purge of it takes {purged:d} of {scanned:d} sessions")
def _(context, purged, scanned):
    context.scanned, context.purged = scanned, purged


@step("the session manager makes {name} anew")
def _(context, name):
    SessionManager(context.store.folder).append(name, "hello", context.driver.clock.now())


# --- what came of it ----------------------------------------------------------------------------


@then("it died at least {number:d} times")
def _(context, number):
    assert context.deaths >= number, context.deaths


@then("in the folder only {names} remain")
@then("in the folder only {names} remains")
def _(context, names):
    wanted = set(quoted(names))
    if context.store.kind == "claude-code":
        wanted = {session_id_of(name) for name in wanted}
    there = context.store.session_ids()
    assert there == wanted, sorted(there)


@then("the session manager lists {names}")
def _(context, names):
    assert SessionManager(context.store.folder).ids() == set(quoted(names))


@then("the session manager reads {name} with {number:d} messages")
def _(context, name, number):
    assert len(SessionManager(context.store.folder).read(name)["messages"]) == number


@then("nothing of {name} is left in the folder")
def _(context, name):
    left = [path for path in context.store.folder.rglob("*") if session_id_of(name) in path.name]
    assert not left, left


@then('"{name}" is left, because it {why}')
def _(context, name, why):
    told = {each["name"]: each["why"] for each in context.driver.data["unreadable"]}
    assert name in told, told
    assert why in told[name], told


@then("everything that is left was named")
def _(context):
    assert context.driver.data["unreadable_total"] == len(context.driver.data["unreadable"]) > 0


@then("nothing was named as left")
def _(context):
    assert context.driver.data["unreadable"] == [], context.driver.data["unreadable"]


@then("each time it survived with all that was said, or it went whole")
def _(context):
    for each in context.remembered:
        (name,) = each["told"]["expected"]
        assert each["there"] == each["told"]["expected"][name], each
        went = {session["session_id"] for session in each["answer"]["sessions"]} - {
            skip["session_id"] for skip in each["answer"]["skipped"]
        }
        was_purged = name in went and each["answer"]["purged"] > 0
        assert each["told"]["made_anew"][name] == was_purged, each
        if not was_purged:
            assert each["there"] > each["before"], each


@then("the files of {name} were skipped as {reason}")
def _(context, name, reason):
    session_id = name if context.store.kind == "json" else session_id_of(name)
    skipped = {each["session_id"]: each["reason"] for each in context.driver.data["skipped"]}
    assert skipped.keys() == {session_id}, skipped
    assert skipped[session_id] in reason.split(" or "), skipped
