"""Steps about the threads of LangGraph's checkpointers."""

from __future__ import annotations

import os
import shutil
from functools import partial
from pathlib import Path

from behave import given, step, then, when

from cleveragents.domain.progress import Stage
from support.langgraph_maker import LangGraphMaker
from support.langgraph_threads import Threads
from support.proving import new_database, prove
from support.sessions import span
from support.store_meanwhile import doing

MANY = 20
STRANGE = {
    "a column that nobody knows": "ALTER TABLE checkpoints ADD COLUMN extra text",
    "no table of its writes": "DROP TABLE {writes}",
    "a column less": "ALTER TABLE {writes} DROP COLUMN channel",
    "a version that is newer": "INSERT INTO checkpoint_migrations VALUES (10)",
    "a version that its tables are not of": "DELETE FROM checkpoint_migrations WHERE v > 5",
    "no version": "DROP TABLE checkpoint_migrations",
    "another primary key": "ALTER TABLE checkpoints DROP CONSTRAINT checkpoints_pkey",
    "the tables of a shallow saver": "ALTER TABLE checkpoints DROP COLUMN checkpoint_id, "
    "DROP COLUMN parent_checkpoint_id",
}


# --- what there is ------------------------------------------------------------------------------


@given('a graph inside of "{thread}" saved a checkpoint {time} ago')
def _(context, thread, time):
    threads(context).save_checkpoint(thread, ago(context, time), ns="team:1|deeper:2")
    begin_here(context)


@given('"{thread}" has one checkpoint, made {time} ago')
def _(context, thread, time):
    threads(context).save_checkpoint(thread, ago(context, time))
    begin_here(context)


@given("a thread with an empty name has one checkpoint, made {time} ago")
def _(context, time):
    threads(context).save_checkpoint("", ago(context, time))
    begin_here(context)


@given('an application gave a checkpoint of "{thread}" an id of its own')
def _(context, thread):
    threads(context).give_own_id(thread)
    begin_here(context)


@given('a run wrote to "{thread}" for a checkpoint that is gone, begun {time} ago')
def _(context, thread, time):
    threads(context).write_late(thread, ago(context, time))
    begin_here(context)


@given('a blob of "{thread}" was left behind')
def _(context, thread):
    threads(context).leave_blob(thread)
    begin_here(context)


@given('a checkpoint of "{thread}" does not tell what it refers to')
def _(context, thread):
    threads(context).hide_references(thread)
    begin_here(context)


@given('somebody deleted the checkpoints of "{thread}" and nothing else')
def _(context, thread):
    threads(context).delete_checkpoints(thread)
    begin_here(context)


@given("the application remembers something for longer than a thread")
def _(context):
    threads(context).remember()
    begin_here(context)


@given("among its tables there is {strangeness}")
def _(context, strangeness):
    own = threads(context)
    own.execute(STRANGE[strangeness].format(writes=own.writes))
    begin_here(context)


@given("its tables are in a schema of their own, which its URL names")
def _(context):
    database = context.store.database
    database.execute("CREATE SCHEMA flows")
    for (table,) in database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        database.execute(f"ALTER TABLE {table} SET SCHEMA flows")
    joined = "&" if "?" in database.url else "?"
    context.store.as_user(f"{database.url}{joined}options=-csearch_path%3Dflows")
    begin_here(context)


@given('a copy of the store is called "{name}"')
def _(context, name):
    file = context.store.database.path
    for suffix in ("", "-wal"):
        if Path(f"{file}{suffix}").exists():
            shutil.copyfile(f"{file}{suffix}", f"{context.driver.folder / name}{suffix}")
    previous = Path.cwd()
    context.driver.at_the_end(lambda: os.chdir(previous))
    os.chdir(context.driver.folder)


# --- what happens -------------------------------------------------------------------------------


@step('a run saves a checkpoint of "{thread}"')
def _(context, thread):
    threads(context).save_checkpoint(thread, context.driver.clock.now())


@given('a run saves a checkpoint of "{thread}" as soon as the sessions were {step}')
def _(context, thread, step):
    stage = {"scanned": Stage.SCAN, "archived": Stage.ARCHIVE}[step]
    own, now = threads(context), context.driver.clock.now()
    doing(context.driver, stage, lambda: own.save_checkpoint(thread, now))


@when("on the store I check what it is")
def _(context):
    context.driver.run(f"agents store check {context.store.option.removeprefix('--store ')}")


@when('a run is saving a checkpoint of "{thread}" while I run "{words}"')
def _(context, thread, words):
    own, driver = threads(context), context.driver
    run = own.answer_while_a_purge_waits(thread, driver.clock.now())
    driver.run(f"{words} {context.store.option}")
    run.join()


@when("I prove LangGraph's adapter by every check that there is for adapters")
def _(context):
    prove(context, LangGraphMaker(partial(new_database, context.driver)))


# --- what came of it ----------------------------------------------------------------------------


@then("it passes them all")
def _(context):
    assert not context.failures, "\n".join(context.failures)
    assert context.passed > MANY, context.passed


@then("there are {count:d} dangling messages")
def _(context, count):
    found = context.driver.data["dangling_messages"]
    assert found == count, found


@then('the answer names "{thread}"')
def _(context, thread):
    assert thread in named(context), named(context)


@then('the answer does not name "{thread}"')
def _(context, thread):
    assert named(context), "it names nothing at all"
    assert thread not in named(context), named(context)


@then('nothing of "{thread}" is left')
def _(context, thread):
    left = {table: threads(context).count(table, thread) for table in tables(context)}
    assert not any(left.values()), left


@then("nothing of the thread with an empty name is left")
def _(context):
    assert not threads(context).count("checkpoints", "")


@then('"{thread}" has {count:d} checkpoint')
@then('"{thread}" has {count:d} checkpoints')
def _(context, thread, count):
    found = threads(context).count("checkpoints", thread)
    assert found == count, found


@then('only "{thread}" was skipped, because it was {reason}')
def _(context, thread, reason):
    skipped = {each["session_id"]: each["reason"] for each in context.driver.data["skipped"]}
    assert skipped == {thread: reason}, skipped


@then("only threads lost rows")
def _(context):
    now, own = context.store.now(), {*tables(context)}
    for table, rows in context.store.before.rows.items():
        assert table in own or rows == now.rows[table], table
    gone = {table for table in own if now.count(table) < context.store.before.count(table)}
    assert gone == own, gone


def begin_here(context):
    """What was done to the store by now was there before."""
    context.store.before = context.store.now()


def threads(context):
    return Threads(context.store.database)


def tables(context):
    return threads(context).tables


def ago(context, time):
    return context.driver.clock.now() - span(time)


def named(context):
    return {each["session_id"] for each in context.driver.data["sessions"]}
