"""The command line: which words there are, and how a run of them ends."""

from __future__ import annotations

import os
import sys
from functools import cache
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cleveragents import __version__
from cleveragents.cli.commands import cleanup, db, demo, forecast, log, policy, restore, session, store, sweep
from cleveragents.cli.errors import fail, fail_to_show, fail_unexpectedly
from cleveragents.cli.invocation import Invocation
from cleveragents.domain.errors import CleverAgentsError, InterruptedRunError, UsageError

if TYPE_CHECKING:
    from cleveragents.cli.answer import Answer
    from cleveragents.container import Container

app = typer.Typer(
    name="agents",
    help="Find the agent sessions nobody will come back to, and remove them safely.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done · 1 error · 2 usage · 3 not found · 4 conflict · "
    "5 refused by a safety brake · "
    "6 finished with skips or failures · 7 another process holds the lock · 130 interrupted.",
)
cleanup.app.command("forecast")(forecast.forecast)
cleanup.app.command("policy")(policy.policy)
cleanup.app.command("restore")(restore.restore)
cleanup.app.command("archives")(restore.archives)
cleanup.app.command("log")(log.log)
cleanup.app.command("watch")(sweep.watch)
cleanup.app.command("pause")(sweep.pause)
cleanup.app.command("resume")(sweep.resume)
cleanup.app.command("status")(sweep.status)
app.add_typer(cleanup.app, name="cleanup")
app.add_typer(session.app, name="session")
app.add_typer(store.app, name="store")
app.add_typer(db.app, name="db")
app.command("demo")(demo.demo)

# Once, for programs that run more than one command line: it takes as long as many a command.
_command = cache(typer.main.get_command)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - Typer's signature
    if wanted:
        typer.echo(f"agents {__version__}")
        raise typer.Exit


@app.callback()
def agents(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, metavar="", help="Show the version and stop."
        ),
    ] = False,
) -> None:
    del version


def run(argv: list[str], container: Container | None = None) -> int:
    """Run one command line and return its exit code; `container` replaces the one it would make."""
    _prepare_streams()
    invocation = Invocation(argv, container)
    try:
        return _run(invocation)
    except BrokenPipeError:
        # The reader of our output went away (`| head`); what the command did, it did.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return invocation.answer.exit_code if invocation.answer else CleverAgentsError.exit_code
    finally:
        if invocation.container is not None:
            invocation.container.shutdown_resources()


def _prepare_streams() -> None:
    """Let a command run whatever its streams are like; some daemons start them closed."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - until the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that cannot show a character gets its number instead; no answer fails for that.
            stream.reconfigure(errors="backslashreplace")


def _run(invocation: Invocation) -> int:
    try:
        exit_code = _carry_out(invocation)
    except CleverAgentsError as error:
        return fail(error, invocation)
    except typer.TyperException as error:
        if not str(error):  # the help was shown instead, because no command was named
            return UsageError.exit_code
        return fail(_usage(error, invocation), invocation)
    except KeyboardInterrupt:
        if invocation.answer is None:
            return fail(InterruptedRunError("Interrupted before anything was done."), invocation)
        exit_code = invocation.answer.exit_code
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: one valid document even for a bug
        return fail_unexpectedly(error, invocation)
    return _show(invocation.answer, invocation) if invocation.answer else exit_code


def _carry_out(invocation: Invocation) -> int:
    outcome = _command(app).main(invocation.argv, prog_name="agents", standalone_mode=False, obj=invocation)
    return outcome if isinstance(outcome, int) else 0


def _show(answer: Answer, invocation: Invocation) -> int:
    """Show the answer in the format asked for and return its exit code; by now the work is done."""
    from cleveragents.cli import output

    try:
        output.show(
            answer,
            invocation.format_or_guess(),
            command=invocation.command,
            milliseconds=invocation.milliseconds,
            quiet=invocation.quiet,
        )
    except KeyboardInterrupt:
        return fail(InterruptedRunError("Interrupted while the answer was being shown."), invocation)
    except CleverAgentsError as error:  # what is read while it is written, as an export is
        return fail(error, invocation)
    except BrokenPipeError:
        raise
    except (OSError, ValueError, TypeError) as error:
        return fail_to_show(answer, error)
    return answer.exit_code


def _usage(error: typer.TyperException, invocation: Invocation) -> UsageError:
    context: typer.Context | None = getattr(error, "ctx", None)
    if context is not None:
        invocation.command = context.command_path.removeprefix("agents ")
    message = error.format_message().replace("Value error, ", "")
    return UsageError(message, hints=[f"{context.command_path} --help"] if context else [])
