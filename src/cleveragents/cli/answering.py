"""How a function that answers becomes a command: the options every command has, and its run."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from cleveragents.cli.answer import Answer, Format
from cleveragents.cli.context import Context
from cleveragents.cli.invocation import Invocation
from cleveragents.domain.errors import InterruptedRunError, UsageError

PANEL = "Options of every command"

FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format",
        help="How to answer; rich on a terminal and plain elsewhere unless chosen.",
        envvar="CLEVERAGENTS_FORMAT",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database-url",
        metavar="URL",
        help="Where the sessions live: sqlite:////folder/file.db or postgresql://…; "
        "also CLEVERAGENTS_DATABASE_URL.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
VerboseOption = Annotated[
    int,
    typer.Option(
        "--verbose",
        "-v",
        count=True,
        metavar="",
        show_default=False,
        help="Log more: -v the summary, -vv each session.",
        rich_help_panel=PANEL,
    ),
]
QuietOption = Annotated[
    bool,
    typer.Option(
        "--quiet", "-q", metavar="", help="Say nothing unless something needs a look.", rich_help_panel=PANEL
    ),
]
LogFormatOption = Annotated[
    str | None,
    typer.Option(
        "--log-format",
        metavar="[text|json]",
        help="How log lines on stderr look; also CLEVERAGENTS_LOG_FORMAT.",
        show_default=False,
        rich_help_panel=PANEL,
    ),
]
_COMMON: dict[str, tuple[Any, Any]] = {
    "format": (FormatOption, None),
    "database_url": (DatabaseOption, None),
    "verbose": (VerboseOption, 0),
    "quiet": (QuietOption, False),
    "log_format": (LogFormatOption, None),
}


def answering(name: str) -> Callable[[Callable[..., Answer]], Callable[..., None]]:
    """Make a Typer command of a function that takes a Context and returns an Answer.

    Adds the options that every command has, and shows the answer in the format asked for.
    """

    def decorate(function: Callable[..., Answer]) -> Callable[..., None]:
        signature = inspect.signature(function, eval_str=True)
        own = list(signature.parameters.values())[1:]

        @wraps(function)
        def command(ctx: typer.Context, **options: Any) -> None:
            if ctx.invoked_subcommand is not None:
                _refuse_options_before_subcommand(ctx)
                return
            common = {option: options.pop(option) for option in _COMMON}
            invocation: Invocation = ctx.obj
            invocation.command = name
            invocation.format = common["format"]
            invocation.quiet = common["quiet"]
            context = Context(invocation, common)
            _start(context, invocation, common)
            try:
                invocation.answer = function(context, **options)
            except KeyboardInterrupt as interrupt:
                raise InterruptedRunError(
                    "Interrupted; what was not committed yet was rolled back."
                ) from interrupt

        parameters = [
            inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
            *(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own),
            *(
                inspect.Parameter(option, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
                for option, (kind, default) in _COMMON.items()
            ),
        ]
        command.__signature__ = signature.replace(parameters=parameters, return_annotation=None)  # type: ignore[attr-defined]  # read by Typer
        command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return command

    return decorate


def _start(context: Context, invocation: Invocation, common: dict[str, Any]) -> None:
    from cleveragents.cli import logs

    settings = context.container.settings()
    if invocation.format is None and settings.format is not None:
        invocation.format = Format(settings.format)
    logs.configure(verbosity=common["verbose"], quiet=common["quiet"], as_json=settings.log_format == "json")


def _refuse_options_before_subcommand(ctx: typer.Context) -> None:
    """An option that stands before the subcommand would be ignored; say so instead."""
    given = [
        name
        for name in ctx.params
        if (source := ctx.get_parameter_source(name)) and source.name == "COMMANDLINE"
    ]
    if given:
        option = given[0].replace("_", "-")
        raise UsageError(
            f"--{option} stands before {ctx.invoked_subcommand!r} and would not reach it.",
            hints=[
                f"Write the options at the end: {ctx.command_path} {ctx.invoked_subcommand} … --{option} …"
            ],
        )
