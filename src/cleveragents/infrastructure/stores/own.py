"""What there is to say of our own store, in the words in which adapters tell of foreign ones."""

from __future__ import annotations

from cleveragents.domain.stored import Recognised
from cleveragents.infrastructure.database import schema
from cleveragents.infrastructure.database.rows import metadata, session_messages, sessions
from cleveragents.infrastructure.database.store import SqlSessionStore

_DELETED_FROM = (session_messages.name, sessions.name)


def recognise_own(store: SqlSessionStore) -> Recognised:
    """Raises SchemaOutdatedError or SchemaTooNewError unless it has the tables of this version."""
    with store.peeking() as connection:
        schema.require_head(connection, store.url)
    return Recognised(
        layout="cleveragents",
        schema_version=schema.HEAD,
        last_accessed="sessions.last_accessed_at, which every use of a session sets",
        emptiness="no message",
        orphans="sessions whose parent_session_id names none; messages that a writer left dangling",
        belongs=_DELETED_FROM,
        left_alone=tuple(name for name in metadata.tables if name not in _DELETED_FROM),
        protected="sessions that are pinned, leased, among the newest keep_last of their actor, "
        "an ancestor of a survivor, or dated in the future",
    )
