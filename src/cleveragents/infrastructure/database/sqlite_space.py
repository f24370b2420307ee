"""A SQLite file made smaller after a purge: in small steps, each of which holds the lock briefly."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from cleveragents.domain.space import GivenBack, Stop
from cleveragents.infrastructure.database.failures import as_sqlalchemy_tells, interrupts_held_back
from cleveragents.infrastructure.database.sqlite import INCREMENTAL_VACUUM

_LONGEST_HOLD = timedelta(milliseconds=50)
_AT_MOST = timedelta(seconds=10)
_PATIENCE = timedelta(seconds=1)
_PATIENCE_MS = _PATIENCE // timedelta(milliseconds=1)
_FIRST_PAGES = 16
_MOST_PAGES = 1_000_000
_GROWTH = 4
# A step is to take half of what it may: the next pages can be slower to move than those before.
_AIM = 0.5
_SHORTEST_PAUSE = 0.005
# After about so many pages in its log SQLite copies them into the file by itself, too.
_PAGES_BETWEEN_CHECKPOINTS = 1_000
# Cutting off the log holds the lock, and the larger it is the longer: at least so many bytes go in a second.
_CUT_PER_SECOND = 500_000_000
_STEP = """
    BEGIN IMMEDIATE;
    SELECT cleanup_lock_taken();
    PRAGMA incremental_vacuum({pages});
    COMMIT;
"""


def driver_connection(connection: Connection) -> Any:
    """The bare driver's connection, for what no transaction may surround."""
    return connection.connection.driver_connection


def file_size(connection: Connection) -> int:
    """The bytes of the file, were its log copied into it by now."""
    raw = driver_connection(connection)
    with as_sqlalchemy_tells(connection, "PRAGMA page_count"):
        return max(_size_of(_path(raw)), int(_pragma(raw, "page_count") * _pragma(raw, "page_size")))


def give_file_back(connection: Connection, budget: timedelta | None, before: int) -> GivenBack:
    raw = driver_connection(connection)
    with interrupts_held_back() as interrupts:
        try:
            return SmallerFile(raw, budget, interrupts).make(before)
        except sqlite3.Error as error:
            return GivenBack(before_bytes=before, after_bytes=before, stop=Stop.REFUSED, why=str(error))


def checkpoint(raw: Any, budget: timedelta | None, interrupts: Sequence[int] = ()) -> timedelta | None:
    """Copy the log into the file and cut it off; returns how long writers had to wait for that.

    None where somebody still reads what the log was made for: then nothing was cut off.
    """
    deadline = time.monotonic() + _PATIENCE.total_seconds()
    while not _is_copied(raw):
        if interrupts or time.monotonic() > deadline:
            return None
        time.sleep(_LONGEST_HOLD.total_seconds())
    log = _size_of(f"{_path(raw)}-wal")
    if budget is not None and log / _CUT_PER_SECOND > budget.total_seconds():
        return timedelta(0)
    _pragma(raw, "busy_timeout = 0")
    began = time.monotonic()
    _pragma(raw, "wal_checkpoint(TRUNCATE)")
    return timedelta(seconds=time.monotonic() - began)


