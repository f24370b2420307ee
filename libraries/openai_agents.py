"""The OpenAI Agents SDK: each version that changed how sessions are kept, indexed or cleared."""

from __future__ import annotations

from collections.abc import Sequence

from library import BOTH, Made, Variant

from support.foreign_databases import ForeignDatabase

SQLITE, ADVANCED, ASYNCHRONOUS = "SQLiteSession", "AdvancedSQLiteSession", "AsyncSQLiteSession"
SQLALCHEMY, OWN_TABLES = "SQLAlchemySession", "own-tables"
# Each library of a model's maker that the version was written for: later ones it cannot use.
# 0.5 orders messages by time alone, 0.10 by their number, 0.18.0 is the last that leaves the rows of branches
# of what it clears, 0.20 counts the clears, 0.24 is the newest.
MAKERS = {"0.5.1": "2.8.1", "0.10.5": "2.26.0", "0.18.0": "2.36.0", "0.20.0": None, "0.24.0": None}
LEAVING = ("0.5.1", "0.10.5", "0.18.0")
"""They leave the rows of branches of what they clear, and look for a session before they add to it."""
VERSIONS_OF = {
    SQLITE: tuple(MAKERS),
    SQLALCHEMY: ("0.5.1", "0.10.5", "0.18.0", "0.24.0"),
    ADVANCED: tuple(MAKERS),
    ASYNCHRONOUS: ("0.24.0",),
    OWN_TABLES: ("0.5.1", "0.24.0"),
}
ON = {SQLALCHEMY: BOTH, OWN_TABLES: BOTH}
_TIMES = {
    "sessions": ("created_at", "updated_at"),
    "messages": ("created_at",),
    "message_structure": ("created_at",),
    "turn_usage": ("created_at",),
}
_SHIFTED = {
    "sqlite": "datetime({column}, '{seconds:+.0f} seconds')",
    "postgresql": "{column} + interval '{seconds:.0f} seconds'",
}
_SECONDS_A_DAY = 24 * 60 * 60


def age(database: ForeignDatabase, made: Sequence[Made]) -> None:
    there = _tables(database)
    for one in made:
        for ending, columns in _TIMES.items() if one.days else ():
            for table in [name for name in there if name.endswith(ending)]:
                shifted, seconds = _SHIFTED[database.backend], -one.days * _SECONDS_A_DAY
                shifts = ", ".join(f"{c} = {shifted.format(column=c, seconds=seconds)}" for c in columns)
                database.execute(f"UPDATE {table} SET {shifts} WHERE session_id = ?", one.key)


def _tables(database: ForeignDatabase) -> list[str]:
    if database.backend == "sqlite":
        statement = "SELECT name FROM sqlite_schema WHERE type = 'table'"
    else:
        statement = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    return [str(row[0]) for row in database.execute(statement)]


def _store(database: ForeignDatabase) -> str:
    return f"openai:{database.url}"


def _variant(name: str, version: str) -> Variant:
    maker = MAKERS[version]
    return Variant(
        library="openai",
        name=name,
        version=version,
        requirements=(
            f"openai-agents[sqlalchemy]=={version}",
            "sqlalchemy[asyncio]",
            "aiosqlite",
            "asyncpg",
            f"openai=={maker}" if maker else "openai",
        ),
        script="use_openai_agents.py",
        age=age,
        store=_store,
        # A session that is gone begins anew with the next message.
        gone=(None,),
        backends=ON.get(name, ("sqlite",)),
        words=(name,),
        leaves_messages_on=("sqlite",) if name == ADVANCED and version in LEAVING else (),
        is_recorded=version in {"0.5.1", "0.24.0"} or (name == ADVANCED and version == "0.18.0"),
        deleted_in_recording=(["stale-0"],),
        # Looking first and adding then, on a server that enforces foreign keys.
        lost_race=("IntegrityError",) if version in LEAVING else (),
        writer_starts_anew=True,
    )


VARIANTS = tuple(_variant(name, version) for name, versions in VERSIONS_OF.items() for version in versions)
