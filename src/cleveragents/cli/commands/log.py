"""`agents cleanup log`: what the ledger remembers."""

from __future__ import annotations

from typing import Annotated

import typer

from cleveragents.cli.answer import Answer
from cleveragents.cli.answering import answering
from cleveragents.cli.context import Context


@answering("cleanup log")
def log(
    context: Context,
    *,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify", metavar="", help="Check that no entry was edited and every archive is intact."
        ),
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="Show the newest N runs and attempts.")
    ] = 20,
    show_all: Annotated[bool, typer.Option("--all", metavar="", help="Show all of them.")] = False,
) -> Answer:
    """Show the runs that deleted or restored something, and the attempts that came to nothing."""
    from cleveragents.cli.views import log as view

    shown = None if show_all else limit
    return view.log(context.ledger.verified_log(shown) if verify else context.ledger.log(shown))
