"""One scan or purge of a foreign database that a layout describes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice

from sqlalchemy import Connection, func, select

from cleveragents.domain.ports import ArchiveWriter
from cleveragents.domain.report import SkipReason, Unreadable
from cleveragents.domain.stored import Chosen, Dangling, Deleted, StoredSession
from cleveragents.infrastructure.database.edited import moment_of
from cleveragents.infrastructure.database.failures import committing, rolling_back
from cleveragents.infrastructure.database.footprint import free_bytes, size_of_file
from cleveragents.infrastructure.database.functions import whole_sum
from cleveragents.infrastructure.database.lock_budget import bounded
from cleveragents.infrastructure.stores.sql.copying import Copy, DanglingCopy
from cleveragents.infrastructure.stores.sql.deleting import delete_taken, lock_rows, lock_tables
from cleveragents.infrastructure.stores.sql.keys import shown_key, why_unreadable
from cleveragents.infrastructure.stores.sql.layout import DanglingRows, SqlLayout
from cleveragents.infrastructure.stores.sql.references import quick_references
from cleveragents.infrastructure.stores.sql.slices import keys_to_slice, writing_beside
from cleveragents.infrastructure.stores.sql.taken import Taken

_AT_ONCE = 1_000
Plainly = Callable[[], AbstractContextManager[None]]
"""Turns what a driver raises inside its block into one error of ours."""


class SqlStoreRun:
    """`reading` looks; `writing` gives the connection that copies and deletes, once that is needed."""

    def __init__(
        self,
        layout: SqlLayout,
        reading: Connection,
        writing: Callable[[], Connection],
        plainly: Plainly,
        require_same: Callable[[], None],
    ) -> None:
        self._layout = layout
        self._reading = reading
        self._make_writing = writing
        self._made: Connection | None = None
        self._plainly = plainly
        self._require_same = require_same
        self.unreadable: list[Unreadable] = []
        self._is_postgresql = reading.dialect.name == "postgresql"
        self._now = datetime.max.replace(tzinfo=UTC)
        self._moment = ""
        self._copied: Copy | None = None
        self._dangling_copied: DanglingCopy | None = None
        self.was_interrupted = False

    def sessions(self, now: datetime) -> Iterator[StoredSession]:
        self._now = now
        self.unreadable = []
        with self._plainly():
            with self._reading.begin():
                # That of the first look: by it the sessions were chosen.
                self._moment = self._moment or moment_of(self._reading)
                keys = keys_to_slice(self._reading, self._layout)
            if keys is not None:
                yield from self._in_slices(keys, now)
                return
        with self._plainly(), self._reading.begin():
            found = self._reading.execute(
                self._layout.sessions(None), execution_options={"yield_per": _AT_ONCE}
            )
            for row in found:
                if why := why_unreadable(key := self._layout.raw_key_of(row)):
                    self.unreadable.append(Unreadable(name=shown_key(key), why=why))
                else:
                    yield self._layout.session_of(row, now)

    def _in_slices(self, keys: Sequence[str], now: datetime) -> Iterator[StoredSession]:
        """The sessions of these ids, some at a time: between them whoever waits to write has a turn."""
        taken = Taken(self._reading, self._layout)
        remaining = iter(keys)
        while batch := list(islice(remaining, _AT_ONCE)):
            with self._reading.begin():
                with writing_beside(self._reading):
                    taken.fill(Chosen(each, "") for each in batch)
                rows = self._reading.execute(self._layout.sessions(taken.table)).all()
            yield from (self._layout.session_of(row, now) for row in rows)

    def dangling(self, before: datetime) -> Dangling:
        messages = content_bytes = 0
        with self._plainly(), self._reading.begin():
            for rows in self._layout.dangling(before):
                counted = select(func.count(), whole_sum(rows.size)).select_from(rows.rows)
                number, size = self._reading.execute(counted.where(rows.is_dangling)).one()
                messages, content_bytes = messages + number, content_bytes + size
        return Dangling(messages=messages, content_bytes=content_bytes)

    def copy(
        self, chosen: Iterable[Chosen], writer: ArchiveWriter, dangling_before: datetime | None
    ) -> Mapping[str, SkipReason]:
        with self._plainly():
            connection = self._writing
            taken = Taken(connection, self._layout)
            with self._one_snapshot():
                taken.fill(chosen)
                skipped = {} if self._is_untouched() else self._not_as_chosen(taken)
                named = self._named(taken, skipped)
                taken.leave_out(skipped)
                copied = Copy(connection, self._layout, taken)
                copied.write(writer)
                dangling = DanglingCopy(connection, self._dangling_rows(dangling_before))
                dangling.write(writer)
            self._copied, self._dangling_copied = copied, dangling
            return named

    @contextmanager
    def deleting(
        self,
        chosen: Iterable[Chosen],
        dangling_before: datetime | None,
        *,
        rehearsal: bool,
        max_lock: timedelta | None,
    ) -> Iterator[Deleted]:
        with self._plainly():
            connection = self._writing
            if self._copied is None or self._dangling_copied is None:
                taken = Taken(connection, self._layout)
                with self._one_snapshot():
                    taken.fill(chosen)
                    dangling = DanglingCopy(connection, self._dangling_rows(dangling_before))
            else:
                taken, dangling = self._copied.taken, self._dangling_copied
                with self._one_snapshot():
                    taken.keep_only(each.session_id for each in chosen)
            try:
                with self._transaction(rehearsal=rehearsal), bounded(connection, max_lock):
                    yield self._delete(taken, dangling)
            finally:
                self._copied = self._dangling_copied = None

    def present(self, session_ids: Iterable[str]) -> Iterator[str]:
        with self._plainly():
            connection = self._writing
            taken = Taken(connection, self._layout)
            with self._one_snapshot():
                taken.fill(Chosen(each, "") for each in session_ids)
                found = connection.execute(self._layout.sessions(taken.table)).all()
                yield from [self._layout.id_of(row) for row in found]

    @property
    def _writing(self) -> Connection:
        if self._made is None:
            self._made = self._make_writing()
        return self._made

    @contextmanager
    def _one_snapshot(self) -> Iterator[None]:
        if self._is_postgresql:
            self._writing.execution_options(isolation_level="REPEATABLE READ")
        with self._writing.begin():
            yield

    @contextmanager
    def _transaction(self, *, rehearsal: bool) -> Iterator[None]:
        connection = self._writing
        if self._is_postgresql:
            # Each statement must see what was committed before it: rows are locked first, then compared.
            connection.execution_options(isolation_level="READ COMMITTED")
        connection.execution_options(writes=True)
        try:
            with rolling_back(connection) if rehearsal else committing(connection) as interrupted:
                self._require_same()
                yield
                self._require_same()
            self.was_interrupted = any(interrupted)
        finally:
            connection.execution_options(writes=False)

    def _delete(self, taken: Taken, dangling: DanglingCopy) -> Deleted:
        connection, began = self._writing, time.monotonic()
        free, size = free_bytes(connection), size_of_file(connection)
        skipped = self._skipped(taken)
        named = dict(self._named(taken, skipped))
        taken.leave_out(skipped)
        with quick_references(connection, self._layout, taken):
            delete_taken(connection, self._layout, taken)
        messages, content_bytes = dangling.delete()
        freed = None if free is None else (free_bytes(connection) or 0) - free
        return Deleted(
            sessions=taken.count,
            dangling=Dangling(messages=messages, content_bytes=content_bytes),
            skipped=named,
            freed_bytes=freed,
            physical_bytes=max(size - size_of_file(connection), 0),
            lock_held_since=began,
        )

    def _skipped(self, taken: Taken) -> Mapping[int, SkipReason]:
        """Why some of the sessions are not deleted; after this nobody can change the others."""
        connection, part = self._writing, self._layout.session_part
        if not self._is_postgresql:
            if self._is_untouched() or (self._copied is not None and not self._copied.is_stale()):
                return {}
            skipped = self._not_as_chosen(taken)
            changed = () if self._copied is None else self._copied.changed()
            return {**dict.fromkeys(changed, SkipReason.CHANGED), **skipped}
        free = None
        if part is None or self._layout.locks_tables:
            lock_tables(connection, self._layout)
        else:
            free = lock_rows(connection, part, taken)
        skipped = dict(self._not_as_chosen(taken))
        if free is not None:
            held = set(taken.places) - free - skipped.keys()
            skipped.update(dict.fromkeys(held, SkipReason.LOCKED))
        return skipped

    def _is_untouched(self) -> bool:
        """Whether nobody wrote anything since the sessions were looked at; on SQLite, which tells cheaply."""
        if self._is_postgresql:
            return False
        with self._reading.begin():
            return moment_of(self._reading) == self._moment

    def _not_as_chosen(self, taken: Taken) -> Mapping[int, SkipReason]:
        """The places of the sessions that are gone, or of another version now."""
        connection, layout = self._writing, self._layout
        versions = select(taken.table.c.version).order_by(taken.table.c.place)
        known = dict(zip(taken.places, map(hash, connection.execute(versions).scalars()), strict=True))
        skipped: dict[int, SkipReason] = {}
        for row in connection.execute(layout.sessions(taken.table)):
            if hash(layout.session_of(row, self._now).version) == known.pop(row.place):
                continue
            skipped[row.place] = SkipReason.USED
        return skipped | dict.fromkeys(known, SkipReason.REMOVED)

    @staticmethod
    def _named(taken: Taken, skipped: Mapping[int, SkipReason]) -> Mapping[str, SkipReason]:
        return {session_id: skipped[place] for place, session_id in taken.ids_at(skipped)}

    def _dangling_rows(self, before: datetime | None) -> Sequence[DanglingRows]:
        return () if before is None else self._layout.dangling(before)
