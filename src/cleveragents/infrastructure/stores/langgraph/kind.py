"""LangGraph's checkpointers as a kind of store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from cleveragents.domain.errors import StoreNotRecognisedError
from cleveragents.domain.retention import Reason
from cleveragents.infrastructure.database.engine import parse_url
from cleveragents.infrastructure.stores.langgraph.layouts import CHECKPOINT, Checkpointer, SqliteSaver
from cleveragents.infrastructure.stores.langgraph.server_layout import BLOB, PostgresSaver
from cleveragents.infrastructure.stores.sql.adapter import SqlAdapter

_USUAL = ("checkpoints.sqlite", "checkpoints.sqlite3", "checkpoints.db")
_CHECKPOINTS = frozenset({*CHECKPOINT, "parent_checkpoint_id", "type", "checkpoint", "metadata"})
_WRITES = frozenset({*CHECKPOINT, "task_id", "idx", "channel", "type"})
_WRITE_KEY = (*CHECKPOINT, "task_id", "idx")
_BLOBS = frozenset({*BLOB, "type", "blob"})
_PATH = "task_path"
"""A column of writes that newer versions add."""
_FIRST_WITH_PATH = 9
_KNOWN_VERSIONS = range(3, 10)
_KEYS = {
    "checkpoints": CHECKPOINT,
    "writes": _WRITE_KEY,
    "checkpoint_writes": _WRITE_KEY,
    "checkpoint_blobs": BLOB,
}


class LangGraphAdapter(SqlAdapter):
    def layout(self, connection: Connection) -> Checkpointer:
        found = _columns(connection)
        if connection.dialect.name == "sqlite":
            known = {"checkpoints": _CHECKPOINTS, "writes": _WRITES | {"value"}}
            self._require(connection, found, known)
            return SqliteSaver()
        self._refuse_shallow(found)
        known = {
            "checkpoints": _CHECKPOINTS,
            "checkpoint_blobs": _BLOBS,
            "checkpoint_writes": _WRITES | {"blob"},
        }
        self._require(connection, found, known)
        return PostgresSaver(self._version(connection, found))

    def _require(
        self,
        connection: Connection,
        found: Mapping[str, frozenset[str]],
        known: Mapping[str, frozenset[str]],
    ) -> None:
        for name, columns in known.items():
            there = found.get(name, frozenset())
            if there - {_PATH if name.endswith("writes") else ""} != columns:
                raise self._unknown(_difference(name, there, columns))
            keys = inspect(connection).get_pk_constraint(name)["constrained_columns"]
            if set(keys) != set(_KEYS[name]):
                raise self._unknown(f"its table {name} has another primary key")

    def _refuse_shallow(self, found: Mapping[str, frozenset[str]]) -> None:
        if found.get("checkpoints") == _CHECKPOINTS - {"checkpoint_id", "parent_checkpoint_id"}:
            raise self._unknown(
                "it is of ShallowPostgresSaver, whose checkpoints have no ids to tell their age"
            )

    def _version(self, connection: Connection, found: Mapping[str, frozenset[str]]) -> str:
        if "checkpoint_migrations" not in found:
            raise self._unknown("it has no table checkpoint_migrations")
        version = connection.scalar(text("SELECT max(v) FROM checkpoint_migrations"))
        has_path = _PATH in found["checkpoint_writes"]
        if version not in _KNOWN_VERSIONS or has_path != (version >= _FIRST_WITH_PATH):
            raise self._unknown(
                f"its version is {version}, and known are {_KNOWN_VERSIONS[0]} to {_KNOWN_VERSIONS[-1]}"
                if version not in _KNOWN_VERSIONS
                else f"its tables are not those of its version, {version}"
            )
        return str(version)

    def _unknown(self, why: str) -> StoreNotRecognisedError:
        return StoreNotRecognisedError(
            f"{self.displayed} is no database of LangGraph's checkpointers that is known: {why}. "
            "Nothing was changed."
        )


class LangGraphKind:
    title = "LangGraph checkpointers"
    unasked: Collection[Reason] = ()

    def usual_places(self) -> Sequence[str]:
        return [f"sqlite:///{path}" for name in _USUAL if (path := Path.cwd() / name).is_file()]

    def open(self, location: str, *, busy_timeout: timedelta) -> LangGraphAdapter:
        return LangGraphAdapter(parse_url(location), busy_timeout)


def _columns(connection: Connection) -> Mapping[str, frozenset[str]]:
    found = inspect(connection)
    names = set(found.get_table_names()) & {*_KEYS, "checkpoint_migrations"}
    return {name: frozenset(each["name"] for each in found.get_columns(name)) for name in names}


def _difference(name: str, there: frozenset[str], known: frozenset[str]) -> str:
    if not there:
        return f"it has no table {name}"
    missing, other = ", ".join(sorted(known - there)), ", ".join(sorted(there - known - {_PATH}))
    return f"its table {name} " + (f"lacks {missing}" if missing else f"has {other} too")


KIND = LangGraphKind()
