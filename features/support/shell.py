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

from support.backends import SqliteDatabase
from support.driver import Driver

_AGENTS = 'agents() { "$AGENTS_PYTHON" -m cleveragents "$@"; }; set -o pipefail; '
_TERMINAL_COLUMNS = 100


def run_in_shell(
    driver: Driver, script: str, *, bound_by_permissions: bool = False, largest_file: int | None = None
) -> None:
    """Run a line of shell; `largest_file` in bytes stands in for a disk that is nearly full."""
    limit = f"ulimit -f {largest_file // 1024}; " if largest_file else ""
    finished = subprocess.run(  # noqa: S603 - the words are a scenario's
        [*(_without_privileges(driver) if bound_by_permissions else ()), *_shell(limit + _AGENTS + script)],
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
        env=_environment(),
    )
    driver.exit_code, driver.stdout, driver.stderr = finished.returncode, finished.stdout, finished.stderr


def run_on_terminal(
    driver: Driver, script: str, *, answer: bytes = b"", when_shown: bytes = b"[y/N]"
) -> None:
    """Run a line of shell on a terminal of its own; both streams end up in `stdout`.

    `answer` is typed at the first question, or when something else is shown: an answer with its line
    end, or Ctrl-C, which is byte 3.
    """
    program, environment = _shell(_AGENTS + script), {"TERM": "xterm-256color", **_environment()}
    environment.pop("COLUMNS", None)
    process, terminal = pty.fork()
    if process == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, _TERMINAL_COLUMNS, 0, 0))
        os.execve(program[0], program, environment)  # noqa: S606 - a shell is what this is about
    driver.stdout, driver.stderr = _converse(terminal, answer, when_shown), ""
    os.close(terminal)
    driver.exit_code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _converse(terminal: int, answer: bytes, when_shown: bytes) -> str:
    """Read to the end, and answer on the way."""
    read = b""
    # A terminal whose last program has ended gives an error instead of nothing.
    with suppress(OSError):
        while piece := os.read(terminal, 65_536):
            read += piece
            if answer and when_shown in read:
                os.write(terminal, answer)
                answer = b""
    return read.decode()


def _environment() -> dict[str, Any]:
    return {**os.environ, "AGENTS_PYTHON": sys.executable}


def _shell(script: str) -> list[str]:
    return [shutil.which("bash") or "/bin/bash", "-c", script]


def _without_privileges(driver: Driver) -> list[str]:
    """The superuser is bound by no permission; this makes one that is, where the system can."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0 or setpriv is None:
        return []
    # A server started by the superuser has its socket where only this right leads.
    is_embedded = isinstance(driver.database, SqliteDatabase)
    rights = "-dac_override,-dac_read_search" if is_embedded else "-dac_override"
    return [setpriv, f"--bounding-set={rights}", f"--inh-caps={rights}"]
