"""How Alembic reaches the database: through the connection it is handed, or the settings' URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic import context

from cleveragents.container import Container
from cleveragents.infrastructure.database.rows import metadata
from cleveragents.infrastructure.database.schema import VERSION_TABLE
from cleveragents.infrastructure.database.types import JsonObject, Seconds, UtcDateTime

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext
    from sqlalchemy import Connection


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Name our column types with the import they need."""
    if kind == "type" and isinstance(item, (JsonObject, Seconds, UtcDateTime)):
        name = type(item).__name__
        autogen.imports.add(f"from {type(item).__module__} import {name}")
        return f"{name}()"
    return False


def run_on(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        render_item=render_item,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run_on(given)
else:  # Alembic's own command line
    with Container().own_store().engine.connect() as own:
        own.execution_options(writes=True)
        with own.begin():
            run_on(own)
