"""PostgreSQL servers that do not let everybody in, and rights that not everybody has."""

from __future__ import annotations

import atexit
import socket
import time
from collections.abc import Callable
from functools import cache
from urllib.parse import quote
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier, Literal
from sqlalchemy import URL, make_url

from support.driver import DATABASE_VARIABLE, Driver
from support.embedded_server import EmbeddedServer

PASSWORD = "s3cret/pa@ss:w%rd"  # noqa: S105 - what the scenarios look for in everything written
WRONG_PASSWORD = "wr0ng/pa@ss:w%rd"  # noqa: S105 - the same
_USER = "guarded"
_FULL_DISK = """
CREATE FUNCTION fill_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk AFTER DELETE ON sessions FOR EACH STATEMENT EXECUTE FUNCTION fill_disk()
"""


def use_url(driver: Driver, url: URL) -> None:
    driver.set_variable(DATABASE_VARIABLE, url.render_as_string(hide_password=False))


def url_of_nobody() -> URL:
    """A URL with a password, at a port where nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return make_url(f"postgresql://operator@127.0.0.1:{port}/sessions").set(password=PASSWORD)


def passwords_in(written: str) -> list[str]:
    known = [PASSWORD, WRONG_PASSWORD]
    return [word for word in [*known, *(quote(word, safe="") for word in known)] if word in written]


@cache
def guarded_server() -> URL:
    """Start, once for a whole run, a server with a user who has to give a password."""
    server = EmbeddedServer()
    atexit.register(server.stop)
    url = make_url(server.url)
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        user = Identifier(_USER)
        connection.execute(SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(user, Literal(PASSWORD)))
        connection.execute(SQL("CREATE DATABASE {} OWNER {}").format(user, user))
        rules = server.folder / "pg_hba.conf"
        rules.write_text(f"local all {_USER} scram-sha-256\n{rules.read_text()}")
        connection.execute("SELECT pg_reload_conf()")
    return url.set(username=_USER, database=_USER)


def let_only_read(driver: Driver) -> None:
    """Have every command run as a role that may select, and nothing else."""
    role = Identifier(name := f"reader_{uuid4().hex}")
    connection = driver.another_connection()
    connection.execute(SQL("CREATE ROLE {}").format(role))
    connection.execute(SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(role))

    def forget() -> None:
        connection.execute(SQL("DROP OWNED BY {}").format(role))
        connection.execute(SQL("DROP ROLE {}").format(role))

    driver.at_the_end(forget)
    url = make_url(driver.database.url)
    use_url(driver, url.update_query_dict({"options": f"-c role={name}"}))


def fill_disk_on_delete(driver: Driver) -> None:
    """The server raises what it raises when its disk is full, at the end of the deletion."""
    driver.another_connection().execute(_FULL_DISK)


def raise_on_delete(driver: Driver, state: str) -> None:
    """The server ends whoever deletes a session with this SQLSTATE."""
    driver.another_connection().execute(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION 'as the server says it' USING ERRCODE = '{state}'; END $$;"
        "CREATE TRIGGER failing AFTER DELETE ON sessions FOR EACH STATEMENT EXECUTE FUNCTION fail()"
    )


def break_commits(driver: Driver) -> None:
    """The server ends the connection of whoever commits a change to the sessions."""
    driver.another_connection().execute(
        "CREATE FUNCTION end_it() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
        "CREATE CONSTRAINT TRIGGER ending AFTER INSERT OR DELETE ON sessions DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION end_it()"
    )


def end_connections(driver: Driver) -> None:
    """The server ends every connection to this database but the one that asks for it."""
    driver.another_connection().execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid != pg_backend_pid()"
    )


def hold_back_messages(driver: Driver) -> tuple[Callable[[], object], Callable[[], None]]:
    """Let nobody write messages; returns what lets them, and what waits until somebody waits for that."""
    holder = psycopg.connect(driver.database.url)
    driver.at_the_end(holder.close)
    holder.execute("LOCK TABLE session_messages IN SHARE MODE")
    watcher = driver.another_connection()

    def wait() -> None:
        deadline = time.monotonic() + 30
        while watcher.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone() is None:
            assert time.monotonic() < deadline, "nobody came to write a message"
            time.sleep(0.05)

    return holder.rollback, wait
