"""The sessions that one step of a run is about, in a temporary table on its connection."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    delete,
    insert,
    select,
)

from cleveragents.domain.stored import Chosen
from cleveragents.infrastructure.database.temporary import count_rows_of, drop
from cleveragents.infrastructure.stores.sql.layout import SqlLayout

_AT_ONCE = 1_000


class Taken:
    """`place` counts from 1, in the order in which they came."""

    def __init__(self, connection: Connection, layout: SqlLayout, name: str = "cleanup_taken") -> None:
        self._connection = connection
        self._layout = layout
        self.length = 0
        self._left_out: set[int] = set()
        keys = [f"k{place}" for place in range(layout.key_length)]
        self.table = Table(
            name,
            MetaData(),
            Column("place", Integer, primary_key=True, autoincrement=False),
            Column("session_id", Text, nullable=False),
            *(Column(key, Text, nullable=False) for key in keys),
            Column("version", Text, nullable=False),
            UniqueConstraint(*keys),
            prefixes=["TEMPORARY"],
        )

    def fill(self, chosen: Iterable[Chosen]) -> None:
        """Take the place of what was taken before."""
        drop(self._connection, self.table)
        self.table.create(self._connection, checkfirst=False)
        self.length = 0
        self._left_out = set()
        rows = self._rows(chosen)
        while batch := list(islice(rows, _AT_ONCE)):
            self._insert(batch)
            self.length += len(batch)
        count_rows_of(self._connection, self.table)

    @property
    def places(self) -> Iterator[int]:
        return (place for place in range(1, self.length + 1) if place not in self._left_out)

    @property
    def count(self) -> int:
        return self.length - len(self._left_out)

    def leave_out(self, places: Collection[int]) -> None:
        self._left_out.update(places)
        remaining = iter(places)
        own = self.table.c.place
        while batch := list(islice(remaining, _AT_ONCE)):
            self._connection.execute(delete(self.table).where(own.in_(batch)))

    def keep_only(self, session_ids: Iterable[str]) -> None:
        """Leave out all others; these are some of those that are here, or all."""
        wanted = set(session_ids)
        if len(wanted) == self.count:
            return
        ids = self._connection.execute(select(self.table.c.place, self.table.c.session_id)).all()
        self.leave_out([row.place for row in ids if row.session_id not in wanted])

    def ids_at(self, places: Iterable[int]) -> Iterator[tuple[int, str]]:
        remaining = iter(places)
        own = self.table.c
        while batch := list(islice(remaining, _AT_ONCE)):
            found = select(own.place, own.session_id).where(own.place.in_(batch))
            yield from ((row.place, row.session_id) for row in self._connection.execute(found))

    def _insert(self, batch: Sequence[tuple[Any, ...]]) -> None:
        names = self.table.c.keys()
        if self._connection.dialect.name == "sqlite":
            # Bare, since there may be very many, and a scan waits for them.
            holders = ", ".join("?" * len(names))
            self._connection.exec_driver_sql(f"INSERT INTO {self.table.name} VALUES ({holders})", list(batch))
        else:
            rows = [dict(zip(names, row, strict=True)) for row in batch]
            self._connection.execute(insert(self.table), rows)

    def _rows(self, chosen: Iterable[Chosen]) -> Iterator[tuple[Any, ...]]:
        for place, each in enumerate(chosen, start=1):
            yield (place, each.session_id, *self._layout.key_of(each.session_id), each.version)
