"""What happens in the tables of the OpenAI Agents SDK, as its classes and its users do it."""

from __future__ import annotations

from typing import Any

NEWEST = "(SELECT max(id) FROM agent_messages WHERE session_id = '{id}')"
ADDED = "INSERT INTO agent_messages (session_id, message_data) VALUES ('{id}', '{{\"role\": \"user\"}}')"
CHANGES = {
    "newest message popped": (f"DELETE FROM agent_messages WHERE id = {NEWEST}",),
    "message added": (
        ADDED,
        "UPDATE agent_sessions SET updated_at = CURRENT_TIMESTAMP WHERE session_id = '{id}'",
    ),
    # As long as before.
    "newest message edited in place": (
        f"UPDATE agent_messages SET message_data = replace(message_data, 'so', 'no') WHERE id = {NEWEST}",
    ),
    "session cleared": (
        "DELETE FROM agent_messages WHERE session_id = '{id}'",
        "DELETE FROM agent_sessions WHERE session_id = '{id}'",
    ),
}
LATER = {
    "branch": "INSERT INTO message_structure (session_id, message_id, branch_id, message_type, "
    "sequence_number, created_at) SELECT session_id, min(id), 'late', 'user', 99, '{moment}' "
    "FROM agent_messages WHERE session_id = '{id}' GROUP BY session_id",
    "turn's usage": "UPDATE turn_usage SET created_at = '{moment}' WHERE session_id = '{id}'",
}
_SESSIONS = (
    "CREATE TABLE {sessions} (session_id TEXT PRIMARY KEY, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, "
    "updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)"
)
_MESSAGES = (
    "CREATE TABLE {messages} (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT NOT NULL, "
    "message_data TEXT NOT NULL, created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, "
    "FOREIGN KEY (session_id) REFERENCES {sessions} (session_id) ON DELETE CASCADE)"
)
SECOND_PAIR = (
    _SESSIONS,
    _MESSAGES,
    "INSERT INTO {sessions} VALUES ('{id}', '{moment}', '{moment}')",
    "INSERT INTO {messages} (session_id, message_data, created_at) VALUES ('{id}', '{{}}', '{moment}')",
)
KEPT_OF_WHAT_IS_GONE = ("branch_reservations", "session_clear_generations")


def execute(store: Any, *statements: str, **values: str) -> None:
    """Run statements in a store, which is then as it is to be compared with."""
    for statement in statements:
        store.database.execute(statement.format(**values))
    store.before = store.now()