class SmallerFile:
    """One attempt to make a file smaller; a Ctrl-C among `interrupts` ends it after the step at hand."""

    def __init__(self, raw: Any, budget: timedelta | None, interrupts: Sequence[int]) -> None:
        self._raw = raw
        self._budget = budget
        self._interrupts = interrupts
        self._path = _path(raw)
        self._hold = _LONGEST_HOLD if budget is None else min(budget, _LONGEST_HOLD)
        self._began = time.monotonic()
        self._lock_taken = 0.0
        self._longest = timedelta(0)

    def make(self, before: int) -> GivenBack:
        kept = {name: _pragma(self._raw, name) for name in ("busy_timeout", "wal_autocheckpoint")}
        why = ""
        try:
            _pragma(self._raw, f"busy_timeout = {_PATIENCE_MS}")
            _pragma(self._raw, "wal_autocheckpoint = 0")
            stop = self._free() or self._shrink()
        except sqlite3.Error as error:
            stop, why = _stop_of(error), str(error)
        finally:
            if self._raw.in_transaction:
                self._raw.rollback()
            for name, value in kept.items():
                _pragma(self._raw, f"{name} = {value}")
        after = _size_of(self._path)
        return GivenBack(
            before_bytes=before,
            after_bytes=after,
            left_bytes=max(after - self._live_bytes(), 0),
            stop=stop,
            why=why,
            longest_hold=self._longest,
        )

    def _free(self) -> Stop | None:
        """Take the free pages off the end of the file, a few at a time."""
        if _pragma(self._raw, "auto_vacuum") != INCREMENTAL_VACUUM:
            return None
        self._raw.create_function("cleanup_lock_taken", 0, self._note_lock)
        pages, since_checkpoint = _FIRST_PAGES, 0
        while _pragma(self._raw, "freelist_count"):
            if self._interrupts:
                return Stop.INTERRUPTED
            if time.monotonic() - self._began > _AT_MOST.total_seconds():
                self._shrink()
                return Stop.TIME
            held = self._step(pages)
            since_checkpoint += pages
            if since_checkpoint >= _PAGES_BETWEEN_CHECKPOINTS:
                _is_copied(self._raw)
                since_checkpoint = 0
            # As long as a step: whoever looks for the lock now and then finds it free every other time.
            time.sleep(max(held, _SHORTEST_PAUSE))
            pages = self._next(pages, held)
        return None

    def _step(self, pages: int) -> float:
        with closing(self._raw.cursor()) as cursor:
            # A script, because `execute` would take one page and leave the others.
            cursor.executescript(_STEP.format(pages=pages))
        held = time.monotonic() - self._lock_taken
        self._longest = max(self._longest, timedelta(seconds=held))
        return held

    def _next(self, pages: int, held: float) -> int:
        """How many pages take about as long as a step should, by the speed of the last one."""
        fitting = pages * self._hold.total_seconds() * _AIM / max(held, 1e-6)
        return max(1, min(int(fitting), pages * _GROWTH, _MOST_PAGES))

    def _note_lock(self) -> None:
        self._lock_taken = time.monotonic()

    def _shrink(self) -> Stop | None:
        """Let the file on disk follow: until a checkpoint it only says in its log how small it is."""
        waited = checkpoint(self._raw, self._budget, self._interrupts)
        if waited is None:
            return Stop.INTERRUPTED if self._interrupts else Stop.READERS
        self._longest = max(self._longest, waited)
        has_free_pages = _pragma(self._raw, "auto_vacuum") == 0 and _pragma(self._raw, "freelist_count")
        return Stop.NOT_INCREMENTAL if has_free_pages else None

    def _live_bytes(self) -> int:
        pages: int = _pragma(self._raw, "page_count") - _pragma(self._raw, "freelist_count")
        return pages * int(_pragma(self._raw, "page_size"))


def _is_copied(raw: Any) -> bool:
    """Copy the log into the file, which keeps nobody from writing; returns whether all of it is there."""
    busy, in_log, copied = raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    return not busy and in_log == copied


def _pragma(raw: Any, words: str) -> Any:
    row = raw.execute(f"PRAGMA {words}").fetchone()
    return row[0] if row else None


def _path(raw: Any) -> str:
    found = raw.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchone()
    return str(found[0] or "")


def _size_of(path: str) -> int:
    try:
        return Path(path).stat().st_size if path else 0
    except OSError:
        return 0


def _stop_of(error: sqlite3.Error) -> Stop:
    name = getattr(error, "sqlite_errorname", None) or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return Stop.LOCKED
    return Stop.INTERRUPTED if name == "SQLITE_INTERRUPT" else Stop.REFUSED
