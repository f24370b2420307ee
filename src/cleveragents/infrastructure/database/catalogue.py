"""What a database's catalogue can say, whichever database it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A foreign key of `table` that points at a table that a purge deletes from.

    `rows` is about how many the table has, and None where nobody counted.
    """

    table: str
    quoted_table: str
    parent: str
    columns: tuple[str, ...]
    rows: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A trigger of another program; `mend` is the statement that rids a purge of it."""

    table: str
    name: str
    mend: str
