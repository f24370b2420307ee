"""The schema's version and its migrations."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, Engine, func, inspect, select, text

from cleveragents.domain.errors import NotADatabaseError, SchemaOutdatedError, SchemaTooNewError
from cleveragents.infrastructure.database.engine import displayed

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

VERSION_TABLE = "cleveragents_version"
HEAD = "20261121_06"
"""The newest revision, so that a command need not load Alembic to know that all is well."""
REVISIONS = (
    "20261121_01",
    "20261121_02",
    "20261121_03",
    "20261121_04",
    "20261121_05",
    HEAD,
)

_ONE_MIGRATION_AT_A_TIME = 0x636C_6576_6572
# Alembic keeps its migration context in module globals.
_migrating = threading.Lock()


def revision_of(connection: Connection) -> str | None:
    """The database's revision; None where nothing of ours is in it."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    revision: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    return revision


def holds_tables(connection: Connection) -> bool:
    return bool(inspect(connection).get_table_names())


def require_head(connection: Connection, url: URL) -> None:
    """Raise unless the schema is the one this version knows."""
    revision = revision_of(connection)
    if revision == HEAD:
        return
    if revision is None:
        raise SchemaOutdatedError(
            f"The database {displayed(url)} has no tables of cleveragents.",
            hints=["Create them with: agents db upgrade", "Check that the database URL is the one you mean."],
        )
    if revision in REVISIONS:
        raise SchemaOutdatedError(
            f"The database {displayed(url)} has an older schema ({revision}; this version needs {HEAD}).",
            hints=["Migrate it with: agents db upgrade"],
        )
    raise SchemaTooNewError(
        f"The database {displayed(url)} has the schema {revision}, which this version does not know.",
        detail="It was probably written by a newer version of cleveragents. Nothing was changed.",
        hints=["Upgrade cleveragents on this machine."],
    )


def migrate_embedded(engine: Engine, url: URL) -> None:
    """Create or migrate an embedded database on its first writing command, unless it is somebody else's."""
    with engine.begin() as connection:
        revision = revision_of(connection)
        if revision is None and holds_tables(connection):
            raise NotADatabaseError(
                f"The database {url.database} belongs to another program; it was left as it is.",
                hints=[
                    "Check the database URL.",
                    "To keep sessions beside the other tables: agents db upgrade",
                ],
            )
    if revision != HEAD:
        use_write_ahead_log(engine)
        with engine.connect() as connection:
            connection.execution_options(writes=True)
            with connection.begin():
                migrate(connection, url)


def migrate(connection: Connection, url: URL) -> None:
    """Bring the schema to the head inside the caller's transaction, alone among migrations."""
    from alembic import command

    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_ONE_MIGRATION_AT_A_TIME)))
    revision = revision_of(connection)
    if revision == HEAD:
        return
    if revision is not None and revision not in REVISIONS:
        require_head(connection, url)
    config = alembic_config()
    config.attributes["connection"] = connection
    with _migrating:
        command.upgrade(config, "head")


def alembic_config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def migrations() -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(alembic_config())


def _migrations_folder() -> Path:
    """Inside the installed package, or at the top of a checkout."""
    package = Path(__file__).parents[2]
    inside = package / "alembic"
    return inside if inside.exists() else package.parents[1] / "alembic"


def mark_current(connection: Connection) -> None:
    """Say in a database whose tables were just made that they are this version's."""
    connection.execute(text(f"CREATE TABLE {VERSION_TABLE} (version_num TEXT NOT NULL)"))
    connection.execute(text(f"INSERT INTO {VERSION_TABLE} VALUES (:head)"), {"head": HEAD})


def use_write_ahead_log(engine: Engine) -> None:
    """Let readers go on while one process writes. SQLite remembers this in the file."""
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()
