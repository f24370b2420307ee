"""Steps about programs that embed us, and other systems' stores."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from types import SimpleNamespace

from behave import given, then, when

from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.retention import Reason, RetentionPolicy
from cleveragents.integrations.coordinator import SessionCoordinator
from cleveragents.integrations.fastapi import EmptySessionCleanup
from cleveragents.integrations.sweeper import CleanupSweeper
from support.clock import START

PATIENCE = 30.0


@given("the variable {name} names it")
def _(context, name):
    context.driver.set_variable(name, context.store.option.removeprefix("--store "))


@when("a program makes a {integration}")
def _(context, integration):
    kinds = {
        "EmptySessionCleanup": EmptySessionCleanup,
        "SessionCoordinator": lambda container: SessionCoordinator(5, container=container),
    }
    program = SimpleNamespace(error=None)
    context.driver.remembered["program"] = program
    try:
        kinds[integration](context.driver.container())
    except CleverAgentsError as error:
        program.error = error


@then("a program that sweeps it in the background purges what is stale")
def _(context):
    # With the computer's clock what was recorded as fresh is some months old: all that is stale goes.
    days = (datetime.now(UTC) - START).days + 30
    flags = {"cleanup_mode": "purge", "cleanup_stale_after": f"{days}d", "sweep_jitter": "0s"}
    with CleanupSweeper(flags, narrowed_as=RetentionPolicy(reasons=frozenset({Reason.STALE}))) as sweeper:
        deadline = time.monotonic() + PATIENCE
        while sweeper.last is None and time.monotonic() < deadline:
            time.sleep(0.05)
    assert sweeper.last is not None, "no sweep ended"
    sweep, _ = sweeper.last
    stale = {each.session_id for each in context.store.sessions if each.days > 30} & context.store.made
    gone = context.store.made - context.store.session_ids(context.driver)
    assert gone == stale, (sweep, gone ^ stale)
