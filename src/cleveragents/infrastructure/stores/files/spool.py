"""What an archive holds of files, kept in a file that has no name until it is known what comes back."""

from __future__ import annotations

import tempfile
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from cleveragents.domain.errors import ArchiveRefusedError
from cleveragents.infrastructure.stores.files.copying import COLUMNS, FOLDER_END
from cleveragents.infrastructure.stores.files.layout import FileLayout
from cleveragents.infrastructure.stores.files.root import Root, is_safe

AT_ONCE = 1024 * 1024


@dataclass(slots=True)
class Archived:
    """One file, or folder, of an archive: where its content lies in the spool."""

    path: str
    is_folder: bool
    mode: int
    mtime_ns: int
    owner: int
    group: int
    place: int
    size: int = 0


@dataclass(slots=True)
class Spool:
    """`of_session` are the files of each session, in the order in which they went."""

    root: Root
    layout: FileLayout
    of_session: dict[str, list[Archived]] = field(default_factory=dict)
    _file: IO[bytes] | None = None

    def take(self, rows: Iterator[list[Any]]) -> int:
        count = 0
        for row in rows:
            self._add(dict(zip(COLUMNS, row, strict=True)))
            count += 1
        return count

    def content(self, archived: Archived) -> Iterator[bytes]:
        left = archived.size
        self._spooled.seek(archived.place)
        while left:
            piece = self._spooled.read(min(AT_ONCE, left))
            left -= len(piece)
            yield piece

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _add(self, row: dict[str, Any]) -> None:
        path, is_folder = row["path"].removesuffix(FOLDER_END), row["path"].endswith(FOLDER_END)
        if not is_safe(path) or not self.layout.belongs(row["session_id"], path):
            raise ArchiveRefusedError(
                f"The archive says that {path!r} belongs to the session {row['session_id']!r}; it cannot be.",
                hints=["Nothing was changed."],
            )
        files = self.of_session.setdefault(row["session_id"], [])
        if not (files and files[-1].path == path):
            facts = (row["mode"], row["mtime_ns"], row["owner"], row["group"])
            files.append(Archived(path, is_folder, *facts, self._spooled.seek(0, 2)))
        files[-1].size += self._spooled.write(b64decode(row["content"]))

    @property
    def _spooled(self) -> IO[bytes]:
        if self._file is None:
            try:
                # On the same disk, where there has to be room for it anyway.
                self._file = tempfile.TemporaryFile(dir=self.root.path)  # noqa: SIM115 - until it is closed - see close
            except OSError:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - until it is closed
        return self._file
