"""One restore of files: written aside, then put where nothing is, all of them or none."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from types import TracebackType
from typing import Any, Self

from cleveragents.domain.errors import (
    ArchiveRefusedError,
    DatabaseBusyError,
    InterruptedRunError,
    PurgeMismatchError,
)
from cleveragents.domain.restored import NotRestored
from cleveragents.domain.stored import Dangling
from cleveragents.infrastructure.database.failures import interrupts_held_back
from cleveragents.infrastructure.stores.files.copying import COLUMNS, TABLE
from cleveragents.infrastructure.stores.files.failures import told_plainly
from cleveragents.infrastructure.stores.files.layout import FileLayout
from cleveragents.infrastructure.stores.files.moving import make_folders, place
from cleveragents.infrastructure.stores.files.recovery import RESTORE, undo
from cleveragents.infrastructure.stores.files.root import Root
from cleveragents.infrastructure.stores.files.side_folder import SideFolder
from cleveragents.infrastructure.stores.files.spool import Archived, Spool

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_AT_ONCE = 200
_PLAIN = 0o777
"""The bits of a mode that say who may do what; none of a restored file's others come back."""


class FilesReturn:
    def __init__(self, root: Root, layout: FileLayout) -> None:
        self._root = root
        self._layout = layout
        self._spool = Spool(root, layout)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._spool.close()

    def take(self, table: str, columns: Sequence[str], rows: Iterator[list[Any]], *, dangling: bool) -> int:
        if dangling or table != TABLE or tuple(columns) != COLUMNS:
            raise ArchiveRefusedError(
                f"The archive has rows {table!r} of another form than files have.",
                hints=["Nothing was changed."],
            )
        with told_plainly(self._root.path):
            return self._spool.take(rows)

    def leave_dangling(self) -> None:
        """Nothing dangles here."""

    def obstacles(self, session_ids: Iterable[str]) -> Mapping[str, NotRestored]:
        with told_plainly(self._root.path):
            pieces = self._layout.pieces(self._root)
            return {each: NotRestored.EXISTS for each in session_ids if pieces(each)}

    @contextmanager
    def putting_back(self, session_ids: Iterable[str]) -> Iterator[Dangling]:
        coming = list(session_ids)
        with told_plainly(self._root.path):
            side = SideFolder.made(self._root, RESTORE)
        try:
            with told_plainly(self._root.path):
                self._put_back(side, coming)
            yield Dangling()
        except BaseException as error:
            with interrupts_held_back(), told_plainly(self._root.path):
                undo(self._root, side)
                side.remove(with_files=True)
                side.close()
            if isinstance(error, KeyboardInterrupt):
                raise InterruptedRunError from error
            raise
        with interrupts_held_back(), told_plainly(self._root.path):
            side.finish()
            with suppress(OSError):  # the next run removes it
                side.remove(with_files=True)
            side.close()

    def _put_back(self, side: SideFolder, session_ids: Sequence[str]) -> None:
        missing = [each for each in session_ids if each not in self._spool.of_session]
        if missing:
            raise PurgeMismatchError(
                f"The archive holds no file of {len(missing):,} sessions; nothing was changed."
            )
        remaining = iter(session_ids)
        while batch := list(islice(remaining, _AT_ONCE)):
            self._place(side, [each for session_id in batch for each in self._spool.of_session[session_id]])
        os.sync()  # one for all files: one for each would take as long as thousands of writes

    def _place(self, side: SideFolder, archived: Sequence[Archived]) -> None:
        """What of a session went last comes first: nobody sees left-overs of one that is on its way."""
        folders = [each for each in archived if each.is_folder]
        numbered = [(side.number(), each) for each in reversed(archived) if not each.is_folder]
        notes = [self._write(side, number, each) for number, each in numbered]
        side.note([*(["folder", path] for path in self._missing_folders(archived)), *notes])
        for number, each in numbered:
            if not place(self._root, side.path_of(number), each.path):
                raise DatabaseBusyError(detail="A session of the archive was made in the meantime.")
        for each in folders:
            make_folders(self._root, each.path)
        for each in reversed(folders):
            with self._root.folder(each.path) as descriptor:
                _make_as_it_was(descriptor, each)

    def _missing_folders(self, archived: Iterable[Archived]) -> Iterator[str]:
        paths = {each.path if each.is_folder else each.path.rpartition("/")[0] for each in archived}
        parts = [path.split("/") for path in paths if path]
        whole = {"/".join(part[:end]) for part in parts for end in range(1, len(part) + 1)}
        return (path for path in sorted(whole) if not self._root.has(path))

    def _write(self, side: SideFolder, number: str, archived: Archived) -> list[Any]:
        """Write a file aside; returns by what it is known to be the one that was placed."""
        with self._root.parent(side.path_of(number)) as (folder, name):
            descriptor = os.open(name, _NEW, 0o600, dir_fd=folder)
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(self._spool.content(archived))
                file.flush()
                _make_as_it_was(file.fileno(), archived)
                status = os.fstat(file.fileno())
        return ["file", archived.path, status.st_ino, status.st_size, status.st_mtime_ns]


def _make_as_it_was(descriptor: int, archived: Archived) -> None:
    status = os.fstat(descriptor)
    if (status.st_uid, status.st_gid) != (archived.owner, archived.group):
        with suppress(PermissionError):  # whoever restores it owns it then
            os.fchown(descriptor, archived.owner, archived.group)
    os.fchmod(descriptor, archived.mode & _PLAIN)
    os.utime(descriptor, ns=(archived.mtime_ns, archived.mtime_ns))
