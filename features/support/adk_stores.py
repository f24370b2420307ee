"""What somebody does to a database of Google ADK, past the library."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import make_url

from support.foreign_databases import Fingerprint, ForeignDatabase, ServerDatabase, SqliteFile

_OTHER_TYPES = {"sqlite": {"bigint": "BIGINT", "another": "TEXT"}}
_TYPES_OF_SERVER = {
    "bigint": "bigint USING extract(epoch FROM update_time)::bigint",
    "another": "timestamp with time zone",
}
_KEYED = """
    CREATE TABLE others (id VARCHAR PRIMARY KEY, app_name VARCHAR NOT NULL, user_id VARCHAR NOT NULL,
    session_id VARCHAR NOT NULL, invocation_id VARCHAR, timestamp TIMESTAMP, event_data TEXT)
"""


class UnknownStore:
    """A database that only looks like one of Google ADK."""

    def __init__(self, database: ForeignDatabase) -> None:
        self.database = database
        self.option = f"--store adk:{database.url}"

    @classmethod
    def made(cls, driver: Any) -> UnknownStore:
        database: ForeignDatabase
        if driver.backend.name == "sqlite":
            database = SqliteFile(driver.folder / "other.db")
        else:
            made = driver.backend.create(driver.folder, migrated=False)
            driver.at_the_end(made.drop)
            database = ServerDatabase(made.url.replace("+psycopg", ""))
        for table in ("sessions", "events"):
            database.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, started_at TIMESTAMP)")
        return cls(database)

    def now(self) -> Fingerprint:
        return self.database.fingerprint()


def move(store: Any, place: Path) -> None:
    place.parent.mkdir(parents=True)
    shutil.move(store.database.path, place)
    store.database = SqliteFile(place)


def change_type_of_times(database: ForeignDatabase, kind: str) -> None:
    if database.backend == "postgresql":
        database.execute(f"ALTER TABLE sessions ALTER COLUMN update_time TYPE {_TYPES_OF_SERVER[kind]}")
        return
    connection = database.connect()
    connection.execute("PRAGMA writable_schema = ON")
    other = f"update_time {_OTHER_TYPES['sqlite'][kind]}"
    changed = "UPDATE sqlite_schema SET sql = replace(sql, 'update_time DATETIME', ?) WHERE name = 'sessions'"
    assert connection.execute(changed, [other]).rowcount == 1
    connection.close()


def change_primary_key(database: ForeignDatabase) -> None:
    for statement in (_KEYED, "DROP TABLE events", "ALTER TABLE others RENAME TO events"):
        database.execute(statement)


def more_stale_sessions(database: ForeignDatabase, number: int) -> None:
    then = "timestamp '2026-01-01'"
    numbers = f"generate_series(1, {number}) n"
    database.execute(
        f"INSERT INTO sessions SELECT 'shop', 'bo', 'more-' || n, '{{}}', {then}, {then} FROM {numbers}"
    )
    database.execute(
        "INSERT INTO events SELECT 'event-' || n || '-' || m, 'shop', 'bo', 'more-' || n, 'one', "
        f"{then}, '{{}}' FROM {numbers}, generate_series(1, 5) m"
    )
    database.execute("ANALYZE")


def as_another_user(driver: Any, store: Any, *, owner: bool) -> None:
    """Have commands come as a user of less power, who owns the tables, or may delete from them."""
    name = f"user_{uuid4().hex[:12]}"
    database = store.database
    tables = [
        row[0] for row in database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    database.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'secret'")
    if owner:
        database.execute(f"GRANT CREATE ON SCHEMA public TO {name}")
    for table in tables:
        database.execute(f"GRANT SELECT, DELETE, UPDATE ON {table} TO {name}")
        if owner:
            database.execute(f"ALTER TABLE {table} OWNER TO {name}")
    driver.at_the_end(lambda: _drop_user(database, name))
    url = make_url(database.url).set(username=name, password="secret")  # noqa: S106 - of this scenario alone
    store.as_user(url.render_as_string(hide_password=False))


def _drop_user(database: ForeignDatabase, name: str) -> None:
    database.execute(f"REASSIGN OWNED BY {name} TO CURRENT_USER")
    database.execute(f"DROP OWNED BY {name}")
    database.execute(f"DROP ROLE {name}")
