"""Databases as other versions and other programs leave them."""

from __future__ import annotations

from alembic import command
from sqlalchemy import create_engine, text

from cleveragents.infrastructure.database.engine import parse_url
from cleveragents.infrastructure.database.schema import REVISIONS, VERSION_TABLE, alembic_config
from support.backends import SqliteDatabase
from support.driver import Driver

NEWER = "20991231_01"
OLDER = REVISIONS[0]


def downgrade(driver: Driver, revision: str = OLDER) -> None:
    """Take the schema back with the migrations' own way down."""
    engine = create_engine(parse_url(driver.database.url))
    with engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
    engine.dispose()


def make_newer(driver: Driver) -> None:
    connection = driver.another_connection()
    connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '{NEWER}'")
    connection.execute("ALTER TABLE sessions ADD COLUMN colour TEXT")


def revision_of(driver: Driver) -> str:
    engine = create_engine(parse_url(driver.database.url))
    try:
        with engine.connect() as connection:
            return str(connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}")))
    finally:
        engine.dispose()


def give_to_another_program(driver: Driver) -> None:
    """A database in which somebody else keeps a shop."""
    driver.use_empty_database()
    connection = driver.another_connection()
    connection.execute("CREATE TABLE orders (number INTEGER PRIMARY KEY, what TEXT)")
    connection.execute("INSERT INTO orders VALUES (1, 'a chair'), (2, 'a table')")
    if isinstance(driver.database, SqliteDatabase):
        driver.remembered["bytes"] = driver.database.path.read_bytes()
