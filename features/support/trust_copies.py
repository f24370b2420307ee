"""A database that began as a copy of another: the same sessions, and the same fingerprint."""

from __future__ import annotations

import shutil
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url

from support.backends import Database, SqliteDatabase, migrate
from support.driver import Driver


def copy_of(driver: Driver) -> Database:
    """Copy this scenario's database as it is now; the copy is dropped at the end."""
    database = driver.database
    if isinstance(database, SqliteDatabase):
        path = driver.folder / "copy.db"
        shutil.copyfile(database.path, path)
        return SqliteDatabase(path)
    from support.postgresql_backend import PostgresqlDatabase

    url = make_url(database.url)
    server, name = url.set(database="postgres"), f"cleveragents_copy_{uuid4().hex}"
    with psycopg.connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        statement = SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(statement.format(Identifier(name), Identifier(str(url.database))))
    copy = PostgresqlDatabase(server, name)
    driver.at_the_end(copy.drop)
    return copy


def use_another_database(driver: Driver) -> None:
    """A database of its own making, and so with a fingerprint of its own."""
    driver.use_empty_database()
    migrate(driver.database.url)
