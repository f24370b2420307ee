"""A session manager that keeps each session in a JSON file, as small agents in many languages do.

It knows nothing of us: it makes, lists, reads and continues sessions, and expires those of 30 days.

python json_sessions.py FOLDER ID …    goes on with the sessions until stdin ends, then says what it did
"""

from __future__ import annotations

import json
import os
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

TTL = timedelta(days=30)


class SessionManager:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def create(self, channel: str, chat_id: str, now: datetime) -> dict[str, Any]:
        session = {
            "session_id": f"{channel}_{chat_id}",
            "channel": channel,
            "chat_id": chat_id,
            "created_at": _told(now),
            "last_accessed": _told(now),
            "messages": [],
        }
        self.save(session)
        return session

    def get_or_create(self, session_id: str, now: datetime) -> dict[str, Any]:
        try:
            return self.read(session_id)
        except FileNotFoundError:
            return self.create(*session_id.split("_", 1), now)

    def append(self, session_id: str, content: str, now: datetime) -> dict[str, Any]:
        session = self.get_or_create(session_id, now)
        session["messages"].append({"role": "user", "content": content})
        session["last_accessed"] = _told(now)
        self.save(session)
        return session

    def read(self, session_id: str) -> dict[str, Any]:
        session: dict[str, Any] = json.loads(self._path(session_id).read_text(encoding="utf-8"))
        return session

    def save(self, session: dict[str, Any]) -> None:
        path = self._path(session["session_id"])
        part = path.with_suffix(".json.tmp")
        part.write_text(json.dumps(session, ensure_ascii=False), encoding="utf-8")
        part.replace(path)

    def ids(self) -> set[str]:
        return {self.read(path.stem)["session_id"] for path in self.folder.glob("*.json")}

    def expire(self, now: datetime) -> int:
        """As such managers do it themselves, once a day."""
        expired = [
            each
            for each in self.ids()
            if now - datetime.fromisoformat(self.read(each)["last_accessed"]) > TTL
        ]
        for session_id in expired:
            self._path(session_id).unlink()
        return len(expired)

    def _path(self, session_id: str) -> Path:
        return self.folder / f"{session_id}.json"


def _told(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def main(folder: str, *session_ids: str) -> None:
    """Append to each session in turn; say how many messages each must have, and how often it was new."""
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    manager = SessionManager(Path(folder))
    expected: dict[str, int] = {}
    made_anew = dict.fromkeys(session_ids, 0)
    print("ready", flush=True)  # noqa: T201 - a program's answer - whoever started it waits for that
    while not ended.is_set():
        for session_id in session_ids:
            session = manager.append(session_id, "again", datetime.now(UTC))
            if len(session["messages"]) == 1:
                made_anew[session_id] += 1
            expected[session_id] = len(session["messages"])
    print(json.dumps({"expected": expected, "made_anew": made_anew, "process": os.getpid()}))  # noqa: T201 - a program's answer


if __name__ == "__main__":
    main(*sys.argv[1:])
