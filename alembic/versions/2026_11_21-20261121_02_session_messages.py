"""Messages, clustered by session."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cleveragents.infrastructure.database.types import JsonObject, UtcDateTime

revision = "20261121_02"
down_revision = "20261121_01"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "session_messages",
        sa.Column("session_id", KEY, nullable=False),
        sa.Column("sequence", COUNT, nullable=False),
        sa.Column("message_id", KEY, nullable=False),
        sa.Column("role", KEY, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("tool_call_id", sa.Text()),
        sa.Column("metadata", JsonObject(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "sequence", name="pk_session_messages"),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.session_id"],
            name="fk_session_messages_session_id_sessions",
            ondelete="CASCADE",
        ),
        sa.CheckConstraint(
            "role IN ('user', 'assistant', 'system', 'tool')", name=op.f("ck_session_messages_role_known")
        ),
        sa.CheckConstraint(
            "sequence BETWEEN 1 AND 1000000000000000", name=op.f("ck_session_messages_sequence_in_range")
        ),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("session_messages")
