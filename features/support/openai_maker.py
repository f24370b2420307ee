"""Sessions as the OpenAI Agents SDK keeps them, for the checks that every adapter has to pass."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from cleveragents.conformance import Maker, Wanted
from cleveragents.domain.stored import id_of_key, key_of_id
from cleveragents.infrastructure.stores.openai_agents.kind import KIND
from support.foreign_databases import ForeignDatabase, ServerDatabase, SqliteFile
from support.recorded_stores import FOLDER

_SESSION = "INSERT INTO agent_sessions (session_id, created_at, updated_at) VALUES (?, ?, ?)"
_MESSAGE = "INSERT INTO agent_messages (session_id, message_data, created_at) VALUES (?, ?, ?)"
_STRUCTURE = (
    "INSERT INTO message_structure (session_id, message_id, message_type, sequence_number, created_at) "
    "SELECT session_id, id, 'user', id, created_at FROM agent_messages WHERE session_id = ? "
    "AND id NOT IN (SELECT message_id FROM message_structure)"
)
_TOUCH = "UPDATE agent_sessions SET updated_at = ? WHERE session_id = ?"
_TABLES = ("agent_sessions", "agent_messages")
_OF_BRANCHES = ("message_structure", "turn_usage")


class OpenAiMaker(Maker):
    """`place` gives the URL of a new database; its tables are those of the recorded store of that name."""

    kind = KIND

    def __init__(self, recorded: str, new_database: Callable[[Path], str]) -> None:
        self._recorded = recorded
        self._is_advanced = "Advanced" in recorded
        self._tables = (*_TABLES, *(_OF_BRANCHES if self._is_advanced else ()))
        self._new_database = new_database
        self._numbers: Iterator[int] = count(1)

    def place(self, folder: Path) -> str:
        return f"sqlite:///{folder / 'talks.db'}" if self._is_advanced else self._new_database(folder)

    def make(self, location: str, wanted: Sequence[Wanted]) -> Sequence[str]:
        database = _database(location)
        if not self._has_tables(database):
            self._make_tables(database)
        return [self._make(database, each) for each in wanted]

    def ids(self, location: str) -> Collection[str]:
        found = _database(location).execute("SELECT session_id FROM agent_sessions")
        return [id_of_key(session_id) for (session_id,) in found]

    def read(self, location: str, session_id: str) -> object:
        database = _database(location)
        statements = [f"SELECT * FROM {each} WHERE session_id = ? ORDER BY 1" for each in self._tables]
        rows = [database.execute(statement, key_of_id(session_id)) for statement in statements]
        return rows if rows[0] else None

    def append(self, location: str, session_id: str) -> None:
        (key,) = key_of_id(session_id)
        self._add(_database(location), key, datetime.now(UTC))

    def spoil(self, location: str) -> None:
        _database(location).execute("ALTER TABLE agent_sessions ADD COLUMN mood TEXT")

    def edit(self, location: str, session_id: str) -> bool:
        statement = "UPDATE agent_messages SET message_data = upper(message_data) WHERE session_id = ?"
        _database(location).execute(statement, key_of_id(session_id))
        return True

    def leave_dangling(self, location: str, age: timedelta) -> int:
        database = _database(location)
        if database.backend == "postgresql":
            return 0  # there the foreign key lets nobody
        database.execute(_MESSAGE, ["gone", "{}", _text(datetime.now(UTC) - age)])
        return 1

    def _make(self, database: ForeignDatabase, wanted: Wanted) -> str:
        key = f"{wanted.hint or 'talk'} {next(self._numbers)}"
        last = datetime.now(UTC) - wanted.age
        database.execute(_SESSION, [key, _text(last), _text(last)])
        for _ in range(wanted.messages):
            self._add(database, key, last)
        return id_of_key(key)

    def _add(self, database: ForeignDatabase, key: str, moment: datetime) -> None:
        item = json.dumps({"role": "user", "content": f"hello from {key}"})
        database.execute(_MESSAGE, [key, item, _text(moment)])
        if self._is_advanced:
            database.execute(_STRUCTURE, [key])
        database.execute(_TOUCH, [_text(moment), key])

    def _make_tables(self, database: ForeignDatabase) -> None:
        text = (FOLDER / f"{self._recorded}.{database.backend}.sql").read_text(encoding="utf-8")
        with closing(database.connect()) as connection:
            if database.backend == "sqlite":
                connection.executescript(text)
            else:
                connection.execute(text)
        for table in reversed(self._tables):
            database.execute(f"DELETE FROM {table}")

    @staticmethod
    def _has_tables(database: ForeignDatabase) -> bool:
        if database.backend == "postgresql":
            return bool(database.execute("SELECT to_regclass('agent_sessions')")[0][0])
        return bool(database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'agent_sessions'"))


def _text(moment: datetime) -> str:
    """As CURRENT_TIMESTAMP writes it in a SQLite file, and PostgreSQL reads it where its zone is UTC."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _database(location: str) -> ForeignDatabase:
    if location.startswith("sqlite:///"):
        return SqliteFile(Path(location.removeprefix("sqlite:///")))
    return ServerDatabase(location)
