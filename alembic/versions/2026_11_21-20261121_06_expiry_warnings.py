"""Of which sessions somebody was warned before they become eligible."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cleveragents.infrastructure.database.types import UtcDateTime

revision = "20261121_06"
down_revision = "20261121_05"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "expiry_warnings",
        sa.Column("session_id", KEY, nullable=False),
        sa.Column("last_accessed_at", UtcDateTime(), nullable=False),
        sa.Column("claim", KEY),
        sa.Column("claimed_until", UtcDateTime()),
        sa.PrimaryKeyConstraint("session_id", name="pk_expiry_warnings"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )


def downgrade() -> None:
    op.drop_table("expiry_warnings")
