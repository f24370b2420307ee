"""Taking files away so that they can come back, and putting them back without overwriting anything."""

from __future__ import annotations

import os
from contextlib import suppress
from errno import EMLINK, ENOSYS, EOPNOTSUPP, EPERM
from stat import S_ISDIR

from cleveragents.infrastructure.stores.files.root import Root

_NO_LINKS = {EPERM, EOPNOTSUPP, ENOSYS, EMLINK}
_NEW_FOLDER = 0o700


def move(root: Root, source: str, target: str) -> None:
    """Rename to a name that nobody else uses."""
    with root.parent(source) as (from_folder, old), root.parent(target) as (to_folder, new):
        os.rename(old, new, src_dir_fd=from_folder, dst_dir_fd=to_folder)


def place(root: Root, source: str, target: str) -> bool:
    """Put something where nothing is; returns False where something is, and leaves both as they are."""
    make_folders(root, target.rpartition("/")[0])
    with root.parent(source) as (from_folder, old), root.parent(target) as (to_folder, new):
        if S_ISDIR(os.stat(old, dir_fd=from_folder, follow_symlinks=False).st_mode):
            try:
                # Over an empty folder it takes its place, which loses nothing.
                os.rename(old, new, src_dir_fd=from_folder, dst_dir_fd=to_folder)
            except OSError:
                if not root.has(target):
                    raise
                return False
            return True
        return _place_file(from_folder, old, to_folder, new)


def _place_file(from_folder: int, old: str, to_folder: int, new: str) -> bool:
    try:
        os.link(old, new, src_dir_fd=from_folder, dst_dir_fd=to_folder, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        with suppress(FileNotFoundError):
            os.stat(new, dir_fd=to_folder, follow_symlinks=False)
            return False
        os.rename(old, new, src_dir_fd=from_folder, dst_dir_fd=to_folder)
        return True
    os.unlink(old, dir_fd=from_folder)
    return True


def make_folders(root: Root, path: str) -> list[str]:
    """Make a folder and those that it lies in, where they are not there; returns those that were made."""
    made: list[str] = []
    parts = path.split("/") if path else []
    for end in range(1, len(parts) + 1):
        each = "/".join(parts[:end])
        with root.parent(each) as (folder, name), suppress(FileExistsError):
            os.mkdir(name, _NEW_FOLDER, dir_fd=folder)
            made.append(each)
    return made
