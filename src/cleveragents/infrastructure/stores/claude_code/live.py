"""Which sessions a running Claude Code says that it works on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

from cleveragents.infrastructure.stores.files.root import Root

_FOLDER = "sessions"
_SUFFIX = ".json"
_LARGEST = 1024 * 1024


def sessions_in_use(root: Root) -> set[str]:
    """By the files that it keeps for each of its processes; those of processes that ended say nothing."""
    return set(_named_by_processes(root))


def _named_by_processes(root: Root) -> Iterator[str]:
    try:
        names = [entry.name for entry in root.entries(_FOLDER)]
    except OSError:
        return
    for name in names:
        number = name.removesuffix(_SUFFIX)
        if number != name and number.isdecimal() and _is_alive(int(number)):
            yield from _named_in(root, f"{_FOLDER}/{name}")


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _named_in(root: Root, path: str) -> Iterator[str]:
    try:
        with root.opened(path) as descriptor:
            told = json.loads(os.read(descriptor, _LARGEST))
    except (OSError, ValueError):
        return
    if isinstance(told, dict) and isinstance(told.get("sessionId"), str):
        yield told["sessionId"]
