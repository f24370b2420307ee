"""What programs that are not ours write into the same tables, past every rule of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.contents import remember

if TYPE_CHECKING:
    from support.driver import Driver

_LARGEST = 2**63 - 1
_DEEP = 100_000
# SQLite's tables hold the declared types, so what is odd there is odd within its type.
_ON_SQLITE = {
    "a name that is not UTF-8": "name = CAST(x'66ff' AS TEXT)",
    "an actor that is not UTF-8": "actor_name = CAST(x'ff' AS TEXT)",
    "a last access before the year 1": f"last_accessed_at = -{_LARGEST}",
    "a creation before the year 1": "created_at = -70000000000000000",
    "a creation after the year 9999": f"created_at = {_LARGEST}",
    "a lease for ever": f"lease_expires_at = {_LARGEST}",
    "metadata that are no JSON": "metadata = '{oops'",
    "metadata that are no text": "metadata = CAST(x'ff' AS TEXT)",
    "metadata that hold NaN": """metadata = '{"a": NaN}'""",
    "metadata that hold half a character": r"""metadata = '{"a": "\ud800"}'""",
    "metadata nested very deep": f"metadata = '{'[' * _DEEP}{']' * _DEEP}'",
}
_ON_POSTGRESQL = {
    "a last access before the year 1": "last_accessed_at = '0044-03-15 BC'",
    "a last access at minus infinity": "last_accessed_at = '-infinity'",
    "a creation before the year 1": "created_at = '-infinity'",
    "a creation after the year 9999": "created_at = '10000-01-01'",
    "a lease for ever": "lease_expires_at = 'infinity'",
}
_ON_BOTH = {
    "an empty name": "name = ''",
    "an actor that is no actor name": "actor_name = 'my bot & co'",
    "a source that is no source": "source = 'web ui'",
    "metadata that are a list": "metadata = '[1, 2]'",
    "metadata that are null": "metadata = 'null'",
    "metadata that hold a number beyond all floats": """metadata = '{"a": 1e400}'""",
    "the largest size there is": f"content_bytes = {_LARGEST}",
    "no time of its first message": "first_message_at = NULL",
    "a parent that could not be": "parent_session_id = 'somebody else''s'",
}


def write(driver: Driver, statement: str) -> None:
    """Run a statement on another program's connection, which stays open until the scenario ends."""
    if "another program" not in driver.remembered:
        driver.remembered["another program"] = driver.another_connection()
    driver.remembered["another program"].execute(statement)
    remember(driver)


def give(driver: Driver, name: str, what: str) -> None:
    """Have a session of that name hold something odd."""
    own = _ON_SQLITE if driver.backend.name == "sqlite" else _ON_POSTGRESQL
    write(driver, f"UPDATE sessions SET {(own | _ON_BOTH)[what]} WHERE session_id = '{driver.id_of(name)}'")


def give_child_on_delete(driver: Driver, name: str) -> None:
    """Have a trigger make a child of a session while that is being deleted."""
    newborn = (
        "INSERT INTO sessions SELECT 'newborn', 'newborn', actor_name, namespace, source, session_id,"
        " created_at, last_accessed_at, first_message_at, 0, 0, 0, 0, NULL, NULL, NULL, metadata"
        f" FROM sessions WHERE session_id = '{driver.id_of(name)}'"
    )
    if driver.backend.name == "sqlite":
        when = f"WHEN OLD.session_id = '{driver.id_of(name)}'"
        write(driver, f"CREATE TRIGGER bear BEFORE DELETE ON sessions {when} BEGIN {newborn}; END")
        return
    write(
        driver,
        f"CREATE FUNCTION bear() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {newborn}; RETURN OLD; END $$;"
        "CREATE TRIGGER bear BEFORE DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION bear()",
    )


def write_message(driver: Driver, name: str, content: str = "'written past the counters'") -> None:
    """Add a message to a session and leave its counters as they are; `content` is an SQL expression."""
    now = driver.clock.now()
    moment = f"{int(now.timestamp() * 1_000_000)}" if driver.backend.name == "sqlite" else f"'{now}'"
    own = f"session_id = '{driver.id_of(name)}'"
    write(
        driver,
        "INSERT INTO session_messages"
        " (session_id, sequence, message_id, role, content, metadata, created_at)"
        f" SELECT session_id, (SELECT coalesce(max(sequence), 0) + 1 FROM session_messages WHERE {own}),"
        f" 'foreign', 'user', {content}, '{{}}', {moment} FROM sessions WHERE {own}",
    )
