"""Writing what a purge chose to its archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, Text, and_, cast, func, select

from cleveragents.domain.archive import Section
from cleveragents.domain.ports import ArchiveWriter
from cleveragents.domain.progress import Progress, Stage, Step
from cleveragents.infrastructure.database.archive_rows import as_array, lines, prepare_text_form
from cleveragents.infrastructure.database.present import as_it_is
from cleveragents.infrastructure.database.rows import session_messages, sessions
from cleveragents.infrastructure.database.scanning import tallied
from cleveragents.infrastructure.database.temporary import archived, left_behind, rows_in

# PostgreSQL makes no text of more than a gigabyte.
_LARGEST_IN_ONE_PIECE = 32 * 1024 * 1024
_TOLD_AT_ONCE = 1_000


def write_archive(connection: Connection, writer: ArchiveWriter, progress: Progress) -> None:
    """Write the archived sessions, their messages, and the dangling messages that were found."""
    prepare_text_form(connection)
    tally = tallied(connection, archived)
    rows = tally.candidates + tally.messages + rows_in(connection, left_behind)
    with progress.stage(Stage.ARCHIVE, rows) as step:
        _write(connection, writer, Section.SESSIONS, sessions, archived, step)
        _write(connection, writer, Section.MESSAGES, session_messages, archived, step)
        _write(connection, writer, Section.DANGLING_MESSAGES, session_messages, left_behind, step)


def _write(  # noqa: PLR0913, PLR0917 - what is written, from where to where
    connection: Connection,
    writer: ArchiveWriter,
    section: Section,
    table: Table,
    among: Table,
    step: Step,
) -> None:
    """Write the rows of a table whose keys are among those of another."""
    present = as_it_is(connection, table)
    array = as_array(connection, present)
    is_among = and_(*(among.c[key.name] == present.c[key.name] for key in among.primary_key))
    rows: Select[Any]
    if connection.dialect.name != "postgresql":
        order: list[ColumnElement[Any]] = [among.c[key.name] for key in among.primary_key]
        if section is Section.MESSAGES:
            order.append(present.c["sequence"])
        rows = select(array).select_from(among).join(present, is_among).order_by(*order)
    elif section is Section.MESSAGES and _largest(connection) <= _LARGEST_IN_ONE_PIECE:
        # A message a row keeps both sides busy with rows; a session's messages in one piece do not.
        together = select(func.string_agg(cast(array, Text), "\n")).where(is_among)
        rows = select(together.scalar_subquery()).select_from(among).where(among.c.message_count > 0)
    else:
        # Sorting all content costs PostgreSQL much, and no restore asks for an order.
        rows = select(array).select_from(among).join(present, is_among)
    with lines(connection, rows) as found:
        writer.write(section, [column.name for column in present.c], _told(step, found))


def _largest(connection: Connection) -> int:
    return connection.scalar(select(func.max(archived.c.content_bytes))) or 0


def _told(step: Step, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same pieces, whose lines are told to a step on their way, many at a time."""
    count = 0
    for piece in pieces:
        count += piece.count(b"\n")
        yield piece
        if count >= _TOLD_AT_ONCE:
            step.advance(count)
            count = 0
    step.advance(count)
