"""`agents cleanup`: find the sessions nobody will come back to, and remove them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from cleveragents.cli import options
from cleveragents.cli.answer import Answer
from cleveragents.cli.answering import answering
from cleveragents.cli.context import Context
from cleveragents.domain.retention import RetentionPolicy

if TYPE_CHECKING:
    from cleveragents.domain.report import CleanupReport

app = typer.Typer(invoke_without_command=True)


@app.callback()
@answering("cleanup")
def cleanup(
    context: Context,
    policy: RetentionPolicy,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", metavar="", help="Look and report; change nothing.")
    ] = False,
    yes: options.Yes = False,
    show_all: Annotated[
        bool, typer.Option("--all", metavar="", help="List every candidate, not the first 50.")
    ] = False,
) -> Answer:
    """Find stale, empty and orphaned sessions, show which and why, and remove them in one transaction.

    On a terminal it asks first. Without one it goes ahead: that is how cron runs it.
    """
    from cleveragents.cli.views import cleanup as view
    from cleveragents.domain.report import LISTED

    listed = None if show_all else LISTED
    if dry_run:
        return view.scanned(context.cleanup.scan(policy, listed=listed))
    asks = context.is_interactive and not yes
    report = context.cleanup.purge(policy, approve=partial(_ask, context) if asks else None, listed=listed)
    return view.purged(report, list_candidates=not asks, show_all=show_all)


@app.command("explain")
@answering("cleanup explain")
def explain(context: Context, policy: RetentionPolicy, session: options.SessionId) -> Answer:
    """Say how each rule judges one session now, and when it becomes a candidate if nobody touches it."""
    from cleveragents.cli.views import explanation as view

    return view.explained(context.cleanup.explain(session, policy))


def _ask(context: Context, report: CleanupReport) -> bool:
    """Show what was found and ask; with nothing to purge there is nothing to ask."""
    from cleveragents.cli.views import cleanup as view

    if not report.found.candidates and not report.found.dangling_messages:
        return True
    context.tell(view.scanned(report))
    return context.confirm(view.question(report))
