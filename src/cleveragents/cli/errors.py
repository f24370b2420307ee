"""Every failure ends here: one message, one exit code, one valid document."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

from cleveragents.cli.answer import Answer, Format
from cleveragents.cli.invocation import Invocation
from cleveragents.cli.output import draw, problem, show_failure, write_document
from cleveragents.domain.errors import CleverAgentsError, PurgeRefusedError


def fail(error: CleverAgentsError, invocation: Invocation) -> int:
    """Tell what went wrong and return the exit code."""
    format_ = invocation.format_or_guess()
    if isinstance(error, PurgeRefusedError) and error.remedy:
        command = invocation.repeated_with(error.remedy)
        password = " (put the password back where *** stands)" if "***" in command else ""
        error.hints = (f"To allow it: {command}{password}", *error.hints)
    if format_.is_for_machines:
        try:
            write_document(_envelope(error, invocation), format_)
        except BrokenPipeError:
            raise
        except OSError as full:
            show_failure(error.message, f"The answer could not be written either: {full}.", error.hints)
    else:
        show_failure(error.message, error.detail, error.hints)
    return error.exit_code


def fail_unexpectedly(error: Exception, invocation: Invocation) -> int:
    """Answer in the format asked for even where the program itself is wrong; the traceback follows."""
    import traceback

    bug = CleverAgentsError(
        f"Unexpected {type(error).__name__}; this is a bug in cleveragents. Nothing half-done was kept.",
        detail=str(error),
    )
    exit_code = fail(bug, invocation)
    traceback.print_exception(error, file=sys.stderr)
    return exit_code


def fail_to_show(answer: Answer, error: Exception) -> int:
    """Say on stderr what was done, where stdout could not take the answer."""
    show_failure(
        "What the command had to do is done, but its answer could not be written.",
        str(error),
        ["What it did stands below."],
    )
    with suppress(OSError, ValueError):
        draw(answer.draw(False), Format.PLAIN, sys.stderr)
    return CleverAgentsError.exit_code


def _envelope(error: CleverAgentsError, invocation: Invocation) -> dict[str, Any]:
    return {
        "command": invocation.command,
        "status": "error",
        "exit_code": error.exit_code,
        "data": None,
        "timing": {"duration_ms": invocation.milliseconds},
        "messages": [{"level": "error", "text": error.message}],
        "error": problem(error),
    }
