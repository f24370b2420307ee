"""Work in a forked process: to be killed, to run out of something, or to be somebody else."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

_CRASHED = 70


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: what its work returned, or the signal that killed it."""

    answer: Any
    killed: bool


def in_child(work: Callable[[], Any], *, kill_after: float | None = None) -> Ended:
    """Fork, work, and wait; raises where the work raised. The answer travels as JSON."""
    sys.stdout.flush()
    sys.stderr.flush()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _work_and_exit(work, writing)
    os.close(writing)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    with open(reading, encoding="utf-8") as pipe:  # noqa: PTH123 - a descriptor
        said = pipe.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == -signal.SIGKILL:
        return Ended(None, killed=True)
    if code:
        raise RuntimeError(f"The child ended with {code}: {said}")
    return Ended(json.loads(said), killed=False)


def kill_myself() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody survives that")


def _work_and_exit(work: Callable[[], Any], writing: int) -> NoReturn:
    """Leave without any tidying up: the parent's connections are not ours to close."""
    code = _CRASHED
    try:
        with open(writing, "w", encoding="utf-8") as pipe:
            try:
                json.dump(work(), pipe)
                code = 0
            except BaseException:  # noqa: BLE001 - the parent raises it
                pipe.write(traceback.format_exc())
    finally:
        os._exit(code)
