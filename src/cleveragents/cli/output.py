"""Answers and errors on stdout and stderr, in each format."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TextIO

from cleveragents.cli.answer import Answer, Format, Note
from cleveragents.cli.documents import json_pieces, yaml_pieces
from cleveragents.cli.text import shown
from cleveragents.domain.errors import AmbiguousSessionError, CleverAgentsError

if TYPE_CHECKING:
    from rich.console import RenderableType

_PLAIN_WIDTH = 10_000


def show(answer: Answer, format_: Format, *, command: str, milliseconds: int, quiet: bool) -> None:
    """Write the answer to stdout; notes for people go to stderr."""
    if format_.is_for_machines:
        write_document(envelope(answer, command=command, milliseconds=milliseconds), format_)
        return
    if answer.write is not None:
        answer.write(sys.stdout)
        sys.stdout.flush()
    elif not quiet or answer.exit_code:
        draw(answer.draw(format_ is Format.RICH), format_, sys.stdout)
    # Silence is for what went well: whatever needs a look is told.
    show_notes(
        note
        for note in answer.notes
        if (note.level != "error" or answer.error is None)
        and (not quiet or note.is_always_told or _needs_a_look(answer, note))
    )
    if answer.error is not None:
        show_failure(answer.error.message, answer.error.detail, answer.error.hints)


def _needs_a_look(answer: Answer, note: Note) -> bool:
    return bool(answer.exit_code) and note.level == "warn"


def show_notes(notes: Iterable[Note]) -> None:
    for note in notes:
        sys.stderr.write(f"{note.text}\n")


def draw(renderables: Iterable[RenderableType], format_: Format, stream: TextIO) -> None:
    from rich.console import Console

    if format_ is Format.RICH:
        console = Console(file=stream, highlight=False, markup=False, emoji=False)
        for renderable in renderables:
            console.print(renderable)
        return
    buffer = io.StringIO()
    console = Console(
        file=buffer, width=_PLAIN_WIDTH, color_system=None, highlight=False, markup=False, emoji=False
    )
    for renderable in renderables:
        console.print(renderable)
        stream.writelines(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())
        buffer.seek(0)
        buffer.truncate()
    stream.flush()


def envelope(answer: Answer, *, command: str, milliseconds: int) -> dict[str, Any]:
    return {
        "command": command,
        "status": answer.status,
        "exit_code": answer.exit_code,
        "data": answer.data,
        "timing": {"duration_ms": milliseconds},
        "messages": [{"level": note.level, "text": note.text} for note in answer.notes],
        **({"error": problem(answer.error)} if answer.error else {}),
    }


def problem(error: CleverAgentsError) -> dict[str, Any]:
    """An error as documents tell it."""
    told: dict[str, Any] = {
        "code": error.code,
        "message": error.message,
        "detail": error.detail,
        "suggestions": list(error.hints),
    }
    if isinstance(error, AmbiguousSessionError):
        told["matches"] = list(error.matches)
    return told


def write_document(document: Mapping[str, Any], format_: Format) -> None:
    """Write one JSON or YAML document to stdout, and nothing that a terminal would obey."""
    pieces = yaml_pieces if format_ is Format.YAML else json_pieces
    sys.stdout.writelines(pieces(document, unicode=_speaks_unicode()))
    sys.stdout.flush()


def show_failure(message: str, detail: str, hints: Iterable[str]) -> None:
    """Tell a person on stderr what happened, why, and what to do next."""
    lines = [f"Error: {shown(message)}"]
    if detail:
        lines.append(f"  {shown(detail)}")
    lines += [
        f"  → {shown(hint)}" if _speaks_unicode(sys.stderr) else f"  -> {shown(hint)}" for hint in hints
    ]
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()


def _speaks_unicode(stream: TextIO | None = None) -> bool:
    encoding = (stream or sys.stdout).encoding or ""
    return encoding.lower().replace("-", "") == "utf8"
