"""What a fresh process loads, as the interpreter itself tells it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence

_IMPORTED = re.compile(r"^import time:\s*\d+ \|\s*\d+ \|\s*(\S+)$", re.MULTILINE)


def modules_of(program: Sequence[str], variables: dict[str, str] | None = None) -> tuple[str, list[str]]:
    """Run `python` with these words to a good end; returns stdout and the names of what it loaded."""
    finished = subprocess.run(  # noqa: S603 - the words are a scenario's
        [sys.executable, "-X", "importtime", *program],
        capture_output=True,
        encoding="utf-8",
        env={**unmeasured(), **(variables or {})},
        timeout=60,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout, _IMPORTED.findall(finished.stderr)


def unmeasured() -> dict[str, str]:
    """The environment without what lets coverage measure a process: it loads modules of its own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_PROCESS")}


def among(loaded: list[str], package: str) -> list[str]:
    """Those of the loaded modules that are this one or inside it."""
    return [name for name in loaded if name == package or name.startswith(f"{package}.")]
