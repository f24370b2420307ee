"""How much memory a command needs at most, as the kernel remembers it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile

_PROGRAM = """
import sys
from pathlib import Path
from cleveragents.cli.app import run
code = run(sys.argv[1:])
sys.stdout.flush()
print(Path("/proc/self/status").read_text(), file=sys.stderr)
sys.exit(code)
"""
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


def peak_of(argv: list[str]) -> int:
    """Run a command in a process of its own to a good end; returns its peak in bytes.

    What it answers goes to a file, so that this process need not hold it.
    """
    with tempfile.TemporaryFile() as answer:
        finished = subprocess.run(  # noqa: S603 - the words are a scenario's
            [sys.executable, "-c", _PROGRAM, *argv],
            stdout=answer,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=os.environ,
            timeout=300,
            check=False,
        )
    assert finished.returncode == 0, finished.stderr
    found = _PEAK.search(finished.stderr)
    assert found is not None, finished.stderr
    return int(found[1]) * 1024
