"""Other systems' stores as their own libraries made them, loaded into a database of the scenario's."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from cleveragents.infrastructure.database.rows import sessions
from support.foreign_databases import Fingerprint, ForeignDatabase, ServerDatabase, SqliteFile

FOLDER = Path(__file__).resolve().parent.parent / "stores" / "recorded"
_TOLD = re.compile(
    r"-- (?P<id>.+): (?P<messages>\d+) messages, (?P<days>\d+) days old, (?P<fate>purged|kept)"
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A session as it was recorded: whether the default policy takes it at the clock's beginning."""

    session_id: str
    messages: int
    days: int
    is_purged: bool


class RecordedStore:
    """One store; `kind` and `url` are what `--store` takes."""

    def __init__(self, name: str, database: ForeignDatabase, text: str, driver: Any) -> None:
        self.name = name
        self.kind = name.partition("-")[0]
        self.database = database
        self.sessions = [
            Recorded(told["id"], int(told["messages"]), int(told["days"]), told["fate"] == "purged")
            for told in _TOLD.finditer(text)
        ]
        self.before = database.fingerprint()
        self.made = self.session_ids(driver)
        """What there was at the beginning: the library had deleted some of what it made."""

    @property
    def option(self) -> str:
        return f"--store {self.kind}:{self.database.url}"

    @property
    def to_purge(self) -> set[str]:
        return {each.session_id for each in self.sessions if each.is_purged} & self.made

    def session_ids(self, driver: Any) -> set[str]:
        """Those that there are now, as the adapter sees them."""
        container = driver.container()
        container.flags.override({"cleanup_store": f"{self.kind}:{self.database.url}"})
        with closing(container.store()) as store, store.projected() as projection:
            return set(projection.connection.scalars(select(sessions.c.session_id)))

    def now(self) -> Fingerprint:
        return self.database.fingerprint()


def load(name: str, driver: Any) -> RecordedStore:
    """The store of this name on the scenario's backend or, where there is none of it, on SQLite."""
    backend = driver.backend.name
    path = FOLDER / f"{name}.{backend}.sql"
    if not path.exists():
        backend, path = "sqlite", FOLDER / f"{name}.sqlite.sql"
    text = path.read_text(encoding="utf-8")
    database: ForeignDatabase
    if backend == "sqlite":
        file = driver.folder / f"foreign-{uuid4().hex[:8]}.db"
        database = SqliteFile(file)
        connection = database.connect()
        connection.executescript(text)
        connection.close()
    else:
        made = driver.backend.create(driver.folder, migrated=False)
        driver.at_the_end(made.drop)
        database = ServerDatabase(made.url.replace("+psycopg", ""))
        connection = database.connect()
        connection.execute(text)
        connection.close()
    return RecordedStore(name, database, text, driver)
