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

SESSION_LEFT_MESSAGES_BEHIND = """
CREATE TRIGGER record_dangling_on_delete AFTER DELETE ON sessions
WHEN EXISTS (SELECT 1 FROM session_messages WHERE session_id = OLD.session_id)
BEGIN
  INSERT OR IGNORE INTO dangling_sessions (session_id) VALUES (OLD.session_id);
END
"""
MESSAGE_CAME_TOO_LATE = """
CREATE TRIGGER record_dangling_on_insert AFTER INSERT ON session_messages
WHEN NOT EXISTS (SELECT 1 FROM sessions WHERE session_id = NEW.session_id)
BEGIN
  INSERT OR IGNORE INTO dangling_sessions (session_id) VALUES (NEW.session_id);
END
"""


def upgrade() -> None:
    op.create_table(
        "dangling_sessions",
        sa.Column("session_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_dangling_sessions"),
        sqlite_with_rowid=False,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(SESSION_LEFT_MESSAGES_BEHIND)
        op.execute(MESSAGE_CAME_TOO_LATE)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER record_dangling_on_insert")
        op.execute("DROP TRIGGER record_dangling_on_delete")
    op.drop_table("dangling_sessions")
