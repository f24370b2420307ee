"""`agents demo`: see a cleanup at work, on made-up sessions in a database of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from cleveragents.cli.answer import Answer
from cleveragents.cli.answering import answering
from cleveragents.cli.context import Context


@answering("demo")
def demo(
    context: Context,
    *,
    sessions: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many sessions to make up.")] = 500,
) -> Answer:
    """Fill a database of its own with made-up sessions, dry-run a cleanup, purge, and list what is left."""
    from cleveragents.cli.views import demo as view

    return view.demonstrated(context.demo.run(sessions))
