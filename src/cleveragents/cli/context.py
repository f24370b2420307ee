"""What a command has at hand: its options, the container, and how it answers."""

from __future__ import annotations

import inspect
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cleveragents.cli.answer import Answer, Format
from cleveragents.domain.errors import InterruptedRunError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from cleveragents.application.services.cleanup_service import CleanupService
    from cleveragents.application.services.database_service import DatabaseService
    from cleveragents.application.services.demo_service import DemoService
    from cleveragents.application.services.session_service import SessionService
    from cleveragents.application.services.transfer_service import TransferService
    from cleveragents.container import Container
    from cleveragents.domain.retention import RetentionPolicy

PANEL = "Options of every command"


@dataclass(slots=True)
class Invocation:
    """One run of `agents`: made before the command line is understood, filled in as it is."""

    argv: list[str]
    container: Container | None = None
    started: float = field(default_factory=time.monotonic)
    command: str = "agents"
    format: Format | None = None
    quiet: bool = False
    answer: Answer | None = None

    @property
    def milliseconds(self) -> int:
        return round((time.monotonic() - self.started) * 1000)

    def format_or_guess(self) -> Format:
        """The format in force or, where the command line was not understood, the one it asks for."""
        return (
            self.format
            or _format_in(self.argv)
            or _format_of(os.environ.get("CLEVERAGENTS_FORMAT"))
            or _automatic()
        )


def _format_in(argv: list[str]) -> Format | None:
    for word, following in zip(argv, [*argv[1:], ""], strict=True):
        if word == "--":
            return None
        if word == "--format":
            return _format_of(following)
        if word.startswith("--format="):
            return _format_of(word.partition("=")[2])
    return None


def _format_of(name: str | None) -> Format | None:
    return Format(name) if name in set(Format) else None


def _automatic() -> Format:
    return Format.RICH if sys.stdout.isatty() else Format.PLAIN


class Context:
    """Hands a command its services; the only place of the command line that knows the container."""

    def __init__(self, invocation: Invocation, common: dict[str, Any]) -> None:
        from cleveragents.container import Container

        self._invocation = invocation
        self._flags = {"database_url": common["database_url"], "log_format": common["log_format"]}
        self.container = invocation.container = invocation.container or Container()
        self.use()

    def use(self, **flags: Any) -> None:
        """Take the command's own options that are settings too; they win over every other source."""
        self._flags.update(flags)
        self.container.flags.override(self._flags)
        self.container.loaded_settings.reset()

    @property
    def format(self) -> Format:
        return self._invocation.format_or_guess()

    @property
    def is_interactive(self) -> bool:
        return sys.stdin.isatty()

    def tell(self, answer: Answer) -> None:
        """Show people something before the command ends; machines get one document, at the end."""
        from cleveragents.cli.output import draw

        if not self.format.is_for_machines:
            draw(answer.draw(self.format is Format.RICH), self.format, sys.stdout)

    def confirm(self, question: str) -> bool:
        """Ask on stderr; an empty answer and the end of input mean no."""
        sys.stderr.write(f"{question} [y/N]: ")
        sys.stderr.flush()
        answer = sys.stdin.readline()
        if not answer:
            sys.stderr.write("\n")
        return answer.strip().lower() in {"y", "yes"}

    @property
    def policy(self) -> RetentionPolicy:
        return self.container.policy()

    @property
    def cleanup(self) -> CleanupService:
        return self.container.cleanup_service()

    @property
    def sessions(self) -> SessionService:
        return self.container.session_service()

    @property
    def transfer(self) -> TransferService:
        return self.container.transfer_service()

    @property
    def demo(self) -> DemoService:
        return self.container.demo_service()

    @property
    def now(self) -> datetime:
        return self.container.clock().now()

    @property
    def database(self) -> DatabaseService:
        return self.container.database_service()


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


def show(answer: Answer, invocation: Invocation) -> int:
    """Show the answer in the format asked for and return its exit code."""
    from cleveragents.cli import output

    output.show(
        answer,
        invocation.format_or_guess(),
        command=invocation.command,
        milliseconds=invocation.milliseconds,
        quiet=invocation.quiet,
    )
    return answer.exit_code


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
