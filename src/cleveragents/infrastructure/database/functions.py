"""SQL functions that mean the same on SQLite and PostgreSQL, each named as it reads in a statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from cleveragents.domain.session import MOST
from cleveragents.infrastructure.database.types import Count, RowVersion, UtcDateTime


class later_by(FunctionElement[datetime]):  # noqa: N801 - it reads as the SQL function it is
    """A moment plus a column of whole seconds, to the microsecond."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(later_by, "sqlite")
def _later_by_on_sqlite(element: later_by, compiler: SQLCompiler, **kwargs: Any) -> str:
    moment, seconds = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"({moment} + {seconds} * 1000000)"


@compiles(later_by, "postgresql")
def _later_by_on_postgresql(element: later_by, compiler: SQLCompiler, **kwargs: Any) -> str:
    moment, seconds = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"({moment} + make_interval(secs => {seconds}))"


class later_by_microseconds(FunctionElement[datetime]):  # noqa: N801 - it reads as the SQL function it is
    """A moment plus a whole number of microseconds."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(later_by_microseconds, "sqlite")
def _later_by_microseconds_on_sqlite(
    element: later_by_microseconds, compiler: SQLCompiler, **kwargs: Any
) -> str:
    moment, microseconds = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"({moment} + {microseconds})"


@compiles(later_by_microseconds, "postgresql")
def _later_by_microseconds_on_postgresql(
    element: later_by_microseconds, compiler: SQLCompiler, **kwargs: Any
) -> str:
    moment, microseconds = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"({moment} + {microseconds} * interval '1 microsecond')"


class microseconds_between(FunctionElement[int]):  # noqa: N801 - it reads as the SQL function it is
    """How many microseconds the second moment is after the first; neither is NULL."""

    type = Count
    inherit_cache = True


@compiles(microseconds_between, "sqlite")
def _microseconds_between_on_sqlite(
    element: microseconds_between, compiler: SQLCompiler, **kwargs: Any
) -> str:
    first, second = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"({second} - {first})"


@compiles(microseconds_between, "postgresql")
def _microseconds_between_on_postgresql(
    element: microseconds_between, compiler: SQLCompiler, **kwargs: Any
) -> str:
    first, second = (compiler.process(clause, **kwargs) for clause in element.clauses)
    # Bounded, for moments at infinity and other programs' years.
    seconds = f"least(greatest(extract(epoch FROM {second}) - extract(epoch FROM {first}), -1e12), 1e12)"
    return f"CAST({seconds} * 1000000 AS BIGINT)"


class least_of(FunctionElement[Any]):  # noqa: N801 - it reads as the SQL function it is
    """The least of several values, none of them NULL."""

    inherit_cache = True

    def __init__(self, first: ColumnElement[Any], *others: ColumnElement[Any]) -> None:
        super().__init__(first, *others)
        self.type = first.type


class greatest_of(least_of):  # noqa: N801 - it reads as the SQL function it is
    """The greatest of several values, none of them NULL."""

    inherit_cache = True


@compiles(least_of, "sqlite")
def _least_on_sqlite(element: least_of, compiler: SQLCompiler, **kwargs: Any) -> str:
    name = "max" if isinstance(element, greatest_of) else "min"
    # With one argument these would be aggregates.
    if len(element.clauses) == 1:
        return compiler.process(element.clauses, **kwargs)
    return f"{name}({compiler.process(element.clauses, **kwargs)})"


@compiles(least_of, "postgresql")
def _least_on_postgresql(element: least_of, compiler: SQLCompiler, **kwargs: Any) -> str:
    name = "greatest" if isinstance(element, greatest_of) else "least"
    return f"{name}({compiler.process(element.clauses, **kwargs)})"


class row_version(FunctionElement[Any]):  # noqa: N801 - it reads as the SQL function it is
    """What PostgreSQL changes with every change of a row: which transaction wrote it; NULL on SQLite.

    Takes the row's key, by which the table is named.
    """

    type = RowVersion()
    inherit_cache = True


@compiles(row_version, "sqlite")
def _row_version_on_sqlite(_element: row_version, _compiler: SQLCompiler, **_kwargs: Any) -> str:
    return "NULL"


@compiles(row_version, "postgresql")
def _row_version_on_postgresql(element: row_version, compiler: SQLCompiler, **kwargs: Any) -> str:
    (key,) = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"{key.rpartition('.')[0]}.xmin"


class matches_glob(FunctionElement[bool]):  # noqa: N801 - it reads as the SQL operator it is
    """Text against a glob of `*` and `?`, case counting; NULL matches nothing."""

    inherit_cache = True


@compiles(matches_glob, "sqlite")
def _glob_on_sqlite(element: matches_glob, compiler: SQLCompiler, **kwargs: Any) -> str:
    text, glob = (compiler.process(clause, **kwargs) for clause in element.clauses)
    # SQLite's own GLOB also knows [a-z]; ours does not.
    return f"({text} GLOB replace({glob}, '[', '[[]'))"


@compiles(matches_glob, "postgresql")
def _glob_on_postgresql(element: matches_glob, compiler: SQLCompiler, **kwargs: Any) -> str:
    text, glob = (compiler.process(clause, **kwargs) for clause in element.clauses)
    escaped = glob
    for plain, meant in (("\\", r"\\"), ("%%", r"\%%"), ("_", r"\_"), ("*", "%%"), ("?", "_")):
        escaped = f"replace({escaped}, '{plain}', '{meant}')"
    return f"({text} LIKE {escaped})"


class octets(FunctionElement[int]):  # noqa: N801 - it reads as the SQL function it is
    """The length of a text in UTF-8 bytes."""

    type = Count
    inherit_cache = True


@compiles(octets, "postgresql")
def _octets_on_postgresql(element: octets, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"octet_length({compiler.process(element.clauses, **kwargs)})"


@compiles(octets, "sqlite")
def _octets_on_sqlite(element: octets, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"length(CAST({compiler.process(element.clauses, **kwargs)} AS BLOB))"


class whole_sum(FunctionElement[int]):  # noqa: N801 - it reads as the SQL function it is
    """A sum that is zero over no rows, an integer on PostgreSQL too, and that never overflows."""

    type = Count
    inherit_cache = True


@compiles(whole_sum, "postgresql")
def _sum_on_postgresql(element: whole_sum, compiler: SQLCompiler, **kwargs: Any) -> str:
    total = f"coalesce(sum({compiler.process(element.clauses, **kwargs)}), 0)"
    return f"CAST(least({total}, {MOST}) AS BIGINT)"


@compiles(whole_sum, "sqlite")
def _sum_on_sqlite(element: whole_sum, compiler: SQLCompiler, **kwargs: Any) -> str:
    return f"CAST(total({compiler.process(element.clauses, **kwargs)}) AS INTEGER)"
