"""One run of the command, from its words to its answer."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cleveragents.cli.answer import Answer, Format
from cleveragents.domain.masking import masked

if TYPE_CHECKING:
    from cleveragents.container import Container


def database_option(url: str | None, store: str | None = None) -> str:
    """How a suggested command names the database, or store, that this one was told; passwords are masked."""
    if store:
        return f" --store {shlex.quote(masked(store))}"
    return f" --database-url {shlex.quote(masked(url))}" if url else ""


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

    def repeated_with(self, words: Sequence[str]) -> str:
        """The same command line with one option more, as a shell takes it; passwords are masked."""
        option = words[0]
        kept: list[str] = []
        remaining = iter(self.argv)
        for word in remaining:
            if word == option:
                next(remaining, None)
            elif not word.startswith(f"{option}="):
                kept.append(masked(word))
        end = kept.index("--") if "--" in kept else len(kept)
        return shlex.join(["agents", *kept[:end], *words, *kept[end:]])

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
