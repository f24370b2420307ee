"""Threads as LangGraph's checkpointers keep them, for the checks that every adapter has to pass."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from cleveragents.conformance import Maker, Wanted
from cleveragents.domain.stored import id_of_key, key_of_id
from cleveragents.infrastructure.stores.langgraph.kind import KIND
from support.foreign_databases import ForeignDatabase, ServerDatabase, SqliteFile
from support.langgraph_threads import Threads
from support.recorded_stores import FOLDER

_RECORDED = "langgraph-1.2.22-checkpointers"
_STEP = timedelta(milliseconds=1)


class LangGraphMaker(Maker):
    """`place` gives the URL of a new database; its tables are those of a recorded store."""

    kind = KIND
    makes_empty = False

    def __init__(self, new_database: Callable[[Path], str]) -> None:
        self._new_database = new_database
        self._numbers: Iterator[int] = count(1)

    def place(self, folder: Path) -> str:
        return self._new_database(folder)

    def make(self, location: str, wanted: Sequence[Wanted]) -> Sequence[str]:
        threads = _threads(location)
        if not threads.are_there():
            self._make_tables(threads)
        return [self._make(threads, each) for each in wanted]

    def ids(self, location: str) -> Collection[str]:
        return [id_of_key(thread) for thread in _threads(location).names()]

    def read(self, location: str, session_id: str) -> object:
        (thread,) = key_of_id(session_id)
        return _threads(location).rows_of(thread) or None

    def append(self, location: str, session_id: str) -> None:
        (thread,) = key_of_id(session_id)
        _threads(location).save_step(thread, datetime.now(UTC))

    def spoil(self, location: str) -> None:
        _threads(location).execute("ALTER TABLE checkpoints ADD COLUMN mood TEXT")

    def edit(self, location: str, session_id: str) -> bool:
        (thread,) = key_of_id(session_id)
        threads = _threads(location)
        threads.execute(f"UPDATE {threads.writes} SET channel = upper(channel) WHERE thread_id = ?", thread)
        return True

    def leave_dangling(self, location: str, age: timedelta) -> int:
        _threads(location).write_late("gone", datetime.now(UTC) - age)
        return 1

    def _make(self, threads: Threads, wanted: Wanted) -> str:
        thread = f"{wanted.hint or 'thread'} {next(self._numbers)}"
        last = datetime.now(UTC) - wanted.age
        for number in reversed(range(wanted.messages)):
            threads.save_step(thread, last - number * _STEP)
        return id_of_key(thread)

    @staticmethod
    def _make_tables(threads: Threads) -> None:
        text = (FOLDER / f"{_RECORDED}.{threads.backend}.sql").read_text(encoding="utf-8")
        with closing(threads.connect()) as connection:
            if threads.backend == "sqlite":
                connection.executescript(text)
            else:
                connection.execute(text)
        threads.forget_all()


def _threads(location: str) -> Threads:
    database: ForeignDatabase
    if location.startswith("sqlite:///"):
        database = SqliteFile(Path(location.removeprefix("sqlite:///")))
    else:
        database = ServerDatabase(location)
    return Threads(database)
