"""The migrations, run both ways on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from robot.api.deco import keyword
from sqlalchemy import Engine, create_engine, inspect, text

from cleveragents.infrastructure.database import schema
from cleveragents.infrastructure.database.engine import parse_url


@keyword
def upgrade_to(url: str, revision: str) -> None:
    with _alembic_on(url) as config:
        command.upgrade(config, revision)


@keyword
def downgrade_to(url: str, revision: str) -> None:
    with _alembic_on(url) as config:
        command.downgrade(config, revision)


@keyword
def models_should_match_tables(url: str) -> None:
    """Fail where Alembic would generate another migration."""
    with _alembic_on(url) as config:
        command.check(config)


@keyword
def description_of(url: str) -> dict[str, str]:
    """Describe every table, index and trigger of ours in the database's own words."""
    engine = _engine(url)
    description = _as_written(engine) if engine.dialect.name == "sqlite" else _as_inspected(engine)
    engine.dispose()
    return {name: words for name, words in description.items() if schema.VERSION_TABLE not in name}


@keyword
def unnamed_constraints(url: str) -> list[str]:
    """Name the tables that have a constraint without a name of our own choosing."""
    engine = _engine(url)
    found = inspect(engine)
    constraints = [
        (table, constraint)
        for table in found.get_table_names()
        if table != schema.VERSION_TABLE
        for constraint in (
            found.get_pk_constraint(table),
            *found.get_foreign_keys(table),
            *found.get_unique_constraints(table),
            *found.get_check_constraints(table),
        )
    ]
    engine.dispose()
    assert constraints, "There is no constraint to look at."
    ours = ("pk_", "fk_", "uq_", "ck_")
    return [table for table, constraint in constraints if not str(constraint["name"]).startswith(ours)]


@keyword
def revisions_in_folder() -> list[str]:
    """Name the revisions of the script directory, the oldest first."""
    return [script.revision for script in schema.migrations().walk_revisions()][::-1]


@keyword
def revisions_in_program() -> list[str]:
    assert schema.REVISIONS[-1] == schema.HEAD
    return list(schema.REVISIONS)


def _engine(url: str) -> Engine:
    return create_engine(parse_url(url))


@contextmanager
def _alembic_on(url: str) -> Iterator[Config]:
    engine = _engine(url)
    with engine.begin() as connection:
        config = schema.alembic_config()
        config.attributes["connection"] = connection
        yield config
    engine.dispose()


def _as_written(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT name, sql FROM sqlite_master"))
        return {name: str(sql) for name, sql in found}


def _as_inspected(engine: Engine) -> dict[str, str]:
    found = inspect(engine)
    return {
        table: repr(
            [
                [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in found.get_columns(table)],
                found.get_pk_constraint(table),
                found.get_foreign_keys(table),
                sorted(map(repr, found.get_indexes(table))),
                sorted(map(repr, found.get_check_constraints(table))),
            ]
        )
        for table in found.get_table_names()
    }
