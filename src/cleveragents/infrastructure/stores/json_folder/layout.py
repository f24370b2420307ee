"""A folder with one JSON file for each session, named after it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from cleveragents.domain.errors import StoreNotRecognisedError
from cleveragents.domain.report import Unreadable
from cleveragents.domain.stored import Recognised, StoredSession, id_of_key, key_of_id
from cleveragents.infrastructure.stores.files.content import version_of
from cleveragents.infrastructure.stores.files.layout import Pieces
from cleveragents.infrastructure.stores.files.root import Root
from cleveragents.infrastructure.stores.json_folder.documents import (
    LARGEST,
    SUFFIX,
    ForeignError,
    NotASessionError,
    read_document,
)

_EVER = datetime.max.replace(tzinfo=UTC)
_LOOKED_AT = 1_000
_RECOGNISED = Recognised(
    layout="a folder with one JSON file for each session",
    last_accessed="last_accessed in the file; without a time zone, the latest that it can mean",
    emptiness="messages is an empty list",
    orphans="there are none",
    belongs=("the session's file",),
    left_alone=(
        "files that are no *.json, hidden ones, and what is in other folders",
        f"what is no session, cannot be read, is a link or larger than {LARGEST // 1024**2} MiB: named",
    ),
    protected="sessions dated in the future",
)


class JsonFolder:
    """Its sessions go by the names of their files."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unreadable: list[Unreadable] = []

    @property
    def unreadable(self) -> Sequence[Unreadable]:
        return sorted(self._unreadable, key=lambda each: each.name)

    def require(self, root: Root) -> None:
        """Look at files until one is a session; refuse a folder that holds none, but something else."""
        foreign = ""
        for name in islice(_names(root), _LOOKED_AT):
            try:
                read_document(root, name, _EVER)
            except ForeignError as error:
                foreign = foreign or f"{name} {error}"
            except (NotASessionError, FileNotFoundError):
                continue  # damaged, not foreign: it will be named
            else:
                return
        if foreign:
            raise StoreNotRecognisedError(
                f"The folder {str(self._path)!r} holds no session: {foreign}. Nothing was changed.",
                hints=["A session's file has at least session_id, last_accessed and messages."],
            )

    def recognised(self, root: Root) -> Recognised:
        self.require(root)
        return _RECOGNISED

    def sessions(self, root: Root, now: datetime) -> Iterator[StoredSession]:
        self._unreadable = []
        for name in _names(root):
            try:
                document = read_document(root, name, now)
            except NotASessionError as error:
                self._unreadable.append(Unreadable(name, str(error)))
                continue
            except FileNotFoundError:
                continue
            yield StoredSession(
                session_id=id_of_key(name.removesuffix(SUFFIX)),
                created_at=document.created_at,
                last_accessed_at=document.last_accessed_at,
                message_count=document.messages,
                content_bytes=document.stamp.size,
                version=version_of([document.stamp], document.digest),
                name=document.name,
                source=document.source,
            )

    def in_use(self, root: Root) -> Collection[str]:
        """Nothing in such a folder says."""
        del root
        return ()

    def pieces(self, root: Root) -> Pieces:
        def of(session_id: str) -> Sequence[str]:
            name = _file_of(session_id)
            return [name] if root.has(name) else []

        return of

    def belongs(self, session_id: str, path: str) -> bool:
        return path == _file_of(session_id)


def _names(root: Root) -> Iterator[str]:
    """Writers make their files under hidden names, or with another ending, before they rename them."""
    return (
        entry.name
        for entry in root.entries("")
        if entry.name.endswith(SUFFIX) and not entry.name.startswith(".")
    )


def _file_of(session_id: str) -> str:
    return "/".join(key_of_id(session_id)) + SUFFIX
