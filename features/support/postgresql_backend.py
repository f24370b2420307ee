"""PostgreSQL for the scenarios: a server and a migrated template for each run, a copy for each scenario."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import URL, make_url

from support.backends import COUNT_MESSAGES, TAKE_MESSAGE, migrate
from support.embedded_server import EmbeddedServer

SERVER_VARIABLE = "CLEVERAGENTS_TEST_POSTGRES_URL"


class PostgresqlDatabase:
    def __init__(self, server: URL, name: str) -> None:
        self._server = server
        self._name = name
        self.url = _rendered(server.set(database=name))

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url, autocommit=True)

    def hold_write_lock(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(self.url)
        connection.execute("LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE")
        return connection

    def snapshot(self) -> dict[str, list[Any]]:
        with self.connect() as connection:
            return {
                table: connection.execute(
                    SQL("SELECT ctid::text, xmin::text, * FROM {} ORDER BY 1").format(Identifier(table))
                ).fetchall()
                for table in ("sessions", "session_messages", "dangling_sessions")
            }

    def leave_messages_behind(self, session_id: str) -> None:
        with self.connect() as connection:
            # Only a superuser can: this switches the foreign keys' triggers off for one connection.
            connection.execute("SET session_replication_role = replica")
            connection.execute("DELETE FROM sessions WHERE session_id = %s", (session_id,))

    def hold_row(self, session_id: str) -> psycopg.Connection[Any]:
        connection = psycopg.connect(self.url)
        connection.execute("SELECT 1 FROM sessions WHERE session_id = %s FOR UPDATE", (session_id,))
        return connection

    def take_message(self, session_id: str) -> None:
        with self.connect() as connection:
            connection.execute(TAKE_MESSAGE, {"id": session_id})

    def refuse_to_delete(self, session_id: str) -> None:
        with self.connect() as connection:
            connection.execute(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
            )
            connection.execute(
                SQL(
                    "CREATE TRIGGER refuse BEFORE DELETE ON sessions FOR EACH ROW"
                    " WHEN (OLD.session_id = {}) EXECUTE FUNCTION refuse()"
                ).format(session_id)
            )

    def count_messages(self) -> int:
        with self.connect() as connection:
            row = connection.execute(COUNT_MESSAGES).fetchone()
        assert row is not None
        return int(row[0])

    def exists(self) -> bool:
        with psycopg.connect(_rendered(self._server)) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (self._name,))
            return found.fetchone() is not None

    def drop(self) -> None:
        with psycopg.connect(_rendered(self._server), autocommit=True) as connection:
            connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(self._name)))


class PostgresqlBackend:
    """A server of this run alone, or the one that the environment names."""

    name = "postgresql"

    def __init__(self) -> None:
        self._embedded: EmbeddedServer | None = None
        url = os.environ.get(SERVER_VARIABLE)
        if url is None:
            self._embedded = EmbeddedServer()
            url = self._embedded.url
        self._server = make_url(url)
        self._template = self._create_database()
        migrate(self._template.url)
        # A server takes a fifth of a second to copy a database: the next scenario's is made during this one.
        self._maker = ThreadPoolExecutor(max_workers=1)
        self._spare = self._maker.submit(self._create_database, self._template)

    def create(self, folder: Path, *, migrated: bool = True) -> PostgresqlDatabase:  # noqa: ARG002 - a file needs it
        if not migrated:
            return self._create_database()
        ready = self._spare.result()
        self._spare = self._maker.submit(self._create_database, self._template)
        return ready

    def stop(self) -> None:
        self._maker.shutdown()
        self._spare.result().drop()
        self._template.drop()
        if self._embedded is not None:
            self._embedded.stop()

    def _create_database(self, template: PostgresqlDatabase | None = None) -> PostgresqlDatabase:
        name = f"cleveragents_test_{uuid4().hex}"
        source = "template0" if template is None else make_url(template.url).database
        assert source is not None
        statement = SQL("CREATE DATABASE {} TEMPLATE {}")
        with psycopg.connect(_rendered(self._server), autocommit=True) as connection:
            connection.execute(statement.format(Identifier(name), Identifier(source)))
        return PostgresqlDatabase(self._server, name)


def _rendered(url: URL) -> str:
    return url.render_as_string(hide_password=False)
