"""Every failure ends here: one message, one exit code, one valid document."""

from __future__ import annotations

import sys
import time
from typing import Any

from cleveragents.cli.answer import Format
from cleveragents.cli.output import show_failure, write_document
from cleveragents.domain.errors import AmbiguousSessionError, CleverAgentsError


def fail(error: CleverAgentsError, format_: Format, *, command: str, started: float) -> int:
    """Tell what went wrong and return the exit code."""
    if format_.is_for_machines:
        write_document(_envelope(error, command, started), format_)
    else:
        show_failure(error.message, error.detail, error.hints)
    return error.exit_code


def fail_unexpectedly(error: Exception, format_: Format, *, command: str, started: float) -> int:
    """Answer in the format asked for even where the program itself is wrong; the traceback follows."""
    import traceback

    bug = CleverAgentsError(
        f"Unexpected {type(error).__name__}; this is a bug in cleveragents. Nothing half-done was kept.",
        detail=str(error),
    )
    if format_.is_for_machines:
        write_document(_envelope(bug, command, started), format_)
    traceback.print_exception(error, file=sys.stderr)
    return bug.exit_code


def _envelope(error: CleverAgentsError, command: str, started: float) -> dict[str, Any]:
    problem: dict[str, Any] = {
        "code": error.code,
        "message": error.message,
        "detail": error.detail,
        "suggestions": list(error.hints),
    }
    if isinstance(error, AmbiguousSessionError):
        problem["matches"] = list(error.matches)
    return {
        "command": command,
        "status": "error",
        "exit_code": error.exit_code,
        "data": None,
        "timing": {"duration_ms": round((time.monotonic() - started) * 1000)},
        "messages": [{"level": "error", "text": error.message}],
        "error": problem,
    }
