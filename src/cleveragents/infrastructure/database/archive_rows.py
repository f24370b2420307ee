"""Rows as the lines of an archive: made by the database, so that every value comes back as it was.

A row is a JSON array of its columns. What JSON has no type for (moments and JSON on PostgreSQL) is
the text that the database itself would read back to the same value.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import BigInteger, Connection, FromClause, Integer, Select, Text, case, cast, func, select
from sqlalchemy.sql.functions import Function

from cleveragents.domain.errors import ArchiveUnwritableError
from cleveragents.infrastructure.database.failures import as_sqlalchemy_tells

# Characters that JSON escapes inside its texts, so that no line can hold them.
_UNUSED_QUOTE, _UNUSED_DELIMITER = r"E'\x01'", r"E'\x02'"
_QUOTE = 1


@contextmanager
def lines(connection: Connection, statement: Select[*tuple[Any, ...]]) -> Iterator[Iterator[bytes]]:
    """Stream a statement's one column, row by row; nothing is held in memory but the row at hand.

    A row is a line, or several; it comes with a newline after it.

    What stops the block, be it Ctrl-C, ends the statement too: the connection is free after it.
    """
    sql = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
    raw: Any = connection.connection.dbapi_connection
    read = _copied_out if connection.dialect.name == "postgresql" else _fetched
    with as_sqlalchemy_tells(connection, sql), read(raw, sql) as found:
        yield found


def as_array(connection: Connection, source: FromClause) -> Function[str]:
    """All columns of a table as one JSON array."""
    if connection.dialect.name == "sqlite":
        return func.json_array(*(map(_whole, source.c)))
    return func.json_build_array(*(_plain(column) for column in source.c))


def ids_as_arrays(connection: Connection, ids: Select[str]) -> Select[*tuple[Any, ...]]:
    return select(as_array(connection, ids.subquery("ids")))


def prepare_text_form(connection: Connection) -> None:
    """Have PostgreSQL write moments in UTC in this transaction.

    Raises ArchiveUnwritableError for a server that does not know in which encoding its texts are.
    """
    if connection.dialect.name == "postgresql":
        if connection.exec_driver_sql("SHOW server_encoding").scalar() == "SQL_ASCII":
            raise ArchiveUnwritableError(
                "This database has the encoding SQL_ASCII, so nobody knows how its texts are to be read; "
                "they cannot be archived. Nothing was deleted.",
                hints=["To delete without keeping anything: --no-archive"],
            )
        connection.exec_driver_sql("SET LOCAL TimeZone TO 'UTC'")
        connection.exec_driver_sql("SET LOCAL DateStyle TO 'ISO'")


def _whole(column: Any) -> Any:
    """A column whose type has a JSON form that loses nothing, or a pair that says how to read it."""
    if isinstance(column.type, (BigInteger, Integer, Text)):
        return column
    return case(
        (func.typeof(column) == "blob", func.json_array("hex", func.hex(column))),
        (func.typeof(column) == "real", func.json_array("real", func.printf("%!.17g", column))),
        else_=func.json_array("as", column),
    )


def read_pair(value: Any) -> Any:
    """What `_whole` wrote, as SQLite takes it."""
    if not isinstance(value, list):
        return value
    kind, told = value
    if kind == "hex":
        return bytes.fromhex(told)
    return float(told) if kind == "real" else told


def _plain(column: Any) -> Any:
    return column if isinstance(column.type, (BigInteger, Integer)) else cast(column, Text)


@contextmanager
def _fetched(raw: Any, sql: str) -> Iterator[Iterator[bytes]]:
    text_factory, raw.text_factory = raw.text_factory, bytes
    try:
        with closing(raw.cursor()) as cursor:
            yield (line + b"\n" for (line,) in cursor.execute(sql))
    finally:
        raw.text_factory = text_factory


@contextmanager
def _copied_out(raw: Any, sql: str) -> Iterator[Iterator[bytes]]:
    plain = f"FORMAT csv, QUOTE {_UNUSED_QUOTE}, DELIMITER {_UNUSED_DELIMITER}"
    with raw.cursor() as cursor, cursor.copy(f"COPY ({sql}) TO STDOUT ({plain})") as copy:
        yield (_unquoted(piece) for piece in copy)


def _unquoted(piece: Any) -> bytes:
    """A row as it came; several lines of ours in one row come quoted."""
    row = bytes(piece)
    if row == b"\n":  # NULL: there was nothing to put together
        return b""
    return row[1:-2] + b"\n" if row[0] == _QUOTE else row
