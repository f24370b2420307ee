"""A call before every statement, every end of a transaction and every file operation of this process."""

from __future__ import annotations

import fcntl
import io
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg

Reached = Callable[[str], None]
_LONGEST_LABEL = 100
_OF_FILES = ("open", "mkdir", "flock", "write", "torn", "fsync", "rename", "unlink")


class Boundaries:
    """Tells `reached` what is about to happen; silent about what happens while `reached` runs."""

    def __init__(self, reached: Reached) -> None:
        self._reached = reached
        self._is_telling = False

    @contextmanager
    def watched(self, files_in: str) -> Iterator[None]:
        """Watch the drivers, and the operations on files below one folder."""
        with ExitStack() as stack:
            for owner, name, replacement in (*self._of_drivers(), *self._of_files(files_in)):
                stack.enter_context(patch.object(owner, name, replacement))
            yield

    def tell(self, label: str) -> None:
        if self._is_telling:
            return
        self._is_telling = True
        try:
            self._reached(label)
        finally:
            self._is_telling = False

    def _of_drivers(self) -> Iterator[tuple[Any, str, Any]]:
        yield sqlite3, "connect", self._connecting_to_sqlite()
        for cursor in (psycopg.Cursor, psycopg.ServerCursor):
            for name in ("execute", "executemany", "copy"):
                if name in vars(cursor):
                    yield cursor, name, self._telling_statement(vars(cursor)[name])
        for name in ("commit", "rollback"):
            yield psycopg.Connection, name, self._telling(name, vars(psycopg.Connection)[name])

    def _connecting_to_sqlite(self) -> Any:
        connect = sqlite3.connect
        telling_statement, telling = self._telling_statement, self._telling

        class Cursor(sqlite3.Cursor):
            execute = telling_statement(sqlite3.Cursor.execute)
            executemany = telling_statement(sqlite3.Cursor.executemany)

        class Connection(sqlite3.Connection):
            commit = telling("commit", sqlite3.Connection.commit)
            rollback = telling("rollback", sqlite3.Connection.rollback)

            # What a connection executes itself goes through here too.
            def cursor(self, factory: Any = Cursor) -> Any:
                return super().cursor(factory)

        def connecting(*arguments: Any, **named: Any) -> Any:
            return connect(*arguments, **{"factory": Connection, **named})

        return connecting

    def _of_files(self, folder: str) -> Iterator[tuple[Any, str, Any]]:
        for owner, name in ((os, "open"), (io, "open"), (os, "rename"), (os, "unlink"), (os, "mkdir")):
            yield owner, name, self._telling_path(folder, name, getattr(owner, name))
        yield os, "fsync", self._telling("fsync", os.fsync)
        yield fcntl, "flock", self._telling("flock", fcntl.flock)
        yield os, "fdopen", self._opening_raw_files()

    def _opening_raw_files(self) -> Any:
        tell, fdopen = self.tell, os.fdopen

        class TornFile(io.FileIO):
            """Writes in two halves, with a boundary before each."""

            def write(self, data: Any) -> int:
                view = memoryview(data)
                written = 0
                for piece, label in (
                    (view[: len(view) // 2], "write"),
                    (view[len(view) // 2 :], "torn write"),
                ):
                    tell(f"{label} of {len(view)} bytes")
                    while piece:
                        done = super().write(piece)
                        piece = piece[done:]  # noqa: PLW2901 - a write may take only a part
                        written += done
                return written

        def opening(descriptor: int, mode: str = "r", *arguments: Any, **named: Any) -> Any:
            if mode == "wb" and not arguments and not named:
                return io.BufferedWriter(TornFile(descriptor, mode))
            return fdopen(descriptor, mode, *arguments, **named)

        return opening

    def _telling(self, label: str, function: Any) -> Any:
        @wraps(function)
        def told(*arguments: Any, **named: Any) -> Any:
            self.tell(label)
            return function(*arguments, **named)

        return told

    def _telling_statement(self, function: Any) -> Any:
        @wraps(function)
        def told(cursor: Any, statement: Any, *arguments: Any, **named: Any) -> Any:
            self.tell(_shortened(str(statement)))
            return function(cursor, statement, *arguments, **named)

        return told

    def _telling_path(self, folder: str, label: str, function: Any) -> Any:
        @wraps(function)
        def told(path: Any, *arguments: Any, **named: Any) -> Any:
            if isinstance(path, str | os.PathLike) and os.fspath(path).startswith(folder):
                self.tell(f"{label} {Path(path).name}")
            return function(path, *arguments, **named)

        return told


def is_of_a_file(label: str) -> bool:
    return label.split(" ", maxsplit=1)[0] in _OF_FILES


def _shortened(statement: str) -> str:
    """The beginning of a statement; of one that begins with a CTE, what it is for."""
    words = re.sub(r"\s+", " ", statement).strip()
    purpose = re.search(r"INSERT INTO \w+", words)
    return f"WITH … {purpose[0]}" if words.startswith("WITH") and purpose else words[:_LONGEST_LABEL]
