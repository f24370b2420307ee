"""How a function that answers becomes a command: the options every command has, and its run."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from cleveragents.cli import options
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
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="NAME|KIND:LOCATION",
        help="Clean another system's sessions, for example adk:sqlite:////folder/session.db; "
        "agents store list shows which.",
        show_default=False,
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


_STORE = "cleanup_store"
_CLEANS = "cleanup"
_HANDED = {"context", "policy"}
_ROLLED_BACK = "Interrupted; what was not committed yet was rolled back."


def answering(
    name: str, *, guarded: bool = False, verbosity: int = 0
) -> Callable[[Callable[..., Answer]], Callable[..., None]]:
    """Make a Typer command of a function that takes a Context and returns an Answer.

    Adds the options that every command has, those that make up a policy where the function takes a
    `policy`, and the safeguards and the pace where it is `guarded`. It logs as much as that many `-v`
    unless told more or to be quiet. The answer is shown when the command is over.
    """

    def decorate(function: Callable[..., Answer]) -> Callable[..., None]:
        signature = inspect.signature(function, eval_str=True)
        own = [parameter for parameter in signature.parameters.values() if parameter.name not in _HANDED]
        takes_policy = "policy" in signature.parameters
        cleans = name.split(maxsplit=1)[0] == _CLEANS

        @wraps(function)
        def command(ctx: typer.Context, **given: Any) -> None:
            if ctx.invoked_subcommand is not None:
                _refuse_options_before_subcommand(ctx)
                return
            common = {option: given.pop(option) for option in _COMMON}
            common[_STORE] = given.pop(_STORE, None)
            if not common["quiet"]:
                common["verbose"] += verbosity
            context = _start(name, ctx.obj, common)
            if guarded:
                own = {**options.SAFEGUARDS, **options.PACE}
                context.use(**{f"cleanup_{option}": given.pop(option) for option in own})
            if takes_policy:
                chosen = {option: given.pop(option) for option in options.POLICY}
                given["policy"] = options.policy_from(context, chosen)
            try:
                ctx.obj.answer = function(context, **given)
            except KeyboardInterrupt as interrupt:
                raise InterruptedRunError(_ROLLED_BACK) from interrupt

        _declare(
            command,
            [
                *(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own),
                *(_option(each, kind) for each, kind in options.POLICY.items() if takes_policy),
                *(_option(each, kind) for each, kind in options.SAFEGUARDS.items() if guarded),
                *(_option(each, kind) for each, kind in options.PACE.items() if guarded),
                *([_option(_STORE, StoreOption)] if cleans else []),
                *(_option(each, kind, default) for each, (kind, default) in _COMMON.items()),
            ],
        )
        return command

    return decorate


def _option(name: str, kind: Any, default: Any = None) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _declare(command: Callable[..., None], parameters: list[inspect.Parameter]) -> None:
    """Tell Typer, which reads signatures, what the command takes."""
    ctx = inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    declared = inspect.Signature([ctx, *parameters])
    command.__signature__ = declared  # type: ignore[attr-defined]  # functions have it, their type does not
    command.__annotations__ = {name: each.annotation for name, each in declared.parameters.items()}


def _start(name: str, invocation: Invocation, common: dict[str, Any]) -> Context:
    from cleveragents.cli import logs

    invocation.command = name
    invocation.format = common["format"]
    invocation.quiet = common["quiet"]
    context = Context(invocation, common)
    settings = context.container.settings()
    if invocation.format is None and settings.format is not None:
        invocation.format = Format(settings.format)
    logs.configure(verbosity=common["verbose"], quiet=common["quiet"], as_json=settings.log_format == "json")
    return context


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
