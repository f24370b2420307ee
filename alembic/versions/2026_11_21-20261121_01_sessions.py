"""Sessions, with an index for each order of the list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cleveragents.infrastructure.database.types import JsonObject, Seconds, UtcDateTime

revision = "20261121_01"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LISTED_BY = ("last_accessed_at", "created_at", "content_bytes", "message_count", "name")


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("session_id", KEY, nullable=False),
        sa.Column("name", KEY),
        sa.Column("actor_name", KEY),
        sa.Column("namespace", KEY, nullable=False),
        sa.Column("source", KEY, nullable=False),
        sa.Column("parent_session_id", KEY),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_accessed_at", UtcDateTime(), nullable=False),
        sa.Column("first_message_at", UtcDateTime()),
        sa.Column("message_count", COUNT, nullable=False),
        sa.Column("content_bytes", COUNT, nullable=False),
        sa.Column("input_tokens", COUNT, nullable=False),
        sa.Column("output_tokens", COUNT, nullable=False),
        sa.Column("stale_after_seconds", Seconds()),
        sa.Column("pinned_at", UtcDateTime()),
        sa.Column("lease_expires_at", UtcDateTime()),
        sa.Column("metadata", JsonObject(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_sessions"),
        sa.CheckConstraint("message_count >= 0", name=op.f("ck_sessions_message_count_not_negative")),
        sa.CheckConstraint("content_bytes >= 0", name=op.f("ck_sessions_content_bytes_not_negative")),
        sa.CheckConstraint("input_tokens >= 0", name=op.f("ck_sessions_input_tokens_not_negative")),
        sa.CheckConstraint("output_tokens >= 0", name=op.f("ck_sessions_output_tokens_not_negative")),
        sa.CheckConstraint(
            "stale_after_seconds BETWEEN 1 AND 3153600000",
            name=op.f("ck_sessions_stale_after_seconds_in_range"),
        ),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    for column in LISTED_BY:
        op.create_index(f"ix_sessions_{column}_session_id", "sessions", [column, "session_id"])
    op.create_index(
        "ix_sessions_actor_name_last_accessed_at_session_id",
        "sessions",
        ["actor_name", "last_accessed_at", "session_id"],
    )
    has_parent = sa.text("parent_session_id IS NOT NULL")
    op.create_index(
        "ix_sessions_parent_session_id_session_id",
        "sessions",
        ["parent_session_id", "session_id"],
        sqlite_where=has_parent,
        postgresql_where=has_parent,
    )


def downgrade() -> None:
    op.drop_table("sessions")
