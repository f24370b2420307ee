"""`agents db`: the database's schema and health."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from cleveragents.cli import options
from cleveragents.cli.answer import Answer
from cleveragents.cli.answering import answering
from cleveragents.cli.context import Context

if TYPE_CHECKING:
    from cleveragents.domain.space import VacuumReport

app = typer.Typer(no_args_is_help=True, help="Migrate the database, check its health, and make it smaller.")


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


@app.command("vacuum")
@answering("db vacuum")
def vacuum(
    context: Context,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", metavar="", help="Say what it would gain; change nothing.")
    ] = False,
    yes: options.Yes = False,
) -> Answer:
    """Write the whole database anew without its free space, which goes back to the disk.

    Nobody else can write until it is done. It looks for free disk space first, and on a terminal it asks.
    """
    from cleveragents.cli.views import vacuum as view

    if dry_run:
        return view.vacuumed(context.vacuum.preview())
    asks = context.is_interactive and not yes
    return view.vacuumed(context.vacuum.vacuum(approve=partial(_ask, context) if asks else None))


def _ask(context: Context, report: VacuumReport) -> bool:
    from cleveragents.cli.views import vacuum as view

    context.tell(view.vacuumed(report))
    return context.confirm(view.question(report))
