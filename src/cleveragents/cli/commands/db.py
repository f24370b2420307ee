"""`agents db`: the database's schema and health."""

from __future__ import annotations

from typing import Annotated

import typer

from cleveragents.cli.answer import Answer
from cleveragents.cli.answering import answering
from cleveragents.cli.context import Context

app = typer.Typer(no_args_is_help=True, help="Migrate the database and check its health.")


@app.command("upgrade")
@answering("db upgrade")
def upgrade(context: Context) -> Answer:
    """Create the tables or migrate them to this version, in one transaction."""
    from cleveragents.cli.views import database as view

    return view.upgraded(*context.database.upgrade())


@app.command("current")
@answering("db current")
def current(context: Context) -> Answer:
    """Say which schema the database has and which this version needs."""
    from cleveragents.cli.views import database as view

    return view.current(context.database.current())


@app.command("check")
@answering("db check")
def check(
    context: Context,
    *,
    mend: Annotated[
        bool,
        typer.Option(
            "--mend", metavar="", help="Set counters right and record dangling messages for the next cleanup."
        ),
    ] = False,
) -> Answer:
    """Read the whole database and compare what it holds with what it says it holds."""
    from cleveragents.cli.views import database as view

    return view.checked(context.database.check(mend=mend))
