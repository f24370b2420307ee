"""What an adapter declares of a foreign database, so that the engine beside it can do the rest."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, TableClause, and_, column, table

from cleveragents.domain.stored import Recognised, StoredSession, id_of_key, key_of_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A table whose rows belong to sessions; `keys` are its columns that hold a session's key, in order."""

    table: str
    keys: tuple[str, ...]
    is_session: bool = False
    """Whether it has exactly one row for each session."""

    @property
    def clause(self) -> TableClause:
        return table(self.table, *map(column, self.keys))

    def belongs_to(self, rows: FromClause, taken: FromClause) -> ColumnElement[bool]:
        """Whether a row of this table belongs to a session of `taken`, whose key is `k0`, `k1` and so on."""
        return and_(*(rows.c[name] == taken.c[f"k{place}"] for place, name in enumerate(self.keys)))


@dataclass(frozen=True, slots=True, kw_only=True)
class DanglingRows:
    """Rows of a table that belong to no session any more, and are old enough.

    `is_dangling` and `size`, what a row's content counts, are said of the columns of `rows`, by the bare
    table.
    """

    rows: TableClause
    is_dangling: ColumnElement[bool]
    size: ColumnElement[int]


class SqlLayout(ABC):
    """One layout of one library's tables, on one connection's dialect.

    A session's key is what tells it from others in its tables; its id is made of the key.
    """

    parts: tuple[Part, ...]
    """In the order of deletion: what refers to others first, the session's own row last."""
    locks_tables: ClassVar[bool] = False
    """Whether, on PostgreSQL, writers must be kept from the tables: where a session has no row of its own."""

    @property
    def key_length(self) -> int:
        return len(self.parts[0].keys)

    @property
    def session_part(self) -> Part | None:
        return next((part for part in self.parts if part.is_session), None)

    @abstractmethod
    def recognised(self, connection: Connection) -> Recognised:
        """What `agents store check` says of it."""

    @abstractmethod
    def sessions(self, taken: FromClause | None) -> Select[Any]:
        """A row for each session, read in one statement, with its key as `k0`, `k1` and so on.

        With `taken`, a table that has such columns and `place`, only for the sessions in it, each with its
        `place`. What `session_of` needs comes along, and what tells whether any row of it changed: on
        PostgreSQL `written` of each table's rows, on SQLite counts and lengths.
        """

    @abstractmethod
    def session_of(self, row: Row[Any], now: datetime) -> StoredSession:
        """The session of such a row; `now` bounds what an uncertain clock says."""

    def dangling(self, before: datetime) -> Sequence[DanglingRows]:
        """What dangles in each table and is older than a moment."""
        del before
        return ()

    def id_of(self, row: Row[Any]) -> str:
        return id_of_key(*self.raw_key_of(row))

    def raw_key_of(self, row: Row[Any]) -> tuple[Any, ...]:
        """As it stands there, whatever it is."""
        return tuple(row[: self.key_length])

    def key_of(self, session_id: str) -> tuple[str, ...]:
        return key_of_id(session_id)
