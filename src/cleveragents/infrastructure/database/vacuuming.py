"""The full vacuum: the file, or the two tables, written anew without what is free in them."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Connection, func, select, text

from cleveragents.domain.errors import InterruptedRunError, ReadOnlyDatabaseError
from cleveragents.domain.space import Bulk, Need
from cleveragents.infrastructure.database.engine import displayed
from cleveragents.infrastructure.database.failures import as_sqlalchemy_tells, interrupts_held_back
from cleveragents.infrastructure.database.footprint import free_bytes, size_on_disk
from cleveragents.infrastructure.database.functions import whole_sum
from cleveragents.infrastructure.database.rows import sessions
from cleveragents.infrastructure.database.sqlite import INCREMENTAL_VACUUM
from cleveragents.infrastructure.database.sqlite_space import checkpoint, driver_connection, file_size
from cleveragents.infrastructure.database.store import SqlSessionStore

# What PostgreSQL keeps beside the content: headers, ids, times, and the rows' places in the indexes.
_BESIDE_A_MESSAGE = 230
_BESIDE_A_SESSION = 900
_FOLDERS_OF_SQLITE = ("/var/tmp", "/usr/tmp", "/tmp")  # noqa: S108  # nosec B108 - it looks there itself
_FILE_OF_TABLE = "SELECT current_setting('data_directory') || '/' || pg_relation_filepath('session_messages')"
_MAY_KNOW_FOLDER = "SELECT pg_has_role('pg_read_all_settings', 'MEMBER')"


class SqlVacuum:
    def __init__(self, store: SqlSessionStore) -> None:
        self._store = store

    def look(self) -> Bulk:
        with self._store.peeking() as connection:
            size = size_on_disk(connection)
            if connection.dialect.name == "postgresql":
                live = min(_live_bytes(connection), size)
                return Bulk(size_bytes=size, live_bytes=live, needs=_needs_of_tables(connection, live))
            live = size - (free_bytes(connection) or 0)
            mode = connection.scalar(text("PRAGMA auto_vacuum"))
        # Written once to a temporary file and once, before it becomes the file, to the log beside it.
        folders = temporary_folder(), Path(self._store.url.database or "").parent
        return Bulk(
            size_bytes=size,
            live_bytes=live,
            needs=tuple(Need(folder=folder, needed_bytes=live) for folder in folders),
            is_incremental=mode == INCREMENTAL_VACUUM,
            has_gaps=True,
        )

    def run(self) -> tuple[int, bool]:
        with self._store.told_plainly(), self._store.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                return self._rewrite_tables(connection), False
            return _rewrite_file(connection)

    def _rewrite_tables(self, connection: Connection) -> int:
        from cleveragents.infrastructure.database.postgresql_space import (
            outside_transactions,
            size_of_tables,
            vacuum_tables,
        )

        with outside_transactions(connection) as raw, interrupts_held_back(raw.cancel) as interrupts:
            try:
                with as_sqlalchemy_tells(connection, "VACUUM"):
                    refused = vacuum_tables(raw, "FULL, ANALYZE", self._store.busy_timeout)
                    size = size_of_tables(raw)
            except Exception as error:
                if interrupts:
                    raise InterruptedRunError from error
                raise
            if refused:
                raise ReadOnlyDatabaseError(
                    f"The database {displayed(self._store.url)} does not let this user vacuum its tables. "
                    "Nothing was changed.",
                    detail="; ".join(refused),
                    hints=["Do it as the user who owns them."],
                )
            return size


def temporary_folder() -> Path:
    """Where SQLite keeps what it writes for the time of a vacuum: the first of these that can be used."""
    told = (os.environ.get(name) for name in ("SQLITE_TMPDIR", "TMPDIR"))
    usable = (
        Path(folder)
        for folder in (*told, *_FOLDERS_OF_SQLITE)
        if folder and Path(folder).is_dir() and os.access(folder, os.W_OK | os.X_OK)
    )
    return next(usable, Path())


def _rewrite_file(connection: Connection) -> tuple[int, bool]:
    """Returns the size after it, and whether the file itself still waits for those who read it."""
    raw = driver_connection(connection)
    # A Ctrl-C that comes when all is done is too late to stop anything.
    with interrupts_held_back(raw.interrupt), as_sqlalchemy_tells(connection, "VACUUM"):
        # From now on purges can give space back; SQLite takes the change in with the new file.
        raw.execute(f"PRAGMA auto_vacuum = {INCREMENTAL_VACUUM}")
        raw.execute("VACUUM")
        is_copied = checkpoint(raw, None) is not None
    return file_size(connection), not is_copied


def _live_bytes(connection: Connection) -> int:
    """About how large the tables would be, written anew: by the sessions' counters, no message is read."""
    content, messages, count = connection.execute(
        select(whole_sum(sessions.c.content_bytes), whole_sum(sessions.c.message_count), func.count())
    ).one()
    return int(content or 0) + int(messages or 0) * _BESIDE_A_MESSAGE + count * _BESIDE_A_SESSION


def _needs_of_tables(connection: Connection, live: int) -> tuple[Need, ...]:
    """The server's own disk, where it can be seen from here: its file of the table is on this host."""
    if not connection.scalar(text(_MAY_KNOW_FOLDER)):
        return ()
    path = Path(str(connection.scalar(text(_FILE_OF_TABLE))))
    try:
        return (Need(folder=path.resolve(strict=True).parent, needed_bytes=live),)
    except OSError:
        return ()
