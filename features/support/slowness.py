"""Purges that take long enough to be caught in the middle: a trigger that works hard for each row."""

from __future__ import annotations

import sqlite3
import time

from support.backends import SqliteDatabase
from support.driver import Driver

_SLOW_ON_SQLITE = """
CREATE TRIGGER slow BEFORE DELETE ON sessions BEGIN
  SELECT count(*) FROM (
    WITH RECURSIVE steps(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM steps WHERE n < 30000000)
    SELECT n FROM steps
  );
END
"""
_SLOW_ON_POSTGRESQL = """
CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_sleep(5); RETURN OLD; END $$;
CREATE TRIGGER slow BEFORE DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION slowly()
"""
_SOMEBODY_DELETES = (
    "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
)


def make_purges_slow(driver: Driver) -> None:
    is_sqlite = isinstance(driver.database, SqliteDatabase)
    connection = driver.another_connection()
    connection.execute(_SLOW_ON_SQLITE if is_sqlite else _SLOW_ON_POSTGRESQL)


def wait_for_purge(driver: Driver) -> None:
    """Return when another process has begun to delete."""
    connection = driver.another_connection()
    deadline = time.monotonic() + 30
    while not _somebody_deletes(connection):
        assert time.monotonic() < deadline, "no purge began"
        time.sleep(0.05)


def _somebody_deletes(connection) -> bool:
    if not isinstance(connection, sqlite3.Connection):
        return connection.execute(_SOMEBODY_DELETES).fetchone() is not None
    try:
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    return False
