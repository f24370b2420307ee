"""The command line: which words there are, and how a run of them ends."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import click
import typer

from cleveragents.cli.commands import cleanup, db, demo, session
from cleveragents.cli.context import Invocation
from cleveragents.cli.errors import fail, fail_unexpectedly
from cleveragents.domain.errors import CleverAgentsError, InterruptedRunError, UsageError

if TYPE_CHECKING:
    from cleveragents.container import Container

app = typer.Typer(
    name="agents",
    help="Find the agent sessions nobody will come back to, and remove them safely.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done · 1 error · 2 usage · 3 not found · 4 conflict · "
    "5 refused by a safety brake · 6 finished with skips or failures · 7 another process holds the lock.",
)
app.add_typer(cleanup.app, name="cleanup")
app.add_typer(session.app, name="session")
app.add_typer(db.app, name="db")
app.command("demo")(demo.demo)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - Typer's signature
    if wanted:
        from importlib.metadata import version

        typer.echo(f"agents {version('cleveragents')}")
        raise typer.Exit


@app.callback()
def agents(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and stop."),
    ] = False,
) -> None:
    del version


def run(argv: list[str], container: Container | None = None) -> int:
    """Run one command line and return its exit code; `container` replaces the one it would make."""
    invocation = Invocation(argv, container)
    try:
        return _run(invocation)
    except BrokenPipeError:
        # The reader of our output went away (`| head`); what the command did, it did.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return invocation.exit_code
    finally:
        if invocation.container is not None and container is None:
            invocation.container.shutdown_resources()


def _run(invocation: Invocation) -> int:
    command = typer.main.get_command(app)
    failure: CleverAgentsError
    try:
        outcome = command.main(invocation.argv, prog_name="agents", standalone_mode=False, obj=invocation)
    except CleverAgentsError as error:
        failure = error
    except click.exceptions.NoArgsIsHelpError as error:
        typer.echo(error.format_message(), err=True)
        return UsageError.exit_code
    except click.UsageError as error:
        failure = _usage(error)
    except (KeyboardInterrupt, click.Abort):
        failure = InterruptedRunError()
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: one valid document even for a bug
        return fail_unexpectedly(
            error, invocation.format_or_guess(), command=invocation.command, started=invocation.started
        )
    else:
        return outcome if isinstance(outcome, int) else invocation.exit_code
    return fail(failure, invocation.format_or_guess(), command=invocation.command, started=invocation.started)


def _usage(error: click.UsageError) -> UsageError:
    hints = [f"{error.ctx.command_path} --help"] if error.ctx else []
    return UsageError(error.format_message(), hints=hints)
