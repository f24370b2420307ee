"""The ledger as `agents cleanup log` tells it, and what a forger would do to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from support.driver import Driver

_LAST = "position = (SELECT max(position) FROM cleanup_runs)"
_FIRST = "position = 1"

FORGERIES = {
    "lowers the count of sessions of the last run in": f"UPDATE cleanup_runs SET sessions = 0 WHERE {_LAST}",
    "edits who ran the first run in": f"UPDATE cleanup_runs SET who = 'nobody' WHERE {_FIRST}",
    "edits the host of the first run in": f"UPDATE cleanup_runs SET host = 'elsewhere' WHERE {_FIRST}",
    "edits the policy of the first run in": f"UPDATE cleanup_runs SET policy = '{{}}' WHERE {_FIRST}",
    "edits the version of the last run in": f"UPDATE cleanup_runs SET version = '9' WHERE {_LAST}",
    "edits the hash of the last run in": f"UPDATE cleanup_runs SET entry_hash = 'abc' WHERE {_LAST}",
    "edits the archive of the first run in": f"UPDATE cleanup_runs SET archive_hash = 'abc' WHERE {_FIRST}",
    "edits the duration of the last run in": f"UPDATE cleanup_runs SET duration_ms = 7 WHERE {_LAST}",
    "removes the first run from": f"DELETE FROM cleanup_runs WHERE {_FIRST}",
    "removes the last run from": f"DELETE FROM cleanup_runs WHERE {_LAST}",
    "removes every run from": "DELETE FROM cleanup_runs",
    "edits the count of runs of": "UPDATE cleanup_database SET runs = 1",
    "edits the end of": "UPDATE cleanup_database SET last_hash = 'abc'",
    "edits the hash of an archive in": "UPDATE cleanup_archives SET sha256 = 'abc'",
    "removes the archives from": "DELETE FROM cleanup_archives",
    "declares the archives expired in": "UPDATE cleanup_archives SET expired_run_id = 'nobody'",
}


def runs_in(driver: Driver) -> list[dict[str, Any]]:
    """Newest first."""
    return list(driver.ask("cleanup log --all")["runs"])


def attempts_in(driver: Driver) -> list[dict[str, Any]]:
    """Newest first."""
    return list(driver.ask("cleanup log --all")["attempts"])


def told_as(columns: Mapping[str, str], record: Mapping[str, Any]) -> dict[str, str]:
    """Those fields of a run or an attempt that a table has, as the features write them."""
    return {column: _told(record, column) for column in columns}


def _told(record: Mapping[str, Any], column: str) -> str:
    if column in {"stale", "empty", "orphaned"}:
        return str(record["by_reason"][column])
    value = record[column.replace(" ", "_")]
    return "none" if value is None else str(value)
