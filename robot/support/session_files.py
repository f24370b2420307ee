"""Plain session files of any age, as an agent platform would have left them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from robot.api.deco import keyword


@keyword
def write_session_file(folder: str, session_id: str, idle_days: float, messages: int) -> None:
    """Write a session with so many messages that nobody has used for so many days."""
    last = datetime.now(UTC) - timedelta(days=idle_days)
    created = last - timedelta(minutes=messages)
    document = {
        "session_id": session_id,
        "channel": "telegram",
        "chat_id": session_id,
        "created_at": created.isoformat(),
        "last_accessed": last.isoformat(),
        "messages": [
            {
                "role": "user" if number % 2 else "assistant",
                "content": f"Line {number} of {session_id}.",
                "timestamp": (created + timedelta(minutes=number)).isoformat(),
            }
            for number in range(1, messages + 1)
        ],
    }
    Path(folder).mkdir(parents=True, exist_ok=True)
    Path(folder, f"{session_id}.json").write_text(json.dumps(document), encoding="utf-8")


@keyword
def damage_one_byte(folder: str, file_name: str) -> None:
    """Flip a bit in the middle of a file, wherever in the folder it is."""
    path = next(Path(folder).rglob(file_name))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@keyword
def archive_files(folder: str) -> list[str]:
    """Name the archives below a folder, finished ones and those that were left unfinished."""
    return sorted(path.name for path in Path(folder).rglob("*.jsonl.zst*"))
