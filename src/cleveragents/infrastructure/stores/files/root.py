"""A folder held open: whatever is in it is reached from there, and never by way of a symbolic link."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

SIDE_FOLDER = ".cleveragents-"
"""How the folders begin in which a purge or a restore of ours keeps what is on its way."""
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Without O_NONBLOCK a pipe with the name of a session would be waited for.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_DEEPEST = 50
_LONGEST_NAME = 255


class NotPlainError(OSError):
    """Something that is neither a file nor a folder, or a folder in too many others."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """By what a file, or a folder, is known to be as it was; `path` is relative to the root."""

    path: str
    mode: int
    inode: int
    size: int
    blocks: int
    mtime_ns: int
    owner: int
    group: int

    @classmethod
    def of(cls, path: str, status: os.stat_result) -> Self:
        is_folder = stat.S_ISDIR(status.st_mode)
        if not is_folder and not stat.S_ISREG(status.st_mode):
            raise NotPlainError(0, "is neither a file nor a folder", path)
        return cls(
            path=path,
            mode=status.st_mode,
            inode=status.st_ino,
            size=0 if is_folder else status.st_size,
            blocks=status.st_blocks,
            mtime_ns=status.st_mtime_ns,
            owner=status.st_uid,
            group=status.st_gid,
        )

    @property
    def is_folder(self) -> bool:
        return stat.S_ISDIR(self.mode)

    @property
    def mark(self) -> tuple[bool, int, int, int]:
        """What changes as soon as anybody writes; renaming leaves it as it is."""
        return self.is_folder, self.inode, self.size, self.mtime_ns


class Root:
    """Paths are relative to it, with slashes. Every method raises OSError where something is not there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # The folder itself may be a symbolic link: that is how its owner named it.
        self.descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self.descriptor)

    @contextmanager
    def folder(self, path: str) -> Iterator[int]:
        """The descriptor of a folder, for the length of the block."""
        if not path:
            yield self.descriptor
            return
        with self.parent(path) as (parent, name):
            descriptor = os.open(name, _FOLDER, dir_fd=parent)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def parent(self, path: str) -> AbstractContextManager[tuple[int, str]]:
        """The descriptor of the folder that something is in, and its name there."""
        if "/" not in path:
            return nullcontext((self.descriptor, path))
        return self._parent(path)

    def entries(self, path: str) -> Iterator[os.DirEntry[str]]:
        """What is in a folder, in no order; ask an entry nothing that would follow a link."""
        with self.folder(path) as descriptor, os.scandir(descriptor) as found:
            yield from found

    def stamp(self, path: str) -> Stamp:
        with self.parent(path) as (parent, name):
            return Stamp.of(path, os.stat(name, dir_fd=parent, follow_symlinks=False))

    def has(self, path: str) -> bool:
        try:
            with self.parent(path) as (parent, name):
                os.stat(name, dir_fd=parent, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True

    def is_link(self, path: str) -> bool:
        with self.parent(path) as (parent, name):
            return stat.S_ISLNK(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode)

    def walk(self, path: str) -> Iterator[Stamp]:
        """A file; or a folder and then all that is in it, each folder before what it holds."""
        with self.parent(path) as (parent, name):
            yield from _walk(parent, name, path, 0)

    @contextmanager
    def opened(self, path: str) -> Iterator[int]:
        """The descriptor of a file that can be read; raises NotPlainError where it is none."""
        with self.parent(path) as (parent, name):
            descriptor = os.open(name, _FILE, dir_fd=parent)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    @contextmanager
    def _parent(self, path: str) -> Iterator[tuple[int, str]]:
        above, _, name = path.rpartition("/")
        with self.folder(above) as descriptor:
            yield descriptor, name


def _walk(parent: int, name: str, path: str, depth: int) -> Iterator[Stamp]:
    stamp = Stamp.of(path, os.stat(name, dir_fd=parent, follow_symlinks=False))
    yield stamp
    if not stamp.is_folder:
        return
    if depth == _DEEPEST:
        raise NotPlainError(0, "lies in too many folders", path)
    descriptor = os.open(name, _FOLDER, dir_fd=parent)
    try:
        for each in sorted(os.listdir(descriptor)):  # noqa: PTH208 - a descriptor is no path
            yield from _walk(descriptor, each, f"{path}/{each}", depth + 1)
    finally:
        os.close(descriptor)


def is_safe(path: str) -> bool:
    """Whether a relative path leads nowhere but to something in the folder."""
    parts = path.split("/")
    return "\0" not in path and all(
        part not in {"", ".", ".."}
        and not part.startswith(SIDE_FOLDER)
        and len(os.fsencode(part)) <= _LONGEST_NAME
        for part in parts
    )
