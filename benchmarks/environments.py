"""Environments of their own for what is compared with us and is no dependency of ours."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from platformdirs import user_cache_path

DEFAULT_FOLDER = user_cache_path("cleveragents", appauthor=False) / "benchmarks"
_READY = "ready"
_LONGEST = 900


def python_with(folder: Path, *packages: str) -> str | None:
    """The Python of an environment that holds the packages, made where it is not there yet.

    None, with a word about it, where they cannot be had.
    """
    place = folder / packages[0].partition("[")[0]
    python = place / "bin" / "python"
    if (place / _READY).exists():
        return str(python)
    print(f"Making {place} with {', '.join(packages)} …", flush=True)
    try:
        venv.create(place, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", *packages]
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=_LONGEST)  # noqa: S603 - our own command
    except (OSError, subprocess.SubprocessError) as error:
        told = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
        print(f"Left out: {packages[0]} cannot be had: {told[-1] if told else error}\n", file=sys.stderr)
        return None
    (place / _READY).touch()
    return str(python)
