"""Space on disk: how much of it databases take up, and those who read and write while it is given back."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from dependency_injector import providers
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from cleveragents.container import Container
from cleveragents.domain.space import Room
from support.backends import SqliteDatabase
from support.driver import Driver
from support.servers import use_url

_SIZE_ON_SERVER = "SELECT pg_total_relation_size('sessions') + pg_total_relation_size('session_messages')"
_MEGABYTE = 1_000_000


def size(driver: Driver) -> int:
    """The bytes of the file on disk, or of the two tables on the server."""
    if isinstance(driver.database, SqliteDatabase):
        return driver.database.path.stat().st_size
    with driver.database.connect() as connection:
        return int(connection.execute(_SIZE_ON_SERVER).fetchone()[0])


def in_use(driver: Driver) -> int:
    """The bytes of the pages of a SQLite file that hold something."""
    with closing(driver.database.connect()) as connection:
        pages, free, each = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
    return int((pages - free) * each)


def free_much(driver: Driver, megabytes: int) -> None:
    """Have much free space in a SQLite file, below the sessions: giving it back moves what lies above."""
    with closing(driver.database.connect()) as connection:
        connection.execute("CREATE TABLE ballast (n INTEGER PRIMARY KEY, content BLOB)")
        _fill(connection, "ballast", megabytes)
        connection.execute("CREATE TABLE cargo (n INTEGER PRIMARY KEY, content BLOB)")
        _fill(connection, "cargo", megabytes)
        connection.execute("DROP TABLE ballast")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _fill(connection: sqlite3.Connection, table: str, megabytes: int) -> None:
    connection.execute(
        "WITH RECURSIVE rows(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM rows WHERE n < ?) "
        f"INSERT INTO {table} (content) SELECT randomblob(10000) FROM rows",
        (megabytes * _MEGABYTE // 10_000,),
    )


def forbid_giving_back(driver: Driver) -> None:
    """Make the file one whose free pages stay in it, as SQLite makes files unless it is told otherwise."""
    with closing(driver.database.connect()) as connection:
        connection.execute("PRAGMA auto_vacuum = NONE")
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def vacuum_mode(driver: Driver) -> int:
    with closing(driver.database.connect()) as connection:
        return int(connection.execute("PRAGMA auto_vacuum").fetchone()[0])


def hold_vacuum_lock(driver: Driver) -> Any:
    """Another vacuum at work: on SQLite a writer, on a server whoever has the lock that a vacuum wants."""
    if isinstance(driver.database, SqliteDatabase):
        return driver.hold_write_lock()
    connection = psycopg.connect(driver.database.url)
    connection.execute("LOCK TABLE session_messages IN SHARE UPDATE EXCLUSIVE MODE")
    driver.at_the_end(connection.close)
    return connection


def read_on(driver: Driver) -> Any:
    """Begin to read, and do not end."""
    connection = driver.another_connection()
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM sessions").fetchone()
    return connection


def own_no_table(driver: Driver, rights: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Have every command run as a role that has rights on the tables and owns none of them."""
    name = f"sweeper_{id(driver)}_{time.monotonic_ns()}"
    role = Identifier(name)
    connection = driver.another_connection()
    connection.execute(SQL("CREATE ROLE {}").format(role))
    connection.execute(SQL("GRANT {} ON ALL TABLES IN SCHEMA public TO {}").format(SQL(rights), role))

    def forget() -> None:
        connection.execute(SQL("DROP OWNED BY {}").format(role))
        connection.execute(SQL("DROP ROLE {}").format(role))

    driver.at_the_end(forget)
    use_url(driver, make_url(driver.database.url).update_query_dict({"options": f"-c role={name}"}))


class NearlyFullDisk:
    """A disk with so much room, whatever the folder."""

    def __init__(self, free_bytes: int) -> None:
        self._free_bytes = free_bytes

    def room_at(self, _folder: Path) -> Room:
        return Room(device=1, free_bytes=self._free_bytes)


def fill_disk(driver: Driver, free_bytes: int) -> None:
    """Let every command of this process find so much room on the disk, and no more."""
    make = driver.container

    def container() -> Container:
        made = make()
        made.disk.override(providers.Object(NearlyFullDisk(free_bytes)))
        return made

    driver.container = container  # type: ignore[method-assign]  # only this driver's disk


def have_everything_pinned_after(driver: Driver, seconds: float) -> None:
    """Let transactions count as long ones after so many seconds."""
    make = driver.container

    def container() -> Container:
        made = make()
        made.pinned_after.override(providers.Object(timedelta(seconds=seconds)))
        return made

    driver.container = container  # type: ignore[method-assign]  # only this driver's patience


def wait_for_rewriting(driver: Driver) -> None:
    """Return when another process has begun a full vacuum: it has the lock or, on a server, wants it."""
    connection = driver.another_connection()
    deadline = time.monotonic() + 30
    while not _somebody_rewrites(connection):
        assert time.monotonic() < deadline, "no vacuum began"
        time.sleep(0.02)


def _somebody_rewrites(connection: Any) -> bool:
    if not isinstance(connection, sqlite3.Connection):
        return connection.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone() is not None
    try:
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    return False


class Writer:
    """Somebody who writes all the time, and notes how long each write had to wait."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self.waits: list[tuple[float, float]] = []
        """When each write was done, and how many seconds it took."""

    def start(self) -> None:
        with closing(sqlite3.connect(self._path)) as connection:
            connection.execute("CREATE TABLE diary (entry TEXT)")
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _write(self) -> None:
        with closing(sqlite3.connect(self._path, isolation_level=None, timeout=60)) as connection:
            connection.execute("PRAGMA synchronous = NORMAL")
            while not self._over.is_set():
                began = time.monotonic()
                connection.execute("INSERT INTO diary VALUES ('dear diary')")
                done = time.monotonic()
                self.waits.append((done, done - began))
                time.sleep(0.002)
