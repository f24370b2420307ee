"""Foreign stores that are folders, and all that is in them."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select

from cleveragents.infrastructure.database.rows import sessions
from support.json_sessions import SessionManager
from support.sessions import span

LARGE = 3 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Tree:
    """Every file and folder: what it is, who may do what with it, when it was written, what is in it."""

    entries: Mapping[str, tuple[Any, ...]]

    @classmethod
    def of(cls, folder: Path) -> Tree:
        found = {}
        for path in sorted(folder.rglob("*")):
            status = path.lstat()
            content: Any = None
            if path.is_symlink():
                content = str(path.readlink())
            elif path.is_file():
                content = (path.read_bytes(), status.st_mtime_ns)
            found[str(path.relative_to(folder))] = stat.filemode(status.st_mode), content
        return cls(found)

    def difference(self, later: Tree) -> str:
        gone = sorted(path for path in self.entries if later.entries.get(path) != self.entries[path])
        return f"gone or changed: {gone}"[:900] if gone else self.added(later)

    def added(self, later: Tree) -> str:
        new = sorted(path for path in later.entries if later.entries[path] != self.entries.get(path))
        return f"new or changed: {new}"[:900] if new else ""


class FileStore:
    """`kind` and `folder` are what `--store` takes."""

    def __init__(self, kind: str, folder: Path, driver: Any) -> None:
        self.kind = kind
        self.folder = folder
        self._driver = driver
        self.remember()

    @property
    def option(self) -> str:
        return f"--store {self.kind}:{self.folder}"

    def remember(self) -> None:
        """From now on this is how it was."""
        self.before = self.now()

    def now(self) -> Tree:
        return Tree.of(self.folder)

    def session_ids(self) -> set[str]:
        """Those that there are now, as the adapter sees them."""
        container = self._driver.container()
        container.flags.override({"cleanup_store": f"{self.kind}:{self.folder}"})
        with closing(container.store()) as store, store.projected() as projection:
            return set(projection.connection.scalars(select(sessions.c.session_id)))


def json_folder(driver: Any, rows: Iterable[Mapping[str, str]]) -> FileStore:
    """Made by a session manager; `idle` is since when each was used, `messages` how many it has."""
    manager = SessionManager(driver.folder / "sessions")
    for row in rows:
        used = driver.clock.now() - span(row["idle"])
        session = manager.create(*row["session"].split("_", 1), used - timedelta(minutes=5))
        for number in range(int(row["messages"])):
            manager.append(session["session_id"], f"message {number} é \N{SNOWMAN}", used)
    return FileStore("json", manager.folder, driver)


def session_id_of(name: str) -> str:
    """The id of a session of Claude Code that a scenario calls so."""
    return str(uuid5(NAMESPACE_URL, name))


def claude_code_folder(driver: Any, rows: Iterable[Mapping[str, str]]) -> FileStore:
    """Sessions with a transcript of so many messages, or none, and with companions of these kinds."""
    folder = driver.folder / "claude"
    (folder / "projects").mkdir(parents=True)
    for row in rows:
        used = driver.clock.now() - span(row["idle"])
        if row["messages"] != "-":
            write_transcript(folder, row["session"], int(row["messages"]), used)
        for kind in row["companions"].split():
            write_companion(folder, row["session"], kind, used)
    return FileStore("claude-code", folder, driver)


def transcript_of(folder: Path, name: str) -> Path:
    return folder / "projects" / "-home-anna-shop" / f"{session_id_of(name)}.jsonl"


def write_transcript(folder: Path, name: str, messages: int, used: datetime) -> Path:
    path = transcript_of(folder, name)
    path.parent.mkdir(exist_ok=True)
    lines: list[dict[str, Any]] = [{"type": "summary", "summary": f"About {name}"}]
    for number in range(messages):
        kind = "assistant" if number % 2 else "user"
        told = {"role": kind, "content": f"message {number}"}
        at = used - timedelta(seconds=messages - 1 - number)
        lines.append(
            {"type": kind, "message": told, "timestamp": _told(at), "sessionId": session_id_of(name)}
        )
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    _touch(path, used)
    return path


def write_companion(folder: Path, name: str, kind: str, used: datetime) -> None:
    session_id = session_id_of(name)
    made = {
        "subagents": lambda: _tree(folder / "projects" / "-home-anna-shop" / session_id, "subagents/a.jsonl"),
        "file-history": lambda: _tree(folder / "file-history" / session_id, "0a1b@v1"),
        "session-env": lambda: _tree(folder / "session-env" / session_id, None),
        "tasks": lambda: _tree(folder / "tasks" / session_id, "1.json"),
        "todos": lambda: _file(folder / "todos" / f"{session_id}-agent-{session_id}.json"),
        "another": lambda: _file(folder / "todos" / f"{session_id}-agent-2.json"),
        "debug": lambda: _file(folder / "debug" / f"{session_id}.txt"),
        "large": lambda: _file(folder / "debug" / f"{session_id}.txt", LARGE),
    }[kind]()
    for path in [*made.rglob("*"), made] if made.is_dir() else [made]:
        _touch(path, used)


def _tree(folder: Path, file: str | None) -> Path:
    folder.mkdir(parents=True)
    if file:
        _file(folder / file)
    return folder


def _file(path: Path, size: int = 20) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(number % 251 for number in range(size)))
    path.chmod(0o600)
    return path


def _touch(path: Path, moment: datetime) -> None:
    os.utime(path, (moment.timestamp(), moment.timestamp()))


def _told(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
