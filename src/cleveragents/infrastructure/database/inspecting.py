"""What the catalogue says of references, triggers and transactions that a purge would meet."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from cleveragents.domain.preflight import Hazard, HazardCode, Inspected
from cleveragents.infrastructure.database import postgresql_catalogue, sqlite_catalogue
from cleveragents.infrastructure.database.catalogue import Reference, Trigger
from cleveragents.infrastructure.database.footprint import size_on_disk
from cleveragents.infrastructure.database.store import SqlSessionStore


class SqlInspection:
    """`pinned_after` is how long a transaction may be open before it is named."""

    def __init__(self, store: SqlSessionStore, pinned_after: timedelta) -> None:
        self._store = store
        self._pinned_after = pinned_after

    def inspect(self) -> Inspected:
        with self._store.peeking() as connection:
            is_postgresql = connection.dialect.name == "postgresql"
            catalogue = postgresql_catalogue if is_postgresql else sqlite_catalogue
            hazards = [
                *(_slow(connection, each) for each in catalogue.unindexed_references(connection)),
                *map(_of_trigger, catalogue.triggers(connection)),
            ]
            if is_postgresql:
                hazards += postgresql_catalogue.switched_off(connection)
                hazards += postgresql_catalogue.pins(connection, self._pinned_after)
            return Inspected(
                hazards=tuple(hazards),
                size_bytes=size_on_disk(connection),
                log_folder=None if is_postgresql else Path(self._store.url.database or "").parent,
            )


def _slow(connection: Connection, reference: Reference) -> Hazard:
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(map(quote, reference.columns))
    index = quote(re.sub(r"\W+", "_", f"ix_{reference.table}_{'_'.join(reference.columns)}"))
    without_lock = " CONCURRENTLY" if connection.dialect.name == "postgresql" else ""
    rows = "whose number is unknown" if reference.rows is None else f"about {reference.rows:,}"
    return Hazard(
        code=HazardCode.UNINDEXED_REFERENCE,
        message=f"The table {reference.table} refers to {reference.parent}, and no index of it leads with "
        f"{columns}.",
        mend=f"CREATE INDEX{without_lock} {index} ON {reference.quoted_table} ({columns})",
        cost=f"Each row deleted from {reference.parent} scans all rows of {reference.table}, {rows}.",
    )


def _of_trigger(trigger: Trigger) -> Hazard:
    return Hazard(
        code=HazardCode.TRIGGER,
        message=f"The table {trigger.table} has a trigger that is not of cleveragents: {trigger.name}.",
        mend=trigger.mend,
        cost="Whatever it does, it does for what is deleted, while the lock is held.",
    )
