"""What people write who have our tables and an ORM or a driver, in a process of its own.

python _delete_once.py "ORM, loaded"|"ORM, passive_deletes"|executemany CUTOFF; the database comes from
the environment
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, bindparam, delete, select
from sqlalchemy.orm import Session as DatabaseSession
from sqlalchemy.orm import registry, relationship

from cleveragents.container import Container
from cleveragents.infrastructure.database.rows import session_messages, sessions


def by_objects(engine: Engine, cutoff: datetime, *, passive: bool) -> int:
    """Fetch each stale session as an object and delete it, in one transaction."""
    mapped = registry()

    class MappedSession:
        pass

    class MappedMessage:
        pass

    mapped.map_imperatively(MappedMessage, session_messages, properties=_without_metadata(session_messages))
    own = relationship(MappedMessage, cascade="all, delete-orphan", passive_deletes=passive)
    mapped.map_imperatively(
        MappedSession, sessions, properties={**_without_metadata(sessions), "messages": own}
    )
    deleted = 0
    with DatabaseSession(engine) as database, database.begin():
        for stale in database.scalars(select(MappedSession).where(sessions.c.last_accessed_at < cutoff)):
            database.delete(stale)
            deleted += 1
    return deleted


def _without_metadata(table: Any) -> dict[str, Any]:
    """A mapped class has a `metadata` of its own."""
    return {"own_metadata": table.c["metadata"]}


def by_executemany(engine: Engine, cutoff: datetime) -> int:
    """Fetch the ids, then two deletes for each of them, in one transaction."""
    with engine.begin() as connection:
        ids = connection.scalars(select(sessions.c.session_id).where(sessions.c.last_accessed_at < cutoff))
        each = [{"stale": session_id} for session_id in ids]
        for table in (session_messages, sessions):
            connection.execute(delete(table).where(table.c.session_id == bindparam("stale")), each)
    return len(each)


WAYS = {
    "ORM, loaded collections": lambda engine, cutoff: by_objects(engine, cutoff, passive=False),
    "ORM, passive_deletes": lambda engine, cutoff: by_objects(engine, cutoff, passive=True),
    "executemany": by_executemany,
}


def main() -> None:
    name, cutoff = sys.argv[1:]
    engine = Container().own_store().engine
    with engine.connect():
        pass
    start = perf_counter()
    deleted = WAYS[name](engine, datetime.fromisoformat(cutoff))
    engine.dispose()
    seconds = perf_counter() - start
    print(json.dumps({"seconds": seconds, "sessions": deleted, "messages": None, "steps": {}}))


if __name__ == "__main__":
    main()
