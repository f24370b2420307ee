"""One restore into a foreign store: the archive is sorted out here, the adapter puts rows back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from cleveragents.domain.archive import Section
from cleveragents.domain.errors import CleverAgentsError, LedgerBehindError
from cleveragents.domain.ports import ArchiveReader, Ledger
from cleveragents.domain.ports.adapters import StoreReturn
from cleveragents.domain.progress import Progress, Stage, counted_in
from cleveragents.domain.report import SKIPS_NAMED
from cleveragents.domain.restored import NotRestored, Restored
from cleveragents.infrastructure.database.store import SqlSessionStore


@dataclass(frozen=True, slots=True)
class _Size:
    messages: int
    content_bytes: int


class AdaptedRestoration:
    def __init__(self, returning: StoreReturn, book: SqlSessionStore, progress: Progress) -> None:
        self._returning = returning
        self._book = book
        self._progress = progress
        self._sizes: dict[str, _Size] = {}
        self._dangling = 0

    def load(self, reader: ArchiveReader, rows: int) -> None:
        with self._progress.stage(Stage.READ_ARCHIVE, rows) as step:
            for heading, found in reader.sections():
                counted = counted_in(step, found)
                if heading.section is Section.SESSIONS:
                    self._sizes = dict(_sizes(heading.columns, counted))
                elif heading.section is Section.STILL_ALIVE:
                    for (session_id,) in counted:
                        self._sizes.pop(session_id, None)
                else:
                    dangling = heading.section is Section.DANGLING_MESSAGES
                    taken = self._returning.take(heading.table, heading.columns, counted, dangling=dangling)
                    self._dangling += taken if dangling else 0

    def narrow_to(self, session_ids: Sequence[str]) -> Sequence[str]:
        wanted = dict.fromkeys(session_ids)
        missing = [each for each in wanted if each not in self._sizes]
        self._sizes = {each: self._sizes[each] for each in wanted if each in self._sizes}
        self._dangling = 0
        self._returning.leave_dangling()
        return sorted(missing)

    def preview(self) -> Restored:
        restored = self._restored(self._returning.obstacles(self._sizes))
        return replace(restored, dangling_messages=self._dangling)

    @contextmanager
    def putting_back(self) -> Iterator[tuple[Restored, Ledger]]:
        obstacles = self._returning.obstacles(self._sizes)
        is_committed = False
        try:
            with self._book.writing() as work, self._progress.stage(Stage.RESTORE, None):
                coming = [each for each in self._sizes if each not in obstacles]
                with self._returning.putting_back(coming) as dangling:
                    restored = replace(
                        self._restored(obstacles),
                        dangling_messages=dangling.messages,
                        dangling_left_out=self._dangling - dangling.messages,
                    )
                    yield restored, work.ledger
                is_committed = True
                work.commit()
        except CleverAgentsError as error:
            if is_committed:
                raise LedgerBehindError("of this restore", error.message) from error
            raise

    def _restored(self, obstacles: Mapping[str, NotRestored]) -> Restored:
        coming = [size for each, size in self._sizes.items() if each not in obstacles]
        counts: dict[NotRestored, int] = {}
        for why in obstacles.values():
            counts[why] = counts.get(why, 0) + 1
        return Restored(
            sessions=len(coming),
            messages=sum(size.messages for size in coming),
            content_bytes=sum(size.content_bytes for size in coming),
            skipped=tuple(sorted(obstacles.items())[:SKIPS_NAMED]),
            skipped_by_reason=counts,
        )


def _sizes(columns: Sequence[str], rows: Iterator[list[Any]]) -> Iterator[tuple[str, _Size]]:
    places = [columns.index(name) for name in ("session_id", "message_count", "content_bytes")]
    for row in rows:
        session_id, messages, content_bytes = (row[place] for place in places)
        yield session_id, _Size(messages, content_bytes)
