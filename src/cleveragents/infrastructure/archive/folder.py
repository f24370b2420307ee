"""The folder that archives are kept in."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path

from cleveragents.domain.archive import Archived, KnownArchive
from cleveragents.domain.errors import ArchiveRefusedError, NoArchiveError
from cleveragents.infrastructure.archive.reading import ArchiveFileReader, missing
from cleveragents.infrastructure.archive.writing import (
    PART_SUFFIX,
    SUFFIX,
    ArchiveFile,
    lock_if_free,
    unwritable,
)


class ArchiveFolder:
    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def writing(self, run_id: str, fingerprint: str) -> Iterator[ArchiveFile]:
        try:
            file = ArchiveFile(self.path, run_id, fingerprint)
        except OSError as error:
            raise unwritable(self.path, error) from error
        try:
            yield file
        finally:
            # Once it is sealed its sessions may be gone, and then this is all there is of them.
            if not file.is_sealed:
                file.discard()
            file.close()

    def reader(self, archive: KnownArchive) -> ArchiveFileReader:
        path = self.path / archive.file_name
        if not self.is_here(archive):
            raise missing(path)
        return ArchiveFileReader(path, archive)

    def measured(self, file_name: str) -> Archived:
        path = self.path / file_name
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                return Archived(
                    file_name=file_name, file_bytes=os.fstat(file.fileno()).st_size, sha256=digest
                )
        except OSError as error:
            raise missing(path) from error

    def is_here(self, archive: KnownArchive) -> bool:
        # Unlike Path's own, this one takes a folder that may not be entered for one without the file.
        return os.path.isfile(self.path / archive.file_name)  # noqa: PTH113 - as said above

    def run_ids(self) -> set[str]:
        return {path.name.partition(SUFFIX)[0] for path in self.path.glob(f"*{SUFFIX}*")}

    def remove(self, file_name: str) -> None:
        try:
            (self.path / file_name).unlink(missing_ok=True)
        except OSError as error:
            raise unwritable(self.path / file_name, error) from error

    def unclaimed(self, fingerprint: str, known: Container[str]) -> Iterator[tuple[str, str, bool]]:
        for path in sorted(self.path.glob(f"*{SUFFIX}*")):
            if path.name in known or not path.name.endswith((SUFFIX, PART_SUFFIX)):
                continue
            try:
                with path.open("rb") as file:
                    if not lock_if_free(file):
                        continue
                    run_id = path.name.partition(SUFFIX)[0]
                    if path.name.endswith(PART_SUFFIX):
                        yield path.name, run_id, False
                    elif ArchiveFileReader(path).fingerprint() == fingerprint:
                        yield path.name, run_id, True
            except (OSError, ArchiveRefusedError, NoArchiveError):
                continue  # somebody else's, or gone meanwhile
