"""Reads the command lines of files for service managers as the program itself reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import generate_reference
import typer
from sqlalchemy import make_url

from cleveragents.cli.app import app
from cleveragents.domain.duration import parse_duration
from cleveragents.domain.errors import CleverAgentsError, UsageError
from cleveragents.settings.fields import PREFIX, Settings
from cleveragents.settings.loading import load_settings

BESIDES_GRACE = timedelta(seconds=10)
"""How long a rollback, and the end of the process, may take after the grace."""


@dataclass(frozen=True)
class Line:
    """One command line; `writable` are the folders that its process may write to, None for all."""

    words: Sequence[str]
    environment: Mapping[str, str]
    writable: Sequence[str] | None = None
    stop_after: timedelta | None = None
    """How long whoever stops the process waits before killing it."""

    @property
    def is_sweep(self) -> bool:
        return list(self.words[:3]) == ["agents", "cleanup", "watch"]

    @property
    def is_single(self) -> bool:
        return "--once" in self.words


def wrong_in(line: Line) -> Iterator[str]:
    """What the program would refuse, or could not do where it runs."""
    said = " ".join(line.words)
    try:
        settings = _settings(line)
    except typer.TyperException as error:
        yield f"{said}: {error.format_message()}"
        return
    except CleverAgentsError as error:
        yield f"{said}: {error.message}"
        return
    if not line.is_sweep:
        return
    if line.stop_after is not None and line.stop_after < settings.sweep_grace + BESIDES_GRACE:
        yield f"{said}: it is killed after {line.stop_after}, too soon after its grace"
    if line.is_single and settings.sweep_metrics_port is not None:
        yield f"{said}: it shows metrics at a port, and ends"
    for path in _written(settings) if line.writable is not None else ():
        if not any(path.is_relative_to(folder) for folder in line.writable or ()):
            yield f"{said}: it may not write {path}"


def _settings(line: Line) -> Settings:
    if line.words[0] != "agents":
        raise UsageError(f"{line.words[0]} is not this program")
    command, rest = typer.main.get_command(app), list(line.words[1:])
    while rest and rest[0] in getattr(command, "commands", {}):
        command = command.commands[rest.pop(0)]
    context = command.make_context(line.words[0], rest)
    for option in command.params:
        value = context.params.get(option.name)
        if option.metavar == "DURATION" and value and not generate_reference.setting_of(option):
            parse_duration(value)
    flags = {
        setting: value
        for option in command.params
        if (setting := generate_reference.setting_of(option)) and (value := context.params[option.name])
    }
    # The settings of whoever runs this check are not those of the files.
    others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    others["XDG_CONFIG_HOME"] = "/nonexistent"
    with patch.dict(os.environ, {**others, **line.environment}, clear=True):
        return load_settings(flags).settings


def _written(settings: Settings) -> Iterator[Path]:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        yield Path(str(url.database))
    elif settings.cleanup_archive and settings.cleanup_archive_folder is None:
        raise SystemExit("A file for a server's database names no folder for archives.")
    if settings.cleanup_archive_folder is not None:
        yield settings.cleanup_archive_folder
    if settings.sweep_metrics_file is not None:
        yield settings.sweep_metrics_file
