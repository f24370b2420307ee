"""A ledger of runs, what became of their archives, and a fingerprint of the database."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cleveragents.infrastructure.database.types import UtcDateTime

revision = "20261121_04"
down_revision = "20261121_03"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LAYOUT = {"sqlite_with_rowid": False, "sqlite_strict": True}
NO_RUN_YET = "0" * 64


def upgrade() -> None:
    database = op.create_table(
        "cleanup_database",
        sa.Column("fingerprint", KEY, nullable=False),
        sa.Column("runs", COUNT, nullable=False),
        sa.Column("last_hash", KEY, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_cleanup_database"),
        **LAYOUT,
    )
    op.bulk_insert(database, [{"fingerprint": secrets.token_hex(16), "runs": 0, "last_hash": NO_RUN_YET}])
    op.create_table(
        "cleanup_runs",
        sa.Column("position", COUNT, nullable=False, autoincrement=False),
        sa.Column("run_id", KEY, nullable=False),
        *_who_when_and_where(),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("policy_hash", KEY, nullable=False),
        sa.Column("plan_digest", KEY),
        sa.Column("scanned", COUNT, nullable=False),
        sa.Column("candidates", COUNT, nullable=False),
        sa.Column("sessions", COUNT, nullable=False),
        sa.Column("by_reason", sa.Text(), nullable=False),
        sa.Column("skipped", COUNT, nullable=False),
        sa.Column("messages", COUNT, nullable=False),
        sa.Column("dangling_messages", COUNT, nullable=False),
        sa.Column("content_bytes", COUNT, nullable=False),
        sa.Column("archive", KEY),
        sa.Column("archive_hash", KEY),
        sa.Column("restored_run_id", KEY),
        sa.Column("duration_ms", COUNT, nullable=False),
        sa.Column("previous_hash", KEY, nullable=False),
        sa.Column("entry_hash", KEY, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_cleanup_runs"),
        sa.UniqueConstraint("run_id", name="uq_cleanup_runs_run_id"),
        **LAYOUT,
    )
    op.create_table(
        "cleanup_attempts",
        sa.Column("run_id", KEY, nullable=False),
        *_who_when_and_where(),
        sa.Column("policy_hash", KEY, nullable=False),
        sa.Column("code", KEY, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name="pk_cleanup_attempts"),
        **LAYOUT,
    )
    op.create_table(
        "cleanup_archives",
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("file_name", KEY, nullable=False),
        sa.Column("file_bytes", COUNT, nullable=False),
        sa.Column("sha256", KEY, nullable=False),
        sa.Column("sessions", COUNT, nullable=False),
        sa.Column("messages", COUNT, nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expired_run_id", KEY),
        sa.PrimaryKeyConstraint("run_id", name="pk_cleanup_archives"),
        **LAYOUT,
    )
    op.create_index("ix_cleanup_archives_created_at", "cleanup_archives", ["created_at"])


def _who_when_and_where() -> list[sa.Column[object]]:
    return [
        sa.Column("outcome", KEY, nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=False),
        sa.Column("who", KEY, nullable=False),
        sa.Column("host", KEY, nullable=False),
        sa.Column("started_from", KEY, nullable=False),
        sa.Column("version", KEY, nullable=False),
    ]


def downgrade() -> None:
    for table in ("cleanup_archives", "cleanup_attempts", "cleanup_runs", "cleanup_database"):
        op.drop_table(table)
