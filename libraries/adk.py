"""Google ADK: each version that brought another layout, clock or way of deleting."""

from __future__ import annotations

from collections.abc import Sequence

from library import BOTH, Made, Variant

from support.foreign_databases import ForeignDatabase

DATABASE, EMBEDDED = "DatabaseSessionService", "SqliteSessionService"
# 1.0.0 leaves the messages of what it deletes on SQLite, 1.18 does not, 1.21 is the last of the first
# layout, 1.22 the first of the second, 2.6 the last that writes local times.
OF_DATABASE = ("1.0.0", "1.18.0", "1.21.0", "1.22.0", "2.6.3", "2.13.0")
OF_EMBEDDED = ("1.22.0", "2.13.0")
RECORDED = ("1.0.0", "1.18.0", "1.22.0", "2.13.0")
# Where a session goes while a message is stored: what SQLAlchemy, or the foreign key, says.
_LOST_RACE = ("StaleDataError", "IntegrityError")
_SHIFTED = {
    "DATETIME": "strftime('%Y-%m-%d %H:%M:%f', {column}, '{seconds:+f} seconds') || '000'",
    "REAL": "{column} + {seconds}",
    "timestamp without time zone": "{column} + interval '{seconds} seconds'",
    "timestamp with time zone": "{column} + interval '{seconds} seconds'",
}


def age(database: ForeignDatabase, made: Sequence[Made]) -> None:
    for one in made:
        if not one.days:
            continue
        for table, identity, columns in (
            ("sessions", "id", ("create_time", "update_time")),
            ("events", "session_id", ("timestamp",)),
        ):
            types = _types(database, table)
            shifts = ", ".join(
                f"{column} = " + _SHIFTED[types[column]].format(column=column, seconds=-86_400 * one.days)
                for column in columns
            )
            statement = f"UPDATE {table} SET {shifts} WHERE app_name = ? AND user_id = ? AND {identity} = ?"
            database.execute(statement, one.key)


def _types(database: ForeignDatabase, table: str) -> dict[str, str]:
    if database.backend == "sqlite":
        return {row[1]: row[2] for row in database.execute(f"PRAGMA table_info({table})")}
    statement = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = ?"
    return {str(name): str(kind) for name, kind in database.execute(statement, [table])}


def _store(database: ForeignDatabase) -> str:
    return f"adk:{database.url}"


def _variant(name: str, version: str) -> Variant:
    major, minor = map(int, version.split(".")[:2])
    extra = "[db]" if major > 1 else ""
    return Variant(
        library="adk",
        name=name,
        version=version,
        requirements=(
            f"google-adk{extra}=={version}",
            "aiosqlite",
            "greenlet",
            "asyncpg",
            "psycopg2-binary",
            *(["deprecated"] if version == "1.0.0" else []),  # which it needs and does not ask for
        ),
        script="use_adk.py",
        age=age,
        store=_store,
        gone=(_gone(name, major),),
        lost_race=_LOST_RACE,
        backends=BOTH if name == DATABASE else ("sqlite",),
        words=(name,),
        is_recorded=version in RECORDED,
        # One that is stale, and one that is not.
        deleted_in_recording=(["shop", "bo", "stale-1"], ["shop", "anna", "fresh"]),
        leaves_messages_on=("sqlite",) if (major, minor) < (1, 14) else (),
    )


def _gone(name: str, major: int) -> str:
    """What an agent gets that goes on with a purged session; before 2.0 not everything looked for it."""
    if major > 1:
        return "SessionNotFoundError"
    return "AttributeError" if name == DATABASE else "ValueError"


VARIANTS = (
    *(_variant(DATABASE, version) for version in OF_DATABASE),
    *(_variant(EMBEDDED, version) for version in OF_EMBEDDED),
)
