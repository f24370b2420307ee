"""`agents cleanup`: find the sessions nobody will come back to, and remove them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleveragents.cli import options
from cleveragents.cli.answer import Answer
from cleveragents.cli.answering import answering
from cleveragents.cli.context import Context
from cleveragents.domain.errors import UsageError
from cleveragents.domain.retention import RetentionPolicy

if TYPE_CHECKING:
    from cleveragents.domain.report import CleanupReport

app = typer.Typer(invoke_without_command=True)

ShowAll = Annotated[bool, typer.Option("--all", metavar="", help="List every candidate, not the first 50.")]


@app.callback()
@answering("cleanup", guarded=True)
def cleanup(  # noqa: PLR0913 - one parameter for each option
    context: Context,
    policy: RetentionPolicy,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", metavar="", help="Look and report; change nothing.")
    ] = False,
    rehearse: Annotated[
        bool,
        typer.Option(
            "--rehearse", metavar="", help="Do it all for real, archive included, then roll it back."
        ),
    ] = False,
    plan_out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Save what would go as a plan for `cleanup apply`; change nothing."
        ),
    ] = None,
    yes: options.Yes = False,
    show_all: ShowAll = False,
    ignore_clock: options.IgnoreClock = False,
) -> Answer:
    """Find stale, empty and orphaned sessions, show which and why, and remove them in one transaction.

    What is removed is archived first and can be put back. On a terminal it asks first. Without one it
    goes ahead: that is how cron runs it.
    """
    from cleveragents.cli.views import cleanup as view
    from cleveragents.domain.report import LISTED

    if rehearse and (dry_run or plan_out):
        other = "--dry-run" if dry_run else "--plan-out"
        raise UsageError(f"--rehearse does more than {other}; give one of the two.")
    listed = None if show_all else LISTED
    if plan_out is not None:
        return view.planned(
            context.plans.save(policy, plan_out), plan_out, context.database_option, show_all=show_all
        )
    if dry_run:
        return view.scanned(context.cleanup.scan(policy, listed=listed))
    if rehearse:
        report = context.cleanup.rehearse(policy, listed=listed)
        return view.purged(report, context.database_option, list_candidates=True, show_all=show_all)
    asks = context.is_interactive and not yes
    report = context.cleanup.purge(
        policy, approve=partial(_ask, context) if asks else None, listed=listed, ignore_clock=ignore_clock
    )
    return view.purged(report, context.database_option, list_candidates=not asks, show_all=show_all)


@app.command("apply")
@answering("cleanup apply", guarded=True)
def apply(
    context: Context,
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="A file that --plan-out wrote.")],
    *,
    yes: options.Yes = False,
    show_all: ShowAll = False,
    ignore_clock: options.IgnoreClock = False,
) -> Answer:
    """Purge the sessions of a saved plan that are as they were planned, and never one more."""
    from cleveragents.cli.views import cleanup as view
    from cleveragents.domain.report import LISTED

    asks = context.is_interactive and not yes
    with context.plans.opened(plan) as opened:
        report = context.cleanup.apply(
            opened,
            approve=partial(_ask, context) if asks else None,
            listed=None if show_all else LISTED,
            ignore_clock=ignore_clock,
        )
    return view.purged(report, context.database_option, list_candidates=not asks, show_all=show_all)


@app.command("explain")
@answering("cleanup explain")
def explain(context: Context, policy: RetentionPolicy, session: options.SessionId) -> Answer:
    """Say how each rule judges one session now, and when it becomes a candidate if nobody touches it."""
    from cleveragents.cli.views import explanation as view

    return view.explained(context.cleanup.explain(session, policy))


def _ask(context: Context, report: CleanupReport) -> bool:
    """Show what was found and ask; with nothing to purge there is nothing to ask."""
    from cleveragents.cli.views import cleanup as view
    from cleveragents.cli.views.preflight import preflight_notes

    if not report.found.candidates and not report.found.dangling_messages:
        return True
    context.tell(view.scanned(report))
    context.warn(preflight_notes(report.preflight))
    return context.confirm(view.question(report, archives=context.container.safeguards().archive))
