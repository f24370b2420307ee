"""The kinds of store that are folders, for the checks that each adapter has to pass."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from cleveragents.conformance import Maker, Wanted
from cleveragents.domain.stored import id_of_key
from cleveragents.infrastructure.stores.claude_code import kind as claude_code
from cleveragents.infrastructure.stores.json_folder import kind as json_folder
from support.json_sessions import SessionManager


class FolderMaker(Maker):
    def place(self, folder: Path) -> str:
        return str(folder / "sessions")


class JsonFolderMaker(FolderMaker):
    kind = json_folder.KIND

    def make(self, location: str, wanted: Sequence[Wanted]) -> Sequence[str]:
        manager, now = SessionManager(Path(location)), datetime.now(UTC)
        made = []
        for each in wanted:
            at = now - each.age
            chat = f"{quote(each.hint, safe='')}-{uuid4().hex[:6]}"
            session = manager.create("test", chat, at)
            for number in range(each.messages):
                manager.append(session["session_id"], f"message {number}", at)
            made.append(session["session_id"])
        return [id_of_key(each) for each in made]

    def ids(self, location: str) -> Collection[str]:
        return [id_of_key(each) for each in SessionManager(Path(location)).ids()]

    def read(self, location: str, session_id: str) -> object:
        path = self._path(location, session_id)
        return path.read_text(encoding="utf-8") if path.exists() else None

    def append(self, location: str, session_id: str) -> None:
        path = self._path(location, session_id)
        SessionManager(path.parent).append(path.stem, "one more", datetime.now(UTC))

    def edit(self, location: str, session_id: str) -> bool:
        _edit(self._path(location, session_id), "message", "MESSAGE")
        return True

    def spoil(self, location: str) -> None:
        for path in Path(location).iterdir():
            path.write_text(path.read_text(encoding="utf-8").replace("session_id", "id"), encoding="utf-8")

    @staticmethod
    def _path(location: str, session_id: str) -> Path:
        """The names of files are such as `id_of_key` leaves them, but for what was quoted once already."""
        return next(
            path
            for path in (*Path(location).glob("*.json"), Path(location) / "none")
            if (id_of_key(path.stem) == session_id or path.name == "none")
        )


class ClaudeCodeMaker(FolderMaker):
    kind = claude_code.KIND

    def make(self, location: str, wanted: Sequence[Wanted]) -> Sequence[str]:
        now = datetime.now(UTC)
        made = []
        for each in wanted:
            at, session_id = now - each.age, str(uuid4())
            lines = [json.dumps({"type": "summary", "summary": each.hint})]
            lines += [_line(at, number) for number in range(each.messages)]
            _write(self._path(location, session_id), "".join(f"{line}\n" for line in lines), at)
            _write(Path(location) / "todos" / f"{session_id}-agent-{session_id}.json", "[]", at)
            made.append(session_id)
        return made

    def ids(self, location: str) -> Collection[str]:
        return [path.stem for path in Path(location).glob("projects/*/*.jsonl")]

    def read(self, location: str, session_id: str) -> object:
        files = sorted(Path(location).rglob(f"{session_id}*"))
        return {str(path): path.read_text(encoding="utf-8") for path in files} or None

    def append(self, location: str, session_id: str) -> None:
        path = self._path(location, session_id)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{_line(datetime.now(UTC), 9)}\n")

    def edit(self, location: str, session_id: str) -> bool:
        _edit(self._path(location, session_id), "message 0", "MESSAGE 0")
        return True

    def spoil(self, location: str) -> None:
        (Path(location) / "projects").rename(Path(location) / "conversations")

    @staticmethod
    def _path(location: str, session_id: str) -> Path:
        return Path(location) / "projects" / "-home-anna-shop" / f"{session_id}.jsonl"


def _line(at: datetime, number: int) -> str:
    told = {"role": "user", "content": f"message {number}"}
    return json.dumps({"type": "user", "message": told, "timestamp": at.isoformat()})


def _write(path: Path, text: str, at: datetime) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (at.timestamp(), at.timestamp()))


def _edit(path: Path, old: str, new: str) -> None:
    """With the old time put back, as a tool does that edits in secret."""
    before = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def maker_of_folder(kind: str) -> Any:
    return {"json": JsonFolderMaker, "claude-code": ClaudeCodeMaker}[kind]()
