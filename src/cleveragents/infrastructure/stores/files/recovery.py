"""Bringing to an end what processes that were killed had begun."""

from __future__ import annotations

import os
from collections.abc import Iterator

from cleveragents.domain.report import Unreadable
from cleveragents.infrastructure.stores.files.moving import place
from cleveragents.infrastructure.stores.files.root import Root
from cleveragents.infrastructure.stores.files.side_folder import SideFolder

PURGE, RESTORE = "purge", "restore"


def recover(root: Root) -> Iterator[Unreadable]:
    """Undo what was not committed, finish what was, and name what cannot be."""
    for side in SideFolder.abandoned(root):
        try:
            is_done = side.is_done
            if not is_done:
                undo(root, side)
            yield from (
                Unreadable(now, f"lies there since a run of ours: something else is at {before!r} now")
                for before, now in side.kept()
            )
            side.remove(with_files=is_done or side.purpose == RESTORE)
        except OSError as error:
            yield Unreadable(
                side.name, f"what a run of ours left there cannot be tidied up: {error.strerror}"
            )


def undo(root: Root, side: SideFolder) -> None:
    """Put back what a purge took, or take back what a restore placed; last things first."""
    entries = list(side.journal())
    undone = _placed_again if side.purpose == PURGE else _taken_back
    for entry in reversed(entries):
        undone(root, side, entry)


def put_back(root: Root, side: SideFolder, number: str, path: str) -> bool:
    """Put back one thing; where something else is there now, both are kept, and it returns False."""
    if place(root, side.path_of(number), path):
        return True
    side.keep(number, path)
    return False


def _placed_again(root: Root, side: SideFolder, entry: list[str]) -> None:
    kind, number, path = [*entry, ""][:3]
    if kind == "moved" and root.has(side.path_of(number)):
        put_back(root, side, number, path)


def _taken_back(root: Root, _side: SideFolder, entry: list[str | int]) -> None:
    """Only what is still as it was placed: whatever anybody did with it since stays."""
    kind, path = str(entry[0]), str(entry[1])
    try:
        with root.parent(path) as (folder, name):
            if kind == "folder":
                os.rmdir(name, dir_fd=folder)
            elif kind == "file":
                status = os.stat(name, dir_fd=folder, follow_symlinks=False)
                if [status.st_ino, status.st_size, status.st_mtime_ns] == entry[2:]:
                    os.unlink(name, dir_fd=folder)
    except OSError:
        return  # it is not there, or not empty
