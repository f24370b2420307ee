"""SQLite connections: what is set on each before anything else runs."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, StaticPool, create_engine, event
from sqlalchemy.exc import OperationalError

from cleveragents.domain.errors import DatabaseUnavailableError
from cleveragents.infrastructure.database.engine import ConnectionOptions

OLDEST_SQLITE = (3, 37, 0)
"""The first with STRICT tables."""
PAGE_SIZE = 16_384
INCREMENTAL_VACUUM = 2
_BETWEEN_LOOKS = 0.005
# How many of SQLite's instructions may pass before Python looks for Ctrl-C: some milliseconds' worth.
STEPS_BETWEEN_LOOKS = 100_000


def sqlite_writer(url: URL, options: ConnectionOptions) -> Engine:
    def connect() -> sqlite3.Connection:
        make_private_file(url)
        return sqlite3.connect(url.database or "", timeout=options.busy_timeout.total_seconds())

    engine = _sqlite_engine(connect)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        take_over_transactions(connection)
        _settle_new_file(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA secure_delete = {'ON' if options.secure_delete else 'OFF'}")
        connection.execute(f"PRAGMA cache_size = -{options.purge_cache_bytes // 1024}")

    begin_as_asked(engine, options.busy_timeout)
    return engine


def sqlite_reader(url: URL, options: ConnectionOptions) -> Engine:
    """An engine that leaves the file byte for byte as it is, and makes no file beside it if it can."""
    path = Path(url.database or "")

    def connect() -> sqlite3.Connection:
        uri = f"file:{uri_path(path)}?{_reading_mode(path)}"
        return sqlite3.connect(uri, uri=True, timeout=options.busy_timeout.total_seconds())

    engine = _sqlite_engine(connect)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        take_over_transactions(connection)
        connection.execute("PRAGMA query_only = ON")

    begin_as_asked(engine)
    return engine


def sqlite_nowhere() -> Engine:
    """An empty database in memory: what reading a database that does not exist finds."""
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        take_over_transactions(connection)

    begin_as_asked(engine)
    return engine


def _sqlite_engine(connect: Callable[[], sqlite3.Connection]) -> Engine:
    """Make an engine, or raise DatabaseUnavailableError where Python's SQLite is too old.

    Open the file anew each time: it costs little, and a file that was replaced is noticed.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise DatabaseUnavailableError(
            f"This Python brings SQLite {sqlite3.sqlite_version}; cleveragents needs "
            f"{'.'.join(map(str, OLDEST_SQLITE))} or newer.",
            hints=["Use a newer Python, or a PostgreSQL database."],
        )
    return create_engine("sqlite://", creator=connect, poolclass=NullPool)


def file_identity(url: URL) -> tuple[int, int] | None:
    """What tells one file from another that took its name; None where there is none."""
    try:
        status = Path(url.database or "").stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def is_empty_sqlite(url: URL) -> bool:
    """Whether there is no file, or one with nothing in it."""
    try:
        return Path(url.database or "").stat().st_size == 0
    except FileNotFoundError:
        return True
    except OSError:  # SQLite will say what is wrong with it
        return False


def make_private_file(url: URL) -> None:
    """Make the file, and its folder, if there is none: conversations are for their owner's eyes."""
    path = Path(url.database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise DatabaseUnavailableError(
            f"The database {path} cannot be made: {error.strerror}.",
            hints=["Make its folder writable for this user, or choose another with --database-url."],
        ) from error


def _reading_mode(path: Path) -> str:
    log_is_pending = _size_of(path.with_name(path.name + "-wal")) > 0
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK) and not log_is_pending:
        # Opened for writing though it never writes: SQLite then tidies up its -wal and -shm files.
        return "mode=rw"
    if not log_is_pending and not os.access(path.parent, os.W_OK):
        # SQLite could not make the shared-memory file that a WAL database needs even for reading.
        return "mode=ro&immutable=1"
    # With a pending log, a closing writer would fold it into the file and change its bytes.
    return "mode=ro"


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def uri_path(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def take_over_transactions(connection: Any) -> None:
    """Let us begin transactions, and let Ctrl-C reach Python while a statement runs."""
    connection.isolation_level = None
    connection.text_factory = _text
    connection.set_progress_handler(look_for_signals, STEPS_BETWEEN_LOOKS)


def _text(raw: bytes) -> str:
    """Decode what another program may have written in another encoding; it must not hide the other rows."""
    return raw.decode(errors="backslashreplace")


def look_for_signals() -> int:
    """Return 0 to go on. That Python runs at all is the point: a KeyboardInterrupt ends the statement."""
    return 0


def _settle_new_file(connection: Any) -> None:
    """Choose the page size and vacuum mode, which SQLite fixes with the first page."""
    if connection.execute("PRAGMA page_count").fetchone()[0] == 0:
        connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        connection.execute(f"PRAGMA auto_vacuum = {INCREMENTAL_VACUUM}")


def begin_as_asked(engine: Engine, busy_timeout: timedelta = timedelta(0)) -> None:
    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writes", False):
            _begin_immediately(connection, busy_timeout)
        else:
            connection.exec_driver_sql("BEGIN")


NO_LONGER_WANTED = "no longer wanted"
"""Under which a connection's `info` holds what says whether to give up waiting for the lock."""


def _begin_immediately(connection: Connection, busy_timeout: timedelta) -> None:
    """Take the write lock, looking for it often.

    SQLite itself looks more and more seldom, in the end ten times a second: whoever lets it go for a
    moment only, as a purge does between its chunks, takes it again before the others have looked.
    """
    deadline = time.monotonic() + busy_timeout.total_seconds()
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            except OperationalError as error:
                is_over = time.monotonic() >= deadline or connection.info.get(NO_LONGER_WANTED, bool)()
                if not _is_busy(error) or is_over:
                    raise
                time.sleep(_BETWEEN_LOOKS)
            else:
                return
    finally:
        with suppress(sqlite3.ProgrammingError):  # a Ctrl-C may have closed the connection
            raw.execute(f"PRAGMA busy_timeout = {busy_timeout // timedelta(milliseconds=1)}")


def _is_busy(error: OperationalError) -> bool:
    return (getattr(error.orig, "sqlite_errorname", None) or "").startswith("SQLITE_BUSY")
