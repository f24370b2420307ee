"""`agents cleanup restore` and `archives`: undo a purge, and see which can be undone."""

from __future__ import annotations

from typing import Annotated

import typer

from cleveragents.cli.answer import Answer
from cleveragents.cli.answering import answering
from cleveragents.cli.context import Context


@answering("cleanup restore")
def restore(
    context: Context,
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run's id, or its unambiguous beginning.")],
    *,
    session: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Put back only this session, by its full id; repeatable."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", metavar="", help="Verify and count; change nothing.")
    ] = False,
) -> Answer:
    """Put back what a purge deleted, every row as it was, in one transaction.

    Sessions whose ids exist again are left as they are and reported.
    """
    from cleveragents.cli.views import restore as view

    return view.restored(context.restore.restore(run, session_ids=tuple(session or ()), dry_run=dry_run))


@answering("cleanup archives")
def archives(context: Context) -> Answer:
    """List the archives that purges can be undone from, with their size and expiry."""
    from cleveragents.cli.views import restore as view

    return view.archives(context.restore.archives(), context.now)
