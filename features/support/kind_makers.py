"""The kinds of store that we bring, for the checks that each adapter has to pass."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

from support.recorded_makers import RecordedMaker, Statement


class AdkMaker(RecordedMaker):
    module = "adk"
    keys: ClassVar[dict[str, tuple[str, ...]]] = {
        "sessions": ("app_name", "user_id", "id"),
        "events": ("app_name", "user_id", "session_id"),
    }
    content = ("events", "event_data", '\'{"text": "MESSAGE"}\'')

    def key(self, hint: str) -> tuple[str, ...]:
        return "shop", hint or "ada", f"{hint} {self.next_number()}"

    def session(self, key: tuple[str, ...], at: datetime) -> Statement:
        moment = self.moment(at)
        return "INSERT INTO sessions VALUES (?, ?, ?, '{}', ?, ?)", (*key, moment, moment)

    def message(self, key: tuple[str, ...], at: datetime, text: str) -> Sequence[Statement]:
        moment, data = self.moment(at), json.dumps({"text": text})
        columns = "id, app_name, user_id, session_id, invocation_id, timestamp, event_data"
        return [
            (
                f"INSERT INTO events ({columns}) VALUES (?, ?, ?, ?, 'one', ?, ?)",
                (uuid4().hex, *key, moment, data),
            ),
            (
                "UPDATE sessions SET update_time = ? WHERE app_name = ? AND user_id = ? AND id = ?",
                (moment, *key),
            ),
        ]

    def moment(self, at: datetime) -> object:
        if "update_time REAL" in self.script:
            return at.timestamp()
        return f"{at.replace(tzinfo=None):%Y-%m-%d %H:%M:%S.%f}"

    def leave_dangling(self, location: str, age: timedelta) -> int:
        if not self.is_sqlite:
            return 0
        with closing(self.database(location).connect()) as connection:
            key = ("shop", "ada", f"gone {self.next_number()}")
            self.execute_all(connection, self.message(key, datetime.now(UTC) - age, "left")[:1])
        return 1


class OpenAiMaker(RecordedMaker):
    module = "openai_agents"
    keys: ClassVar[dict[str, tuple[str, ...]]] = {
        "agent_sessions": ("session_id",),
        "agent_messages": ("session_id",),
    }
    content = ("agent_messages", "message_data", "upper(message_data)")

    def key(self, hint: str) -> tuple[str, ...]:
        return (f"{hint} {self.next_number()}",)

    def session(self, key: tuple[str, ...], at: datetime) -> Statement:
        moment = f"{at:%Y-%m-%d %H:%M:%S}"
        return "INSERT INTO agent_sessions VALUES (?, ?, ?)", (*key, moment, moment)

    def message(self, key: tuple[str, ...], at: datetime, text: str) -> Sequence[Statement]:
        moment, columns = f"{at:%Y-%m-%d %H:%M:%S}", "session_id, message_data, created_at"
        return [
            (
                f"INSERT INTO agent_messages ({columns}) VALUES (?, ?, ?)",
                (*key, json.dumps({"content": text}), moment),
            ),
            ("UPDATE agent_sessions SET updated_at = ? WHERE session_id = ?", (moment, *key)),
        ]

    def leave_dangling(self, location: str, age: timedelta) -> int:
        if not self.is_sqlite:
            return 0
        with closing(self.database(location).connect()) as connection:
            key = (f"gone {self.next_number()}",)
            self.execute_all(connection, self.message(key, datetime.now(UTC) - age, "left")[:1])
        return 1


def maker_of_kind(driver: Any, recorded: str) -> RecordedMaker:
    makers = {"adk": AdkMaker, "openai": OpenAiMaker}
    return makers[recorded.partition("-")[0]](driver, recorded)
