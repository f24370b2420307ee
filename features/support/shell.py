"""A real shell and a real terminal around the command, with the computer's clock."""

from __future__ import annotations

import fcntl
import os
import pty
import shutil
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from typing import Any

from support.driver import Driver

_AGENTS = 'agents() { "$AGENTS_PYTHON" -m cleveragents "$@"; }; set -o pipefail; '
# What lets root read and write whatever the permissions say.
_BEYOND_PERMISSIONS = "-dac_override,-dac_read_search"


def run_in_shell(
    driver: Driver, script: str, *, bound_by_permissions: bool = False, largest_file: int | None = None
) -> None:
    """Run a line of shell; `largest_file` in bytes stands in for a disk that is nearly full."""
    limit = f"ulimit -f {largest_file // 1024}; " if largest_file else ""
    finished = subprocess.run(  # noqa: S603 - the words are a scenario's
        [*(_without_privileges() if bound_by_permissions else ()), *_shell(limit + _AGENTS + script)],
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
        env=_environment(),
    )
    driver.exit_code, driver.stdout, driver.stderr = finished.returncode, finished.stdout, finished.stderr


def run_on_terminal(driver: Driver, script: str, *, columns: int) -> None:
    """Run a line of shell on a terminal of its own; both streams end up in `stdout`."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {"TERM": "xterm-256color", **_environment()}
    environment.pop("COLUMNS", None)
    process = subprocess.Popen(  # noqa: S603 - the words are a scenario's
        _shell(_AGENTS + script), stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    driver.stdout, driver.stderr = _read_to_the_end(ours), ""
    os.close(ours)
    driver.exit_code = process.wait(timeout=60)


def _read_to_the_end(descriptor: int) -> str:
    read = b""
    # A terminal whose last program has ended gives an error instead of nothing.
    with suppress(OSError):
        while piece := os.read(descriptor, 65_536):
            read += piece
    return read.decode()


def _environment() -> dict[str, Any]:
    return {**os.environ, "AGENTS_PYTHON": sys.executable}


def _shell(script: str) -> list[str]:
    return [shutil.which("bash") or "/bin/bash", "-c", script]


def _without_privileges() -> list[str]:
    """The superuser is bound by no permission; this makes one that is, where the system can."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0 or setpriv is None:
        return []
    return [setpriv, f"--bounding-set={_BEYOND_PERMISSIONS}", f"--inh-caps={_BEYOND_PERMISSIONS}"]
