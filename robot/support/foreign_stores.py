"""Other systems' stores, as their libraries made them, for the installed command to clean."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from robot.api.deco import keyword

from support.clock import START
from support.foreign_databases import Fingerprint, SqliteFile
from support.recorded_stores import FOLDER

_DAYS = 30
_made: dict[str, SqliteFile] = {}
_before: dict[str, Fingerprint] = {}


@keyword
def make_store_as_recorded(name: str, folder: str) -> str:
    """Fill a file with what a library once wrote, and return what `--store` takes."""
    database = SqliteFile(Path(folder) / f"{name}.db")
    connection = database.connect()
    connection.executescript((FOLDER / f"{name}.sqlite.sql").read_text(encoding="utf-8"))
    connection.close()
    store = f"{name.partition('-')[0]}:{database.url}"
    _made[store], _before[store] = database, database.fingerprint()
    return store


@keyword
def days_since_they_were_recorded() -> str:
    """A threshold by which the recorded sessions are stale today that were so on the day of the records."""
    return f"{(datetime.now(UTC) - START).days + _DAYS}d"


@keyword
def store_should_be_as_it_was(store: str) -> None:
    difference = _before[store].difference(_made[store].fingerprint())
    assert not difference, difference


@keyword
def rows_in_store(store: str, table: str) -> int:
    return _made[store].fingerprint().count(table)
