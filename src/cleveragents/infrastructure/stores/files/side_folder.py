"""A hidden folder beside the files, in which a purge or a restore keeps what is on its way.

It holds a `lock`, held as long as its process lives; a `journal` of what is, or is about to be, in `files`;
`done`, which is there as soon as the transaction is committed; and `kept`, what could not go back to where
it was because something else is there now. It lies on the same file system, so that nothing is copied.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Self

from cleveragents.infrastructure.stores.files.root import SIDE_FOLDER, Root

_NAME = re.compile(re.escape(SIDE_FOLDER) + r"[0-9a-f]{16}")
_LOCK, _JOURNAL, _DONE, _FILES, _KEPT = "lock", "journal", "done", "files", "kept"
_MADE = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW


class SideFolder:
    """Made and found by `made` and `abandoned`; closed, it is anybody's who finds it."""

    def __init__(self, root: Root, name: str, lock: int) -> None:
        self.name = name
        self._root = root
        self._lock = lock
        self._numbers = 0

    @classmethod
    def made(cls, root: Root, purpose: str) -> Self:
        while True:
            name = SIDE_FOLDER + secrets.token_hex(8)
            os.mkdir(name, 0o700, dir_fd=root.descriptor)
            # Whoever tidies up may take it for empty and remove it before it is locked.
            with suppress(FileNotFoundError):
                lock = _locked(root, name, _MADE)
                if lock is not None:
                    made = cls(root, name, lock)
                    try:
                        with root.folder(name) as descriptor:
                            os.mkdir(_FILES, 0o700, dir_fd=descriptor)
                        made.note([["purpose", purpose]])
                    except BaseException:
                        made.close()
                        raise
                    return made

    @classmethod
    def abandoned(cls, root: Root) -> Iterator[Self]:
        """Those whose process has ended; each is held while it is at hand."""
        names = [each.name for each in root.entries("") if _NAME.fullmatch(each.name)]
        for name in sorted(names):
            try:
                lock = _locked(root, name, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            except FileNotFoundError:
                with suppress(OSError):  # it holds something, or is gone
                    os.rmdir(name, dir_fd=root.descriptor)
                continue
            if lock is not None:
                found = cls(root, name, lock)
                try:
                    yield found
                finally:
                    found.close()

    @property
    def purpose(self) -> str:
        return next((entry[1] for entry in self.journal() if entry[0] == "purpose"), "")

    @property
    def is_done(self) -> bool:
        return self._root.has(f"{self.name}/{_DONE}")

    def number(self) -> str:
        """A new name for something in it."""
        self._numbers += 1
        return str(self._numbers)

    def path_of(self, number: str) -> str:
        return f"{self.name}/{_FILES}/{number}"

    def note(self, entries: Iterable[list[Any]]) -> None:
        """Add to the journal; once this returns, not even a loss of power undoes it."""
        # A process that was killed may have left half a line.
        text = "".join(f"\n{json.dumps(entry)}" for entry in entries).encode()
        with self._root.folder(self.name) as folder:
            file = os.open(_JOURNAL, _MADE | os.O_APPEND, 0o600, dir_fd=folder)
            try:
                while text:
                    text = text[os.write(file, text) :]
                os.fsync(file)
            finally:
                os.close(file)

    def journal(self) -> Iterator[list[Any]]:
        """What was noted."""
        try:
            with (
                self._root.opened(f"{self.name}/{_JOURNAL}") as descriptor,
                os.fdopen(os.dup(descriptor), "rb") as file,
            ):
                for line in file:
                    with suppress(ValueError):  # half a line: nothing was done about it
                        yield json.loads(line)
        except FileNotFoundError:
            return

    def finish(self) -> None:
        """The transaction is committed as soon as this returns."""
        with self._root.folder(self.name) as folder:
            os.close(os.open(_DONE, _MADE, 0o600, dir_fd=folder))
            os.fsync(folder)
        os.fsync(self._root.descriptor)

    def keep(self, number: str, path: str) -> None:
        """Something else is where it was: put it aside, so that neither is lost."""
        self.note([["kept", number, path]])
        with self._root.folder(self.name) as folder:
            with suppress(FileExistsError):
                os.mkdir(_KEPT, 0o700, dir_fd=folder)
            os.rename(f"{_FILES}/{number}", f"{_KEPT}/{number}", src_dir_fd=folder, dst_dir_fd=folder)

    def kept(self) -> Iterator[tuple[str, str]]:
        """Where something was, and where it lies now."""
        for entry in self.journal():
            if entry[0] == "kept" and self._root.has(now := f"{self.name}/{_KEPT}/{entry[1]}"):
                yield entry[2], now

    def remove(self, *, with_files: bool) -> None:
        """Remove all but what was kept; not `with_files`, it raises OSError while there is any file.

        Wherever this stops, whoever finds the rest can go on.
        """
        with self._root.folder(self.name) as folder:
            if with_files:
                _remove_tree(folder)
            else:
                with suppress(FileNotFoundError):
                    os.rmdir(_FILES, dir_fd=folder)
            if next(self.kept(), None) is not None:
                return
            # What says how to go on goes last.
            for name in (_JOURNAL, _DONE, _LOCK):
                with suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=folder)
            with suppress(FileNotFoundError):
                os.rmdir(_KEPT, dir_fd=folder)
        os.rmdir(self.name, dir_fd=self._root.descriptor)

    def close(self) -> None:
        os.close(self._lock)


def _locked(root: Root, name: str, flags: int) -> int | None:
    """Take the lock of a side folder; None where its process lives, or another one took it just now."""
    with root.folder(name) as folder:
        lock = os.open(_LOCK, flags, 0o600, dir_fd=folder)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            status = os.stat(_LOCK, dir_fd=folder, follow_symlinks=False)
            if status.st_ino == os.fstat(lock).st_ino:
                return lock
        except (BlockingIOError, FileNotFoundError):
            pass
    os.close(lock)
    return None


def _remove_tree(folder: int) -> None:
    try:
        shutil.rmtree(_FILES, dir_fd=folder)
    except FileNotFoundError:
        return
    except PermissionError:
        # Folders that nobody may write hold what they hold; their owner may change that.
        for _, _, _, descriptor in os.fwalk(_FILES, dir_fd=folder):
            os.fchmod(descriptor, 0o700)
        shutil.rmtree(_FILES, dir_fd=folder)
