"""The words about metrics."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from unittest.mock import patch

from behave import given, then, when

from cleveragents.sweep_container import sweep_container_of
from support import metrics
from support.pace_processes import wait_until
from support.sessions import session_from_row, span
from support.slowness import somebody_deletes
from support.tables import rows_of

FILE = "sweeps.prom"


def _metrics(context):
    """Those of the watch that was looked at last, else those of the file."""
    return context.driver.remembered.get("metrics") or metrics.of_file(context.driver.folder / FILE)


# --- what there is ------------------------------------------------------------------------------


@given("{count:d} sessions, each of another actor and source, that nobody used for {idle}")
def _(context, count, idle):
    now = context.driver.clock.now()
    rows = [
        {"name": f"s{number}", "idle": idle, "actor": f"local/a{number}", "source": f"source-{number}"}
        for number in range(count)
    ]
    context.driver.add(session_from_row(row, now) for row in rows)


@given("files that I make are for me alone")
def _(context):
    before = os.umask(0o077)
    context.driver.at_the_end(lambda: os.umask(before))


@given("a port that another program has")
def _(context):
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    context.driver.at_the_end(listening.close)
    context.driver.remembered["port"] = listening.getsockname()[1]


@when('I run "{words}" PORT')
def _(context, words):
    context.driver.run(f"{words} {context.driver.remembered['port']}")


@given("prometheus-client is not installed")
def _(context):
    gone = {name: None for name in sys.modules if name.split(".")[0] == "prometheus_client"}
    loaded = [name for name in sys.modules if name.startswith("cleveragents.infrastructure.metrics")]
    without = patch.dict(sys.modules, {"prometheus_client": None, **gone})
    without.start()
    for name in loaded:
        del sys.modules[name]
    context.driver.at_the_end(without.stop)


# --- what happens -------------------------------------------------------------------------------


@when('I look at the metrics of a running "{words}"')
def _(context, words):
    process, port = metrics.watching(context.driver, words)
    seen = metrics.once_swept(process, port)
    context.driver.remembered.update(watch=process, port=port, metrics=seen)


@given('"{words}" runs until the file tells of a sweep')
def _(context, words):
    process = context.driver.start(words)
    metrics.once_written(process, context.driver.folder / FILE)
    context.driver.remembered["watch"] = process


@when('runs are being ended while the metrics of "{name}" are looked at')
def _(context, name):
    container = context.driver.container()
    container.flags.override({"sweep_metrics_file": str(context.driver.folder / name)})
    container.store().stop_runs()
    with sweep_container_of(container).exporting(once=True):
        pass
    container.store().close()


@when("the watch gets SIGTERM")
def _(context):
    process = context.driver.remembered["watch"]
    process.send_signal(signal.SIGTERM)
    context.driver.finish(process)


@when('"{words}" gets SIGTERM while it sweeps')
def _(context, words):
    process = context.driver.start(words)
    wait_until(process, somebody_deletes, context.driver)
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    context.driver.finish(process)


# --- what came of it ----------------------------------------------------------------------------


@then("the file of metrics says")
def _(context):
    told = metrics.of_file(context.driver.folder / FILE)
    expected = {row["metric"]: float(row["value"]) for row in rows_of(context.table)}
    assert {name: told.get(name) for name in expected} == expected, told


@then('the metric "{name}" is {value:d}')
def _(context, name, value):
    assert _metrics(context)[name] == value, _metrics(context)


@then('the metric "{name}" is at least {value:d}')
def _(context, name, value):
    assert _metrics(context)[name] >= value, _metrics(context)


@then('"{one}" and "{other}" are more than 0')
def _(context, one, other):
    assert all(_metrics(context)[name] > 0 for name in (one, other)), _metrics(context)


@then('the metric "{name}" is now')
def _(context, name):
    assert _metrics(context)[name] == context.driver.clock.now().timestamp()


@then('the metric "{name}" is {since} ago')
def _(context, name, since):
    began = context.driver.clock.now() - span(since)
    assert _metrics(context)[name] == began.timestamp()


@then('the metric "{name}" is that of the last sweep')
def _(context, name):
    with context.driver.store() as store, store.reading() as work:
        began = work.sweeps.last_success().started_at
    assert _metrics(context)[name] == began.timestamp()


@then('there is no metric "{name}"')
def _(context, name):
    assert name not in _metrics(context)


@then('the file of metrics has the series of "{other}", and no others')
def _(context, other):
    ours, before = (metrics.of_file(context.driver.folder / name) for name in (FILE, other))
    assert ours["cleveragents_purged_sessions_total"] > before["cleveragents_purged_sessions_total"]
    assert ours.keys() == before.keys()


@then("anybody may read the file of metrics")
def _(context):
    assert (context.driver.folder / FILE).stat().st_mode & 0o004


@then("the metrics are not shown on other addresses of this host")
def _(context):
    port = context.driver.remembered["port"]
    assert metrics.is_shown_at("127.0.0.1", port)
    for address in metrics.other_addresses():
        assert not metrics.is_shown_at(address, port), address


@then("no part of a file of metrics is left")
def _(context):
    assert {path.name for path in context.driver.folder.glob(f"*{FILE}*")} <= {FILE}
