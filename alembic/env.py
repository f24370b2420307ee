"""How Alembic reaches the database: through the connection it is handed, or the settings' URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic import context

from cleveragents.infrastructure.database.rows import metadata
from cleveragents.infrastructure.database.schema import VERSION_TABLE
from cleveragents.infrastructure.database.types import JsonObject, Seconds, UtcDateTime

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Name our column types with the import they need."""
    if kind == "type" and isinstance(item, (JsonObject, Seconds, UtcDateTime)):
        name = type(item).__name__
        autogen.imports.add(f"from {type(item).__module__} import {name}")
        return f"{name}()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_item=render_item,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
