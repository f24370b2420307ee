"""What in Claude Code's folder is named after which session."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cleveragents.domain.report import Unreadable
from cleveragents.infrastructure.stores.files.root import Root

PROJECTS = "projects"
TRANSCRIPT = ".jsonl"
BESIDE = ("file-history", "session-env", "tasks", "todos")
"""The folders in which whatever begins with a session's id belongs to it."""
DEBUG = "debug"
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LINK = "is a symbolic link"


@dataclass(slots=True)
class Listing:
    """The paths of each session's transcripts and companions, as they were named at one moment.

    `unsure` are sessions of which something else is beside the transcripts, so that nobody knows whether
    theirs is gone; of those in `unreadable_ids` something is not what it should be. Unless all folders of
    transcripts could be listed, no transcript is known to be gone.
    """

    transcripts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    companions: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    unsure: set[str] = field(default_factory=set)
    unreadable_ids: set[str] = field(default_factory=set)
    unreadable: list[Unreadable] = field(default_factory=list)
    is_complete: bool = True

    def ids(self) -> list[str]:
        return sorted({*self.transcripts, *self.companions})

    def pieces(self, session_id: str) -> Sequence[str]:
        """Companions first: as long as the transcript is there, whoever looks finds the session."""
        return [*self.companions.get(session_id, ()), *self.transcripts.get(session_id, ())]

    def is_known_to_be_orphaned(self, session_id: str) -> bool:
        return self.is_complete and bool(self.transcripts) and session_id not in self.unsure


def listed(root: Root) -> Listing:
    found = Listing()
    for folder in BESIDE:
        for entry in _entries(root, folder, found):
            _note_companion(found, folder, entry)
    for entry in _entries(root, DEBUG, found):
        if entry.name.endswith(".txt") and UUID.fullmatch(entry.name[:-4]):
            _note_companion(found, DEBUG, entry)
    for project in _entries(root, PROJECTS, found):
        folder = f"{PROJECTS}/{project.name}"
        if project.is_symlink():
            _cannot_list(found, folder, _LINK)
        elif project.is_dir(follow_symlinks=False):
            for entry in _entries(root, folder, found):
                _note_beside_transcripts(found, folder, entry)
    return found


def _entries(root: Root, folder: str, found: Listing) -> Iterator[os.DirEntry[str]]:
    try:
        entries = sorted(root.entries(folder), key=lambda each: each.name)
    except FileNotFoundError:
        return
    except OSError as error:
        why = _LINK if root.is_link(folder) else f"cannot be read: {error.strerror}"
        _cannot_list(found, folder, why)
        return
    yield from entries


def _cannot_list(found: Listing, folder: str, why: str) -> None:
    found.unreadable.append(Unreadable(folder, why))
    found.is_complete = found.is_complete and not folder.startswith(PROJECTS)


def _note_companion(found: Listing, folder: str, entry: os.DirEntry[str]) -> None:
    named = UUID.match(entry.name)
    if named is None or entry.name[named.end() : named.end() + 1].isalnum():
        return
    if entry.is_symlink():
        _refuse(found, named.group(), f"{folder}/{entry.name}", _LINK)
    else:
        found.companions[named.group()].append(f"{folder}/{entry.name}")


def _note_beside_transcripts(found: Listing, folder: str, entry: os.DirEntry[str]) -> None:
    named = UUID.match(entry.name)
    if named is None:
        return
    session_id, path = named.group(), f"{folder}/{entry.name}"
    ending = entry.name[named.end() :]
    if entry.is_symlink():
        _refuse(found, session_id, path, _LINK)
    elif ending == TRANSCRIPT and entry.is_file(follow_symlinks=False):
        found.transcripts[session_id].append(path)
    elif ending == "" and entry.is_dir(follow_symlinks=False):
        found.companions[session_id].append(path)
    elif not ending[:1].isalnum():
        found.unsure.add(session_id)


def _refuse(found: Listing, session_id: str, path: str, why: str) -> None:
    found.unreadable_ids.add(session_id)
    found.unreadable.append(Unreadable(path, why))
