"""`agents store`: which stores can be cleaned here, and how."""

from __future__ import annotations

from typing import Annotated

import typer

from cleveragents.cli.answer import Answer
from cleveragents.cli.answering import answering
from cleveragents.cli.context import Context

app = typer.Typer(no_args_is_help=True, help="Find the stores that can be cleaned here, and look into one.")


@app.command("list")
@answering("store list")
def list_stores(context: Context) -> Answer:
    """Show each kind of store that is installed, and the stores of it that are known on this machine.

    They are the configured database, those that the settings name in [stores], and those in the usual places
    of each kind. Nothing is changed.
    """
    from cleveragents.cli.views import store_list as view

    return view.listed(context.store_catalogue.list())


@app.command("check")
@answering("store check")
def check(
    context: Context,
    store: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME|KIND:LOCATION]",
            help="A name of the settings' [stores], a kind and a location, or a kind alone where only one "
            "such store is in its usual places. Without it: the store that a cleanup would clean.",
            show_default=False,
        ),
    ] = None,
) -> Answer:
    """Say what a store was recognised as, how a cleanup reads it, what it would meet, and what is in it.

    Nothing is changed.
    """
    from cleveragents.cli.views import store_check as view

    if store is not None:
        context.use(cleanup_store=store)
    return view.checked(context.store_catalogue.check(context.store_to_clean, context.policy_to_check))
