"""Purges that take long enough to be caught in the middle: a trigger that works hard for each row."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from functools import cache

from support.driver import Driver

_ON_SQLITE = """
CREATE TRIGGER slow BEFORE {event} ON sessions WHEN {row}.session_id LIKE '{ids}' BEGIN
  {count};
END
"""
_COUNT = """
SELECT count(*) FROM (
  WITH RECURSIVE steps(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM steps WHERE n < {steps})
  SELECT n FROM steps
)
"""
_ON_POSTGRESQL = """
CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_sleep({seconds}); RETURN {row}; END $$;
CREATE TRIGGER slow BEFORE {event} ON sessions FOR EACH ROW
  WHEN ({row}.session_id LIKE '{ids}') EXECUTE FUNCTION slowly()
"""
_STEPS_TO_MEASURE = 200_000
_SOMEBODY_DELETES = (
    "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
)


def slow_down(driver: Driver, ids: str, seconds: float, *, event: str = "DELETE") -> None:
    """Have the deletion of each session whose id is like that take about so long, or another event."""
    slow_down_on(driver.another_connection(), ids, seconds, event=event)


def slow_down_on(connection, ids: str, seconds: float, *, event: str = "DELETE") -> None:
    slow = _ON_SQLITE if isinstance(connection, sqlite3.Connection) else _ON_POSTGRESQL
    row = "NEW" if event == "INSERT" else "OLD"
    count = _COUNT.format(steps=int(seconds * _steps_a_second()))
    connection.execute(slow.format(ids=ids, event=event, row=row, seconds=seconds, count=count))


@cache
def _steps_a_second() -> float:
    """How fast this computer counts: SQLite knows no way to wait."""
    with closing(sqlite3.connect(":memory:")) as connection:
        began = time.thread_time()
        connection.execute(_COUNT.format(steps=_STEPS_TO_MEASURE)).fetchone()
        return _STEPS_TO_MEASURE / (time.thread_time() - began)


def speed_up(driver: Driver) -> None:
    speed_up_on(driver.another_connection())


def speed_up_on(connection) -> None:
    is_embedded = isinstance(connection, sqlite3.Connection)
    connection.execute("DROP TRIGGER slow" if is_embedded else "DROP TRIGGER slow ON sessions")


def wait_for_purge(driver: Driver) -> None:
    """Return when another process has begun to delete."""
    connection = driver.another_connection()
    deadline = time.monotonic() + 30
    while not somebody_deletes(connection):
        assert time.monotonic() < deadline, "no purge began"
        time.sleep(0.05)


def somebody_deletes(connection) -> bool:
    if not isinstance(connection, sqlite3.Connection):
        return connection.execute(_SOMEBODY_DELETES).fetchone() is not None
    try:
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    return False
