"""References, triggers and transactions as PostgreSQL's catalogue tells them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import Connection, text

from cleveragents.domain.duration import describe_age
from cleveragents.domain.preflight import Hazard, HazardCode
from cleveragents.infrastructure.database.catalogue import Reference, Trigger
from cleveragents.infrastructure.database.present import tables_deleted_from

_UNINDEXED = text(
    "SELECT keys.conrelid::regclass::text AS child, keys.confrelid::regclass::text AS parent, "
    "ARRAY(SELECT attname::text FROM unnest(keys.conkey) WITH ORDINALITY AS part (number, place) "
    "JOIN pg_attribute ON attrelid = keys.conrelid AND attnum = part.number ORDER BY place) AS columns, "
    "tables.reltuples::bigint AS rows "
    "FROM pg_constraint AS keys JOIN pg_class AS tables ON tables.oid = keys.conrelid "
    "WHERE keys.contype = 'f' AND NOT EXISTS (SELECT 1 FROM pg_index AS indexes "
    "WHERE indexes.indrelid = keys.conrelid AND indexes.indisvalid AND indexes.indpred IS NULL "
    "AND (indexes.indkey::int2[])[0:cardinality(keys.conkey) - 1] @> keys.conkey) ORDER BY child, columns"
)
_ON_DELETE = 8
_TRIGGERS = text(
    "SELECT tgrelid::regclass::text AS child, quote_ident(tgname) AS name FROM pg_trigger "
    "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND tgtype & :on_delete > 0 "
    "AND tgrelid = ANY(CAST(CAST(:tables AS text[]) AS regclass[])) ORDER BY child, name"
)
_ROLE = text("SELECT current_setting('session_replication_role'), quote_ident(session_user)")
_KEYS = text(
    "SELECT count(*) AS keys, count(*) FILTER (WHERE EXISTS (SELECT 1 FROM pg_trigger "
    "WHERE tgconstraint = keys.oid AND tgenabled = 'D')) AS disabled FROM pg_constraint AS keys "
    "WHERE contype = 'f' AND conrelid = 'session_messages'::regclass AND confrelid = 'sessions'::regclass"
)
_NO_CASCADE = (
    "Messages do not go with their sessions, so the purge finds other counts than it must and rolls back."
)
_PINS = text(
    "SELECT 'A transaction' AS what, 'pid ' || pid AS id, application_name AS who, "
    "extract(epoch FROM now() - xact_start)::float AS seconds, "
    "format('SELECT pg_terminate_backend(%s)', pid) AS mend FROM pg_stat_activity "
    "WHERE pid <> pg_backend_pid() AND datname = current_database() "
    "AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL) AND xact_start < now() - :pinned_after "
    "UNION ALL SELECT 'A prepared transaction', gid, owner::text, "
    "extract(epoch FROM now() - prepared)::float, format('ROLLBACK PREPARED %L', gid) "
    "FROM pg_prepared_xacts WHERE database = current_database() AND prepared < now() - :pinned_after "
    "UNION ALL SELECT 'An unused replication slot', slot_name::text, slot_type, NULL, "
    "format('SELECT pg_drop_replication_slot(%L)', slot_name) "
    "FROM pg_replication_slots WHERE xmin IS NOT NULL AND NOT active"
)


def unindexed_references(connection: Connection) -> Iterator[Reference]:
    deleted_from = tables_deleted_from(connection)
    for row in connection.execute(_UNINDEXED):
        if row.parent in deleted_from:
            rows = None if row.rows < 0 else row.rows
            yield Reference(
                table=row.child,
                quoted_table=row.child,
                parent=row.parent,
                columns=tuple(row.columns),
                rows=rows,
            )


def triggers(connection: Connection) -> Iterator[Trigger]:
    return triggers_on(connection, ("sessions", "session_messages"))


def triggers_on(connection: Connection, tables: Sequence[str]) -> Iterator[Trigger]:
    """Those of some tables that deletes set off."""
    quoted = [connection.dialect.identifier_preparer.quote(table) for table in tables]
    for row in connection.execute(_TRIGGERS, {"on_delete": _ON_DELETE, "tables": quoted}):
        mend = f"ALTER TABLE {row.child} DISABLE TRIGGER {row.name}"
        yield Trigger(table=row.child, name=row.name, mend=mend)


def switched_off(connection: Connection) -> Iterator[Hazard]:
    """Whether the foreign key that takes messages with their sessions does so for this user."""
    replication_role, user = connection.execute(_ROLE).one()
    keys = connection.execute(_KEYS).one()
    if replication_role == "replica":
        yield _off(
            "session_replication_role is replica, which switches foreign keys off.",
            f"ALTER ROLE {user} RESET session_replication_role",
        )
    if not keys.keys:
        yield _off(
            "The foreign key of session_messages is missing.",
            "ALTER TABLE session_messages ADD CONSTRAINT fk_session_messages_session_id_sessions "
            "FOREIGN KEY (session_id) REFERENCES sessions (session_id) ON DELETE CASCADE",
        )
    if keys.disabled:
        yield _off(
            "The foreign key of session_messages is switched off.", "ALTER TABLE sessions ENABLE TRIGGER ALL"
        )


def pins(connection: Connection, pinned_after: timedelta) -> Iterator[Hazard]:
    """What keeps the server from ever forgetting rows that were deleted since it began."""
    for row in connection.execute(_PINS, {"pinned_after": pinned_after}):
        age = "" if row.seconds is None else f", open for {describe_age(timedelta(seconds=row.seconds))}"
        yield Hazard(
            code=HazardCode.LONG_TRANSACTION,
            message=f"{row.what} of {row.who or 'an unnamed program'} ({row.id}){age}, may see old rows.",
            mend=row.mend,
            cost="What the purge deletes keeps its space until that has ended.",
        )


def _off(message: str, mend: str) -> Hazard:
    return Hazard(code=HazardCode.FOREIGN_KEYS_OFF, message=message, mend=mend, cost=_NO_CASCADE)
