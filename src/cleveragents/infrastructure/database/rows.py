"""The tables, and the one place where a row becomes a domain value and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Row,
    Table,
    Text,
    UniqueConstraint,
)

from cleveragents.domain.session import Message, Role, Session
from cleveragents.infrastructure.database.types import Count, JsonObject, Key, Seconds, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

sessions = Table(
    "sessions",
    metadata,
    Column("session_id", Key, nullable=False),
    Column("name", Key),
    Column("actor_name", Key),
    Column("namespace", Key, nullable=False),
    Column("source", Key, nullable=False),
    # A soft reference: an orphan must be able to exist, or it could not be found.
    Column("parent_session_id", Key),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_accessed_at", UtcDateTime, nullable=False),
    Column("first_message_at", UtcDateTime),
    Column("message_count", Count, nullable=False),
    Column("content_bytes", Count, nullable=False),
    Column("input_tokens", Count, nullable=False),
    Column("output_tokens", Count, nullable=False),
    Column("stale_after_seconds", Seconds),
    Column("pinned_at", UtcDateTime),
    Column("lease_expires_at", UtcDateTime),
    Column("metadata", JsonObject, nullable=False),
    PrimaryKeyConstraint("session_id"),
    CheckConstraint("message_count >= 0", name="message_count_not_negative"),
    CheckConstraint("content_bytes >= 0", name="content_bytes_not_negative"),
    CheckConstraint("input_tokens >= 0", name="input_tokens_not_negative"),
    CheckConstraint("output_tokens >= 0", name="output_tokens_not_negative"),
    # At most a hundred years, so that no arithmetic with it leaves the range of a timestamp.
    CheckConstraint("stale_after_seconds BETWEEN 1 AND 3153600000", name="stale_after_seconds_in_range"),
    # One index for each order of `agents session list`; the id breaks ties, so pages never overlap.
    Index(None, "last_accessed_at", "session_id"),
    Index(None, "created_at", "session_id"),
    Index(None, "content_bytes", "session_id"),
    Index(None, "message_count", "session_id"),
    Index(None, "name", "session_id"),
    Index(None, "actor_name", "last_accessed_at", "session_id"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
Index(
    None,
    sessions.c.parent_session_id,
    sessions.c.session_id,
    sqlite_where=sessions.c.parent_session_id.is_not(None),
    postgresql_where=sessions.c.parent_session_id.is_not(None),
)

# Clustered by session on SQLite: a purge walks whole neighbourhoods instead of picking rows.
session_messages = Table(
    "session_messages",
    metadata,
    Column("session_id", Key, ForeignKey("sessions.session_id", ondelete="CASCADE"), nullable=False),
    Column("sequence", Count, nullable=False),
    Column("message_id", Key, nullable=False),
    Column("role", Key, nullable=False),
    Column("content", Text, nullable=False),
    Column("tool_call_id", Text),
    Column("metadata", JsonObject, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("session_id", "sequence"),
    CheckConstraint("role IN ('user', 'assistant', 'system', 'tool')", name="role_known"),
    CheckConstraint("sequence BETWEEN 1 AND 1000000000000000", name="sequence_in_range"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# Filled by triggers, on SQLite only, when a writer that does not enforce foreign keys leaves messages
# behind: finding dangling messages then costs nothing, where searching for them reads every message.
dangling_sessions = Table(
    "dangling_sessions",
    metadata,
    Column("session_id", Key, nullable=False),
    PrimaryKeyConstraint("session_id"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# One row: by what this database can be told from others, and where its ledger ends.
cleanup_database = Table(
    "cleanup_database",
    metadata,
    Column("fingerprint", Key, nullable=False),
    Column("runs", Count, nullable=False),
    Column("last_hash", Key, nullable=False),
    PrimaryKeyConstraint("fingerprint"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# The ledger: a row is written in the transaction that it tells of, and never changed.
cleanup_runs = Table(
    "cleanup_runs",
    metadata,
    Column("position", Count, nullable=False, autoincrement=False),
    Column("run_id", Key, nullable=False),
    Column("outcome", Key, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime, nullable=False),
    Column("who", Key, nullable=False),
    Column("host", Key, nullable=False),
    Column("started_from", Key, nullable=False),
    Column("version", Key, nullable=False),
    Column("policy", Text, nullable=False),
    Column("policy_hash", Key, nullable=False),
    Column("plan_digest", Key),
    Column("scanned", Count, nullable=False),
    Column("candidates", Count, nullable=False),
    Column("sessions", Count, nullable=False),
    Column("by_reason", Text, nullable=False),
    Column("skipped", Count, nullable=False),
    Column("messages", Count, nullable=False),
    Column("dangling_messages", Count, nullable=False),
    Column("content_bytes", Count, nullable=False),
    Column("archive", Key),
    Column("archive_hash", Key),
    Column("restored_run_id", Key),
    Column("duration_ms", Count, nullable=False),
    Column("previous_hash", Key, nullable=False),
    Column("entry_hash", Key, nullable=False),
    PrimaryKeyConstraint("position"),
    UniqueConstraint("run_id"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# Runs that were refused, failed or were interrupted: apart from the ledger, since nothing was done.
cleanup_attempts = Table(
    "cleanup_attempts",
    metadata,
    Column("run_id", Key, nullable=False),
    Column("outcome", Key, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime, nullable=False),
    Column("who", Key, nullable=False),
    Column("host", Key, nullable=False),
    Column("started_from", Key, nullable=False),
    Column("version", Key, nullable=False),
    Column("policy_hash", Key, nullable=False),
    Column("code", Key, nullable=False),
    Column("message", Text, nullable=False),
    PrimaryKeyConstraint("run_id"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# What became of each run's archive; `expired_run_id` is the run that removed it.
cleanup_archives = Table(
    "cleanup_archives",
    metadata,
    Column("run_id", Key, nullable=False),
    Column("file_name", Key, nullable=False),
    Column("file_bytes", Count, nullable=False),
    Column("sha256", Key, nullable=False),
    Column("sessions", Count, nullable=False),
    Column("messages", Count, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expired_run_id", Key),
    PrimaryKeyConstraint("run_id"),
    Index(None, "created_at"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# One row: who may sweep, until when, and whether anybody may.
cleanup_sweeper = Table(
    "cleanup_sweeper",
    metadata,
    Column("sweeper", Count, nullable=False, autoincrement=False),
    Column("token", Count, nullable=False),
    Column("holder", Key),
    Column("expires_at", UtcDateTime),
    Column("paused_at", UtcDateTime),
    Column("paused_by", Key),
    Column("paused_why", Text),
    PrimaryKeyConstraint("sweeper"),
    CheckConstraint("sweeper = 1", name="only_one"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# A sweep's id is the id of its run; its row is written when it begins, and again when it is over.
cleanup_sweeps = Table(
    "cleanup_sweeps",
    metadata,
    Column("sweep_id", Key, nullable=False),
    Column("token", Count, nullable=False),
    Column("host", Key, nullable=False),
    Column("outcome", Key, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("scanned", Count, nullable=False),
    Column("candidates", Count, nullable=False),
    Column("sessions", Count, nullable=False),
    Column("skipped", Count, nullable=False),
    Column("messages", Count, nullable=False),
    Column("content_bytes", Count, nullable=False),
    Column("freed_bytes", Count, nullable=False),
    Column("backlog", Count),
    Column("duration_ms", Count, nullable=False),
    Column("code", Key, nullable=False),
    Column("message", Text, nullable=False),
    PrimaryKeyConstraint("sweep_id"),
    Index(None, "token", "sweep_id"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

# Who was warned of which session, and for which last access: the clock's next reset warns anew. A soft
# reference, so that nothing about a purge changes; `claim` is that of a warner still at work.
expiry_warnings = Table(
    "expiry_warnings",
    metadata,
    Column("session_id", Key, nullable=False),
    Column("last_accessed_at", UtcDateTime, nullable=False),
    Column("claim", Key),
    Column("claimed_until", UtcDateTime),
    PrimaryKeyConstraint("session_id"),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)

_RENAMED = {"stale_after": "stale_after_seconds"}


def session_from(row: Row[*tuple[Any, ...]]) -> Session:
    return session_of(dict(row._mapping))  # noqa: SLF001 - the documented way to read a row by name


def session_of(values: dict[str, Any]) -> Session:
    """A session of its columns' values, which are taken over."""
    values["stale_after"] = values.pop("stale_after_seconds")
    return Session(**values)


def row_of_session(session: Session) -> dict[str, Any]:
    return {_RENAMED.get(name, name): _plain(getattr(session, name)) for name in Session.__slots__}


def message_from(row: Row[*tuple[Any, ...]]) -> Message:
    values = dict(row._mapping)  # noqa: SLF001 - the documented way to read a row by name
    del values["session_id"]
    return Message(**{**values, "role": Role(values["role"])})


def row_of_message(session_id: str, message: Message) -> dict[str, Any]:
    values = {name: _plain(getattr(message, name)) for name in Message.__slots__}
    return {**values, "role": message.role.value, "session_id": session_id}


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value
