"""Who may sweep, whether sweeps are paused, and what became of each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from cleveragents.infrastructure.database.types import UtcDateTime

revision = "20261121_05"
down_revision = "20261121_04"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
COUNT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LAYOUT = {"sqlite_with_rowid": False, "sqlite_strict": True}


def upgrade() -> None:
    sweeper = op.create_table(
        "cleanup_sweeper",
        sa.Column("sweeper", COUNT, nullable=False, autoincrement=False),
        sa.Column("token", COUNT, nullable=False),
        sa.Column("holder", KEY),
        sa.Column("expires_at", UtcDateTime()),
        sa.Column("paused_at", UtcDateTime()),
        sa.Column("paused_by", KEY),
        sa.Column("paused_why", sa.Text()),
        sa.PrimaryKeyConstraint("sweeper", name="pk_cleanup_sweeper"),
        sa.CheckConstraint("sweeper = 1", name="ck_cleanup_sweeper_only_one"),
        **LAYOUT,
    )
    op.bulk_insert(sweeper, [{"sweeper": 1, "token": 0}])
    op.create_table(
        "cleanup_sweeps",
        sa.Column("sweep_id", KEY, nullable=False),
        sa.Column("token", COUNT, nullable=False),
        sa.Column("host", KEY, nullable=False),
        sa.Column("outcome", KEY, nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime()),
        sa.Column("scanned", COUNT, nullable=False),
        sa.Column("candidates", COUNT, nullable=False),
        sa.Column("sessions", COUNT, nullable=False),
        sa.Column("skipped", COUNT, nullable=False),
        sa.Column("messages", COUNT, nullable=False),
        sa.Column("content_bytes", COUNT, nullable=False),
        sa.Column("freed_bytes", COUNT, nullable=False),
        sa.Column("backlog", COUNT),
        sa.Column("duration_ms", COUNT, nullable=False),
        sa.Column("code", KEY, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sweep_id", name="pk_cleanup_sweeps"),
        **LAYOUT,
    )
    op.create_index("ix_cleanup_sweeps_token_sweep_id", "cleanup_sweeps", ["token", "sweep_id"])


def downgrade() -> None:
    op.drop_table("cleanup_sweeps")
    op.drop_table("cleanup_sweeper")
