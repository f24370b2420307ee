"""`agents cleanup watch`, `pause`, `resume` and `status`: cleaning up when nobody types a command."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from cleveragents.cli import options
from cleveragents.cli.answer import Answer
from cleveragents.cli.answering import answering
from cleveragents.cli.context import Context
from cleveragents.domain.errors import UsageError
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.domain.safeguards import Mode

logger = logging.getLogger(__name__)

_INTERVALS_ALLOWED = 1.5


@answering("cleanup watch", guarded=True, verbosity=1)
def watch(  # noqa: PLR0913 - one parameter for each option
    context: Context,
    policy: RetentionPolicy,
    *,
    every: options.Every = None,
    at: options.At = None,
    jitter: options.Jitter = None,
    grace: options.Grace = None,
    stop_file: options.StopFile = None,
    metrics_port: options.MetricsPort = None,
    metrics_address: options.MetricsAddress = None,
    metrics_file: options.MetricsFile = None,
    once: Annotated[
        bool, typer.Option("--once", metavar="", help="Sweep once, now, and end; for cron and timers.")
    ] = False,
) -> Answer:
    """Sweep in the background, again and again, as one of any number of hosts.

    Only one of them sweeps at a time. In the mode `report`, which is what it starts with, a sweep deletes
    nothing; `--mode purge`, or mode = "purge" in the settings, lets it. SIGTERM and Ctrl-C let the sweep
    at work come to its end within the grace, else roll it back.
    """
    from cleveragents.cli.views import sweep as view

    context.use(
        sweep_every=every,
        sweep_at=at,
        sweep_jitter=jitter,
        sweep_grace=grace,
        sweep_stop_file=stop_file,
        sweep_metrics_port=metrics_port,
        sweep_metrics_address=metrics_address,
        sweep_metrics_file=metrics_file,
    )
    if once and metrics_port is not None:
        raise UsageError(
            "--metrics-port shows nothing where --once ends at once.", hints=["Use --metrics-file instead."]
        )
    sweeps = context.sweeps(policy)
    sweeper = sweeps.sweeper()
    with _signals() as is_over, sweeps.exporting(once=once):
        if once:
            return view.swept(sweeper.once(is_over), context.database_option)
        _log_beginning(context, view.when(sweeps.schedule()))
        sweeper.start()
        is_over.wait()
        is_whole = sweeper.stop()
    return view.watched(sweeps.tally(), is_whole=is_whole)


@answering("cleanup pause")
def pause(
    context: Context,
    *,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="What to tell others.")] = "",
    stop_file: options.StopFile = None,
) -> Answer:
    """Keep sweeps from beginning, on every host of this database, until `agents cleanup resume`.

    A sweep at work comes to its end. `agents cleanup` itself still works.
    """
    from cleveragents.cli.views import sweep as view

    context.use(sweep_stop_file=stop_file)
    return view.paused(context.sweeps().book().pause(why), context.now)


@answering("cleanup resume")
def resume(context: Context, *, stop_file: options.StopFile = None) -> Answer:
    """Let sweeps begin again."""
    from cleveragents.cli.views import sweep as view

    context.use(sweep_stop_file=stop_file)
    book = context.sweeps().book()
    return view.resumed(book.resume(), book.stopped_by())


@answering("cleanup status", guarded=True)
def status(  # noqa: PLR0913 - one parameter for each option
    context: Context,
    policy: RetentionPolicy,
    *,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            metavar="",
            help="Exit with 6 when sweeps stopped succeeding or the backlog grows; for a monitoring probe.",
        ),
    ] = False,
    max_age: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="How long ago the last sweep that succeeded may have begun; "
            "one and a half intervals unless set.",
        ),
    ] = None,
    every: options.Every = None,
    at: options.At = None,
    stop_file: options.StopFile = None,
) -> Answer:
    """Show how sweeps stand: the last ones, the next one, who sweeps, and what is eligible now."""
    from cleveragents.cli.views import status as view
    from cleveragents.domain.duration import parse_duration

    context.use(sweep_every=every, sweep_at=at, sweep_stop_file=stop_file)
    sweeps = context.sweeps()
    often = sweeps.schedule().every
    allowed = often * _INTERVALS_ALLOWED if max_age is None else parse_duration(max_age)
    return view.status(sweeps.status_service().status(policy), allowed, is_check=check)


def _log_beginning(context: Context, when: str) -> None:
    """As log lines: whoever reads what a service writes reads nothing else of it."""
    container = context.container
    logger.info("Sweeping", extra={"database": container.store().displayed_url, "when": when})
    if container.safeguards().enabled and container.safeguards().mode is Mode.REPORT:
        logger.warning("Nothing will be deleted: the mode is report", extra={"remedy": "--mode purge"})


@contextmanager
def _signals() -> Iterator[threading.Event]:
    """An event that is set when SIGTERM or SIGINT asks for the end."""
    is_over = threading.Event()
    asked = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.getsignal(number) for number in asked}
    for number in asked:
        signal.signal(number, lambda _number, _frame: is_over.set())
    try:
        yield is_over
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
