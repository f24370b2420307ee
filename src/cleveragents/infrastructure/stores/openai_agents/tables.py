"""Which tables of a database are those of the OpenAI Agents SDK; what has not exactly their shape is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from warnings import catch_warnings, simplefilter

from sqlalchemy import Connection, DateTime, Integer, String, inspect
from sqlalchemy.exc import SAWarning
from sqlalchemy.types import JSON, TypeEngine

from cleveragents.domain.errors import StoreNotRecognisedError

Types = tuple[type[TypeEngine[Any]], ...]
_TEXT, _NUMBER, _MOMENT, _JSON = (String,), (Integer,), (DateTime,), (JSON, String)
_SESSIONS: Mapping[str, Types] = {"session_id": _TEXT, "created_at": _MOMENT, "updated_at": _MOMENT}
_MESSAGES: Mapping[str, Types] = {
    "id": _NUMBER,
    "session_id": _TEXT,
    "message_data": _TEXT,
    "created_at": _MOMENT,
}
USUAL = "agent_sessions"
"""What the library calls the table of sessions unless it is told another name."""
STRUCTURE, USAGE = "message_structure", "turn_usage"
RESERVATIONS, GENERATIONS = "branch_reservations", "session_clear_generations"
_OF_BRANCHES: Mapping[str, Mapping[str, Types]] = {
    STRUCTURE: {
        "id": _NUMBER,
        "session_id": _TEXT,
        "message_id": _NUMBER,
        "branch_id": _TEXT,
        "message_type": _TEXT,
        "sequence_number": _NUMBER,
        "user_turn_number": _NUMBER,
        "branch_turn_number": _NUMBER,
        "tool_name": _TEXT,
        "created_at": _MOMENT,
    },
    USAGE: {
        "id": _NUMBER,
        "session_id": _TEXT,
        "branch_id": _TEXT,
        "user_turn_number": _NUMBER,
        "requests": _NUMBER,
        "input_tokens": _NUMBER,
        "output_tokens": _NUMBER,
        "total_tokens": _NUMBER,
        "input_tokens_details": _JSON,
        "output_tokens_details": _JSON,
        "created_at": _MOMENT,
    },
}
_HOW_TO_NAME = "Name them: openai:URL?sessions_table=NAME&messages_table=NAME"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """`of_branches` and `left_alone` are those of AdvancedSQLiteSession that are there."""

    sessions: str
    messages: str
    of_branches: tuple[str, ...]
    left_alone: tuple[str, ...]
    is_sqlalchemy: bool
    has_zone: bool
    """Whether the columns know their time zone, which is not so where the library made the tables."""
    is_indexed_by_age: bool


class Inspection:
    """What there is, read once."""

    def __init__(self, connection: Connection) -> None:
        self._inspector = inspect(connection)
        with catch_warnings():
            # Other programs' tables may be of types that only their extensions know.
            simplefilter("ignore", SAWarning)
            columns = self._inspector.get_multi_columns()
        self._columns = {name: found for (_, name), found in columns.items()}
        keys = self._inspector.get_multi_foreign_keys().items()
        self._foreign_keys = {name: found for (_, name), found in keys}

    def tables_of(self, sessions: str | None, messages: str | None) -> Tables:
        """Those that are named, or the only two that are of this kind."""
        sessions, messages = self._pair(sessions, messages)
        columns = self._typed(sessions)
        return Tables(
            sessions=sessions,
            messages=messages,
            of_branches=tuple(name for name in _OF_BRANCHES if self._belongs(name, sessions, messages)),
            left_alone=tuple(name for name in (RESERVATIONS, GENERATIONS) if name in self._columns),
            is_sqlalchemy=not self._is_nullable(sessions, "updated_at"),
            has_zone=bool(getattr(columns["updated_at"], "timezone", False)),
            is_indexed_by_age=self._is_indexed(sessions, "updated_at"),
        )

    def _pair(self, sessions: str | None, messages: str | None) -> tuple[str, str]:
        if sessions is not None and messages is not None:
            return self._named(sessions, messages)
        pairs = sorted(self._pairs())
        if len(pairs) == 1:
            return pairs[0]
        if not pairs:
            raise StoreNotRecognisedError(
                "No tables of the OpenAI Agents SDK are in this database.",
                hints=[self._unlike(), _HOW_TO_NAME],
            )
        told = ", ".join(f"{first} with {second}" for first, second in pairs)
        raise StoreNotRecognisedError(
            f"Several pairs of tables could be those of the OpenAI Agents SDK: {told}.", hints=[_HOW_TO_NAME]
        )

    def _named(self, sessions: str, messages: str) -> tuple[str, str]:
        for name, shape in ((sessions, _SESSIONS), (messages, _MESSAGES)):
            self._require(name, shape)
        if (refers_to := self._target(messages, "session_id")) not in {None, sessions.lower()}:
            raise StoreNotRecognisedError(
                f"The messages in {messages} belong to sessions in {refers_to}, not to those in {sessions}."
            )
        return sessions, messages

    def _pairs(self) -> Iterator[tuple[str, str]]:
        by_name = {name.lower(): name for name in self._columns}
        for messages in self._columns:
            target = self._target(messages, "session_id")
            sessions = by_name.get(target or "")
            if sessions and self._has(sessions, _SESSIONS) and self._has(messages, _MESSAGES):
                yield sessions, messages

    def _belongs(self, name: str, sessions: str, messages: str) -> bool:
        """Whether a table of branches is there and is that of this pair of tables."""
        if name not in self._columns:
            return False
        owner = self._target(name, "session_id")
        is_ours = owner == sessions.lower() and self._target(name, "message_id") in {None, messages.lower()}
        if is_ours or owner not in {each.lower() for each in self._columns}:
            self._require(name, _OF_BRANCHES[name])
            if not is_ours:
                raise StoreNotRecognisedError(f"The table {name} belongs to {owner}, which is not there.")
        return is_ours

    def _require(self, name: str, shape: Mapping[str, Types]) -> None:
        if name not in self._columns:
            raise StoreNotRecognisedError(f"There is no table {name} in this database.", hints=[_HOW_TO_NAME])
        if unlike := self._differences(name, shape):
            raise StoreNotRecognisedError(
                f"The table {name} is not as any known version of the OpenAI Agents SDK makes it: {unlike}."
            )

    def _unlike(self) -> str:
        """What keeps the tables of the usual names from being those of the library."""
        for name, shape in ((USUAL, _SESSIONS), ("agent_messages", _MESSAGES)):
            if name in self._columns and (unlike := self._differences(name, shape)):
                return f"There is a table {name}, but not as any known version makes it: {unlike}."
        return "Tables of other names are found where their columns are exactly those of the library."

    def _differences(self, name: str, shape: Mapping[str, Types]) -> str:
        found = self._typed(name)
        unknown = sorted(found.keys() - shape.keys())
        missing = sorted(shape.keys() - found.keys())
        others = [
            f"{column} of type {found[column]}"
            for column, types in shape.items()
            if column in found and not isinstance(found[column], types)
        ]
        key = self._inspector.get_pk_constraint(name)["constrained_columns"]
        told = [
            *(f"column {column} is unknown" for column in unknown),
            *(f"column {column} is missing" for column in missing),
            *(f"{other} is unknown" for other in others),
            *([] if key == [next(iter(shape))] else ["its primary key is another one"]),
        ]
        return ", ".join(told)

    def _has(self, name: str, shape: Mapping[str, Types]) -> bool:
        return self._typed(name).keys() == shape.keys() and not self._differences(name, shape)

    def _typed(self, name: str) -> Mapping[str, TypeEngine[Any]]:
        return {column["name"]: column["type"] for column in self._columns[name]}

    def _is_nullable(self, name: str, column: str) -> bool:
        return any(each["name"] == column and each["nullable"] for each in self._columns[name])

    def _is_indexed(self, name: str, column: str) -> bool:
        leading: Sequence[Any] = [each["column_names"][:1] for each in self._inspector.get_indexes(name)]
        return [column] in leading

    def _target(self, name: str, column: str) -> str | None:
        """The table, in lower case, that a column refers to."""
        for key in self._foreign_keys.get(name, ()):
            if key["constrained_columns"] == [column]:
                return str(key["referred_table"]).lower()
        return None
