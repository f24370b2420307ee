"""One scan or purge of sessions that are files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from cleveragents.domain.archive import Section
from cleveragents.domain.errors import InterruptedRunError
from cleveragents.domain.ports import ArchiveWriter
from cleveragents.domain.report import SkipReason, Unreadable
from cleveragents.domain.stored import Chosen, Dangling, Deleted, StoredSession
from cleveragents.infrastructure.database.failures import interrupts_held_back
from cleveragents.infrastructure.stores.files.content import digest_in
from cleveragents.infrastructure.stores.files.copying import COLUMNS, TABLE, Copy
from cleveragents.infrastructure.stores.files.failures import told_plainly
from cleveragents.infrastructure.stores.files.layout import FileLayout
from cleveragents.infrastructure.stores.files.removing import Removal, existing
from cleveragents.infrastructure.stores.files.root import Root


class FilesRun:
    """`left` is what earlier runs left there; `check` raises what stops this one."""

    def __init__(
        self, root: Root, layout: FileLayout, left: Sequence[Unreadable], check: Callable[[], None]
    ) -> None:
        self._root = root
        self._layout = layout
        self._left = left
        self._check = check
        self._copied: Copy | None = None
        self.seen_bytes = 0
        self.was_interrupted = False

    def sessions(self, now: datetime) -> Iterator[StoredSession]:
        self.seen_bytes = 0
        with told_plainly(self._root.path):
            for session in self._layout.sessions(self._root, now):
                self._check()
                self.seen_bytes += session.content_bytes
                yield session

    @property
    def unreadable(self) -> Sequence[Unreadable]:
        return [*self._left, *self._layout.unreadable]

    def dangling(self, before: datetime) -> Dangling:
        """Nothing: what belongs to a session that is gone is a session of its own here."""
        del before
        return Dangling()

    def copy(
        self, chosen: Iterable[Chosen], writer: ArchiveWriter, dangling_before: datetime | None
    ) -> Mapping[str, SkipReason]:
        del dangling_before
        with told_plainly(self._root.path):
            copied = Copy(self._root, self._layout.pieces(self._root), self._check)
            writer.write(Section.ROWS, COLUMNS, copied.lines(chosen), table=TABLE)
        self._copied = copied
        return copied.left_out

    @contextmanager
    def deleting(
        self,
        chosen: Iterable[Chosen],
        dangling_before: datetime | None,
        *,
        rehearsal: bool,
        max_lock: timedelta | None,
    ) -> Iterator[Deleted]:
        del dangling_before
        removal = self._removal(max_lock)
        try:
            with told_plainly(self._root.path):
                if rehearsal:
                    removal.rehearse(chosen)
                else:
                    removal.take(chosen)
            yield Deleted(
                sessions=removal.sessions,
                skipped=removal.skipped,
                physical_bytes=removal.physical_bytes,
                lock_held_since=removal.began,
            )
        except BaseException as error:
            with interrupts_held_back(), told_plainly(self._root.path):
                removal.roll_back()
            if isinstance(error, KeyboardInterrupt):
                raise InterruptedRunError from error
            raise
        with interrupts_held_back() as held_back, told_plainly(self._root.path):
            removal.commit()
        self.was_interrupted = bool(held_back)

    def present(self, session_ids: Iterable[str]) -> Iterator[str]:
        with told_plainly(self._root.path):
            yield from existing(self._layout.pieces(self._root), session_ids)

    def _removal(self, max_lock: timedelta | None) -> Removal:
        copied, self._copied = self._copied, None
        return Removal(
            self._root,
            self._layout.pieces(self._root),
            in_use=self._layout.in_use(self._root),
            check=self._check,
            digest=copied.digest if copied else _digest_seen,
            max_lock=max_lock,
        )


def _digest_seen(chosen: Chosen) -> str:
    return digest_in(chosen.version)
