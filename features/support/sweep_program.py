"""`agents` with leases so short that a scenario can outlast them; it can kill itself at a moment of a purge.

python sweep_program.py MILLISECONDS MOMENT WORD...
"""

from __future__ import annotations

import os
import random
import re
import signal
import sys
import threading
import time
from datetime import timedelta
from typing import Any

from dependency_injector import providers
from sqlalchemy import Engine, event

from cleveragents.cli.app import run
from cleveragents.sweep_container import SweepContainer

_ENTRY = "INSERT INTO cleanup_runs"
_DELETE = "DELETE FROM sessions"
_LOOK_AFTERWARDS = re.compile(r"SELECT cleanup_victims\.session_id\s+FROM cleanup_victims JOIN sessions ON")
_SHORTLY = 0.004


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_soon() -> None:
    """At any moment of a commit."""
    time.sleep(random.uniform(0, _SHORTLY))  # noqa: S311 - any moment will do
    _die()


def _die_at(moment: str) -> None:
    writes_entry = False

    def statement(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        nonlocal writes_entry
        writes_entry = writes_entry or text.startswith(_ENTRY)
        if moment == "after-commit" and _LOOK_AFTERWARDS.match(text):
            _die()

    def deleted(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        if moment == "deleting" and text.startswith(_DELETE):
            _die()

    def commit(_connection: Any) -> None:
        if writes_entry and moment == "before-commit":
            _die()
        if writes_entry and moment == "in-commit":
            threading.Thread(target=_die_soon).start()

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "after_cursor_execute", deleted)
    event.listen(Engine, "commit", commit)


if __name__ == "__main__":
    milliseconds, moment, *words = sys.argv[1:]
    SweepContainer.lease.override(providers.Object(timedelta(milliseconds=int(milliseconds))))
    _die_at(moment)
    sys.exit(run(words))
