"""A virtual environment of its own for each version of a library, made once and kept in a cache folder."""

from __future__ import annotations

import shutil
import subprocess
import time
import venv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_cache_path

DEFAULT_FOLDER = user_cache_path("cleveragents", appauthor=False) / "libraries"
_READY = "ready"
_LONGEST = 900
_MIB = 2**20


class NotInstalledError(Exception):
    """A library that cannot be had, and the last words of who tried to install it."""


@dataclass(slots=True)
class Installations:
    folder: Path
    made: list[str] = field(default_factory=list)
    """What was installed by this run: the environment, its seconds and its size."""

    def python_of(self, name: str, requirements: Sequence[str]) -> Path:
        """The Python of an environment that holds what is required, made where it is not there yet."""
        place = self.folder / name
        python = place / "bin" / "python"
        ready = place / _READY
        if not (ready.exists() and ready.read_text() in {"", _said(requirements)}):
            self._make(place, python, requirements)
            ready.write_text(_said(requirements))
        return python

    def _make(self, place: Path, python: Path, requirements: Sequence[str]) -> None:
        print(f"Making {place} with {', '.join(requirements)} …", flush=True)
        began = time.monotonic()
        try:
            venv.create(place, with_pip=True, clear=True)
            command = [str(python), "-m", "pip", "install", "--quiet", *requirements]
            subprocess.run(command, check=True, capture_output=True, text=True, timeout=_LONGEST)  # noqa: S603 - our own command
        except (OSError, subprocess.SubprocessError) as error:
            shutil.rmtree(place, ignore_errors=True)
            told = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
            raise NotInstalledError(f"{place.name}: {told[-1] if told else error}") from error
        seconds = time.monotonic() - began
        self.made.append(f"{place.name}: {seconds:.0f} s, {_size(place) / _MIB:.0f} MiB")


def _said(requirements: Sequence[str]) -> str:
    return "\n".join(requirements)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
