"""A record of the messages left behind by writers that do not enforce foreign keys.

SQLite enforces foreign keys only for the connections that ask for it, but fires triggers for all.
PostgreSQL needs no trigger: there nobody but a superuser can leave a message behind, and
`agents db check` finds what even a superuser did.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_03"
down_revision = "20261121_02"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")

RECORD = "INSERT OR IGNORE INTO dangling_sessions (session_id) VALUES ({row}.session_id);"
LEFT_BEHIND = "WHEN EXISTS (SELECT 1 FROM session_messages WHERE session_id = OLD.session_id)"
CAME_TOO_LATE = "WHEN NOT EXISTS (SELECT 1 FROM sessions WHERE session_id = NEW.session_id)"
TRIGGERS = {
    "record_dangling_on_delete": ("AFTER DELETE ON sessions", LEFT_BEHIND, "OLD"),
    "record_dangling_on_rename": ("AFTER UPDATE OF session_id ON sessions", LEFT_BEHIND, "OLD"),
    "record_dangling_on_insert": ("AFTER INSERT ON session_messages", CAME_TOO_LATE, "NEW"),
    "record_dangling_on_move": ("AFTER UPDATE OF session_id ON session_messages", CAME_TOO_LATE, "NEW"),
}


def upgrade() -> None:
    op.create_table(
        "dangling_sessions",
        sa.Column("session_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_dangling_sessions"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, (moment, condition, row) in TRIGGERS.items():
            op.execute(f"CREATE TRIGGER {name} {moment} {condition} BEGIN {RECORD.format(row=row)} END")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
    op.drop_table("dangling_sessions")
