"""Copying what is taken of a foreign database to an archive, and telling what changed since."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, column, delete, literal_column, select
from sqlalchemy import table as table_clause

from cleveragents.domain.archive import Section
from cleveragents.domain.ports import ArchiveWriter
from cleveragents.infrastructure.database.archive_rows import lines, prepare_text_form
from cleveragents.infrastructure.database.edited import moment_of
from cleveragents.infrastructure.database.functions import whole_sum
from cleveragents.infrastructure.database.temporary import drop
from cleveragents.infrastructure.stores.sql.layout import DanglingRows, Part, SqlLayout
from cleveragents.infrastructure.stores.sql.rows import as_line, placed_lines, table_there
from cleveragents.infrastructure.stores.sql.taken import Taken

_WIDTH = 0xFFFF_FFFF_FFFF_FFFF


class Copy:
    """What was written to an archive, remembered by a number for each session on SQLite.

    On PostgreSQL a session's version tells whether any row of it was written since.
    """

    def __init__(self, connection: Connection, layout: SqlLayout, taken: Taken) -> None:
        self._connection = connection
        self._layout = layout
        self.taken = taken
        self._is_postgresql = connection.dialect.name == "postgresql"
        self._digests = self._none()
        self._moment = ""

    def write(self, writer: ArchiveWriter) -> None:
        connection = self._connection
        prepare_text_form(connection)
        if not self._is_postgresql:
            self._moment = moment_of(connection)
        self._digests = self._none()
        for part in self._layout.parts:
            there = table_there(connection, part.table)
            columns = [each.name for each in there.c]
            if self._is_postgresql:
                with lines(connection, self._rows_of(part, with_place=False)) as found:
                    writer.write(Section.ROWS, columns, found, table=part.table)
            else:
                with placed_lines(connection, self._rows_of(part, with_place=True)) as placed:
                    writer.write(Section.ROWS, columns, _noted(placed, self._digests), table=part.table)

    def is_stale(self) -> bool:
        """Whether anybody wrote anything since, on SQLite."""
        return moment_of(self._connection) != self._moment

    def changed(self) -> Iterator[int]:
        """The places of the sessions whose rows are not as they were written any more, on SQLite."""
        now = self._none()
        for part in self._layout.parts:
            with placed_lines(self._connection, self._rows_of(part, with_place=True)) as placed:
                for _ in _noted(placed, now):
                    pass
        for place, (before, after) in enumerate(zip(self._digests, now, strict=True)):
            if before != after:
                yield place

    def _none(self) -> array[int]:
        return array("Q", bytes(8 * (self.taken.length + 1)))

    def _rows_of(self, part: Part, *, with_place: bool) -> Select[tuple[object, ...]]:
        there, taken = table_there(self._connection, part.table), self.taken.table
        line = as_line(self._connection, there)
        shown = (taken.c.place, line) if with_place else (line,)
        return select(*shown).select_from(taken.join(there, part.belongs_to(there, taken)))


def _noted(placed: Iterator[tuple[int, bytes]], digests: array[int]) -> Iterator[bytes]:
    """The lines, each added to the number of its session; in whatever order they come."""
    for place, line in placed:
        digests[place] = (digests[place] + (zlib.crc32(line) << 8) + 1) & _WIDTH
        yield line


class DanglingCopy:
    """The places of the dangling rows that were seen; only they are deleted."""

    def __init__(self, connection: Connection, rules: Sequence[DanglingRows]) -> None:
        self._connection = connection
        self._rules = rules
        self._row_id = "ctid" if connection.dialect.name == "postgresql" else "rowid"
        for number, rule in enumerate(rules):
            drop(connection, table_clause(self._seen(number)))
            found: Select[Any] = select(literal_column(self._row_id).label("row_id")).select_from(rule.rows)
            sql = found.where(rule.is_dangling).compile(connection, compile_kwargs={"literal_binds": True})
            connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {self._seen(number)} AS {sql}")

    def write(self, writer: ArchiveWriter) -> None:
        for number, rule in enumerate(self._rules):
            there = table_there(self._connection, rule.rows.name)
            rows = select(as_line(self._connection, there)).where(self._is_seen(number))
            with lines(self._connection, rows) as found:
                columns = [each.name for each in there.c]
                writer.write(Section.DANGLING_MESSAGES, columns, found, table=rule.rows.name)

    def delete(self) -> tuple[int, int]:
        """Delete those of them that dangle still; returns how many, and what their content counted."""
        messages = content_bytes = 0
        for number, rule in enumerate(self._rules):
            own = rule.rows
            going = and_(self._is_seen(number), rule.is_dangling)
            content_bytes += (
                self._connection.scalar(select(whole_sum(rule.size)).select_from(own).where(going)) or 0
            )
            messages += self._connection.execute(delete(own).where(going)).rowcount
        return messages, content_bytes

    def _is_seen(self, number: int) -> ColumnElement[bool]:
        seen: Select[Any] = select(column("row_id")).select_from(table_clause(self._seen(number)))
        return literal_column(self._row_id).in_(seen)

    @staticmethod
    def _seen(number: int) -> str:
        return f"cleanup_dangling_{number}"
