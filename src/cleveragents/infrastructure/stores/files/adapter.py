"""A folder of files as an adapter, whatever kind of sessions it holds."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from cleveragents.domain.errors import InterruptedRunError
from cleveragents.domain.preflight import Inspected
from cleveragents.domain.progress import Progress
from cleveragents.domain.stored import Recognised
from cleveragents.infrastructure.stores.files.failures import told_plainly
from cleveragents.infrastructure.stores.files.layout import LayoutOf
from cleveragents.infrastructure.stores.files.recovery import recover
from cleveragents.infrastructure.stores.files.returning import FilesReturn
from cleveragents.infrastructure.stores.files.root import Root
from cleveragents.infrastructure.stores.files.run import FilesRun


class FilesAdapter:
    """`layout_of` makes a new layout for each look; nothing is known from one look to the next."""

    def __init__(self, path: Path, layout_of: LayoutOf) -> None:
        self.path = Path(path).expanduser().absolute()
        self._layout_of = layout_of
        self._stopped = threading.Event()
        self._seen_bytes: int | None = None

    @property
    def displayed(self) -> str:
        return str(self.path)

    @property
    def identity(self) -> str:
        return str(self.path.resolve())

    @property
    def longest_lock(self) -> None:
        """Nobody waits for files."""

    def is_missing(self) -> bool:
        return not self.path.exists()

    def recognise(self) -> Recognised:
        with told_plainly(self.path), Root(self.path) as root:
            return self._layout_of(self.path).recognised(root)

    def owns(self, path: str) -> bool:
        return Path(path).is_relative_to(self.identity)

    def inspect(self) -> Inspected:
        """Nothing stands in the way of removing files; how large they are was seen by the scan, if any."""
        if self._seen_bytes is None:
            with told_plainly(self.path), Root(self.path) as root:
                self._seen_bytes = _size_of(root)
        return Inspected(size_bytes=self._seen_bytes)

    def hanging_tables(self) -> Sequence[str]:
        return ()

    def stop(self) -> None:
        self._stopped.set()

    def allow(self) -> None:
        self._stopped.clear()

    @contextmanager
    def running(self, progress: Progress) -> Iterator[FilesRun]:
        """What a run that was killed had begun is brought to an end first."""
        del progress
        with self._opened() as root:
            layout = self._layout_of(self.path)
            with told_plainly(self.path):
                layout.require(root)
                left = list(recover(root))
            run = FilesRun(root, layout, left, self._check)
            try:
                yield run
            finally:
                self._seen_bytes = run.seen_bytes or self._seen_bytes

    @contextmanager
    def returning(self, progress: Progress) -> Iterator[FilesReturn]:
        del progress
        with self._opened() as root:
            layout = self._layout_of(self.path)
            with told_plainly(self.path):
                layout.require(root)
                list(recover(root))
            with FilesReturn(root, layout) as returning:
                yield returning

    @contextmanager
    def _opened(self) -> Iterator[Root]:
        with told_plainly(self.path):
            root = Root(self.path)
        with root:
            yield root

    def _check(self) -> None:
        if self._stopped.is_set():
            raise InterruptedRunError


def _size_of(root: Root) -> int:
    """All files in the folder, by what the system says of them."""
    size = 0
    for _, _, names, folder in os.fwalk(".", dir_fd=root.descriptor):
        for name in names:
            with suppress(FileNotFoundError):
                size += os.stat(name, dir_fd=folder, follow_symlinks=False).st_size
    return size
