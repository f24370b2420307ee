"""A real pseudo terminal: what a person types, and what a person sees."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from dataclasses import dataclass

import pyte
from robot.api.deco import keyword

_COLUMNS, _LINES = 120, 60
_PATIENCE = 60.0
_QUESTION = b"[y/N]:"


@dataclass(frozen=True)
class Sitting:
    """`sent` is every byte that the terminal got, `screen` what it then showed."""

    rc: int
    sent: str
    screen: str


@keyword
def sit_at_terminal(*words: str, types: str = "", environment: dict[str, str] | None = None) -> Sitting:
    """Run a command on a terminal; `types` is typed as soon as the command asks."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", _LINES, _COLUMNS, 0, 0))
    env = {**os.environ, "TERM": "xterm-256color", **(environment or {})}
    process = subprocess.Popen(  # noqa: S603 - the command under test
        words, stdin=theirs, stdout=theirs, stderr=theirs, env=env, close_fds=True, start_new_session=True
    )
    os.close(theirs)
    try:
        sent = _conversation(ours, types.encode())
        return Sitting(process.wait(timeout=_PATIENCE), sent.decode(), _seen(sent))
    finally:
        os.close(ours)
        process.kill()
        process.wait()


def _conversation(terminal: int, answer: bytes) -> bytes:
    sent = b""
    has_answered = not answer
    deadline = time.monotonic() + _PATIENCE
    while piece := _read(terminal, deadline):
        sent += piece
        if not has_answered and _QUESTION in sent:
            os.write(terminal, answer + b"\n")
            has_answered = True
    assert has_answered, f"Nothing was asked:\n{sent.decode()}"
    return sent


def _read(terminal: int, deadline: float) -> bytes:
    """Return what was written next; nothing once the other end is closed."""
    ready, _, _ = select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))
    if not ready:
        raise TimeoutError("The command on the terminal neither ended nor said anything.")
    try:
        return os.read(terminal, 65_536)
    except OSError:  # Linux's way to say that the other end is closed
        return b""


def _seen(sent: bytes) -> str:
    screen = pyte.Screen(_COLUMNS, _LINES)
    pyte.ByteStream(screen).feed(sent)
    return "\n".join(line.rstrip() for line in screen.display).rstrip()
