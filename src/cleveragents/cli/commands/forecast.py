"""`agents cleanup forecast`: what becomes eligible when."""

from __future__ import annotations

from typing import Annotated

import typer

from cleveragents.cli.answer import Answer
from cleveragents.cli.answering import answering
from cleveragents.cli.context import Context
from cleveragents.domain.forecast import USUAL_DAYS, Step
from cleveragents.domain.retention import RetentionPolicy


@answering("cleanup forecast")
def forecast(
    context: Context,
    policy: RetentionPolicy,
    *,
    days: Annotated[int, typer.Option(metavar="N", help="How many days to look ahead.")] = USUAL_DAYS,
    by: Annotated[
        Step | None,
        typer.Option(help="One bar for each day or week; by day up to 31 days unless chosen."),
    ] = None,
) -> Answer:
    """Show how much becomes eligible in each day or week to come, and what other thresholds would free now.

    It is what a purge would take then, as long as nobody touches a session. Nothing is changed.
    """
    from cleveragents.cli.views import forecast as view

    return view.forecasted(context.forecast.forecast(policy, days=days, by=by))
