"""LangGraph's checkpointers: each version that brought another layout, migration or way of deleting."""

from __future__ import annotations

from collections.abc import Sequence

from library import BOTH, Made, Variant

from support.foreign_databases import ForeignDatabase

# One from before there were indexes, paths of tasks and an own delete; the last of the second version, and of
# the third but for the newest, which brings paths to SQLite too.
VERSIONS = {
    "0.2.60": ("2.0.1", "2.0.4"),
    "0.6.11": ("2.0.11", "2.0.25"),
    "1.0.10": ("3.0.3", "3.0.5"),
    "1.2.22": ("3.1.2", "3.2.0"),
}

RECORDED = ("0.2.60", "1.2.22")


def age(database: ForeignDatabase, made: Sequence[Made]) -> None:
    """Nothing: the script moves the clock while it makes a thread, because ids cannot be shifted."""


def _store(database: ForeignDatabase) -> str:
    return f"langgraph:{database.url}"


def _variant(version: str, of_sqlite: str, of_postgresql: str) -> Variant:
    return Variant(
        library="langgraph",
        name="checkpointers",
        version=version,
        requirements=(
            f"langgraph=={version}",
            f"langgraph-checkpoint-sqlite=={of_sqlite}",
            f"langgraph-checkpoint-postgres=={of_postgresql}",
            "psycopg[binary]",
        ),
        script="use_langgraph.py",
        age=age,
        store=_store,
        gone=(None,),
        backends=BOTH,
        is_recorded=version in RECORDED,
        writer_starts_anew=True,
        writes_late=True,
    )


VARIANTS = tuple(_variant(version, *savers) for version, savers in VERSIONS.items())
