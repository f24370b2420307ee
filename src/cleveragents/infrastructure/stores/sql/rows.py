"""Any table's rows as lines of an archive and back, whatever their types."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection, Select, TableClause, case, column, func, inspect, table

from cleveragents.infrastructure.database.archive_rows import as_array, lines
from cleveragents.infrastructure.database.failures import as_sqlalchemy_tells


def table_there(connection: Connection, name: str) -> TableClause:
    """A table with every column that it has there, save those that are worked out."""
    found = inspect(connection).get_columns(name)
    return table(name, *(column(each["name"], each["type"]) for each in found if "computed" not in each))


def as_line(connection: Connection, source: TableClause) -> Any:
    """All columns of a row as one JSON array that loses nothing."""
    if connection.dialect.name == "postgresql":
        return as_array(connection, source)
    return func.json_array(*(_whole(column(each.name, _selectable=source)) for each in source.c))


def _whole(own: Any) -> Any:
    """Any type may stand in any column; what JSON has no form for is a pair that says how to read it."""
    kind = func.typeof(own)
    return case(
        (kind == "blob", func.json_array("hex", func.hex(own))),
        (kind == "real", func.json_array("real", func.printf("%!.17g", own))),
        else_=own,
    )


@contextmanager
def placed_lines(connection: Connection, statement: Select[Any]) -> Iterator[Iterator[tuple[int, bytes]]]:
    """Stream a statement of a place and a line, on SQLite; each line comes with a newline."""
    sql = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
    raw: Any = connection.connection.dbapi_connection
    text_factory, raw.text_factory = raw.text_factory, bytes
    try:
        with as_sqlalchemy_tells(connection, sql), closing(raw.cursor()) as cursor:
            yield ((place, line + b"\n") for place, line in cursor.execute(sql))
    finally:
        raw.text_factory = text_factory


__all__ = ["as_line", "lines", "placed_lines", "table_there"]
