"""What layouts need to say in SQL, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class written(FunctionElement[int]):  # noqa: N801 - it reads as the SQL function it is
    """A number that is another one as soon as any of a group's rows on PostgreSQL was written anew.

    Takes one column, by which the table is named; 0 on SQLite, where counts, lengths and the engine's
    own comparison of the rows tell.
    """

    type = BigInteger()
    inherit_cache = True


@compiles(written, "postgresql")
def _written_on_postgresql(element: written, compiler: SQLCompiler, **kwargs: Any) -> str:
    (own,) = (compiler.process(clause, **kwargs) for clause in element.clauses)
    rows = own.rpartition(".")[0]
    return f"coalesce(sum(hashtext({rows}.ctid::text || '/' || {rows}.xmin::text)), 0)"


@compiles(written, "sqlite")
def _written_on_sqlite(_element: written, _compiler: SQLCompiler, **_kwargs: Any) -> str:
    return "0"
