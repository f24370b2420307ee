"""Reading an archive, and refusing one that is not what was written."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn

import zstandard

from cleveragents.domain.archive import Heading, KnownArchive, Manifest, Section
from cleveragents.domain.errors import ArchiveRefusedError, NoArchiveError
from cleveragents.infrastructure.archive.writing import KIND, SCHEMA_VERSION, counts_told

_BUFFER = 1024 * 1024


class ArchiveFileReader:
    """One archive; `known` is what the ledger says of it, None where the ledger says nothing."""

    def __init__(self, path: Path, known: KnownArchive | None = None) -> None:
        self._path = path
        self._known = known

    def fingerprint(self) -> str:
        """Of which database it is; read from the opening line alone."""
        return str(self._opening(next(self._lines(), b""))["database"])

    def verify(self) -> Manifest:
        if self._known is not None:
            self._compare_file(self._known)
        content = hashlib.sha256()
        counts = dict.fromkeys(Section, 0)
        manifest = None
        opening: dict[str, Any] = {}
        section = None
        for line in self._lines():
            if manifest is not None:
                self._refuse("something stands after its manifest")
            if not opening:
                opening = self._opening(line)
            elif line.startswith(b"["):
                if section is None:
                    self._refuse("a row stands outside of every section")
                counts[section] += 1
            else:
                marker = self._object(line)
                manifest = marker.get("manifest")
                section = None if manifest else self._section(marker)
            if manifest is None:
                content.update(line)
        if manifest is None:
            self._refuse("its end is missing")
        told = counts_told(counts)
        if manifest != {**opening, **told, "sha256": content.hexdigest()}:
            self._refuse("its content is not what its manifest says")
        return Manifest(run_id=opening["run_id"], fingerprint=opening["database"], **told)

    def sections(self) -> Iterator[tuple[Heading, Iterator[list[Any]]]]:
        lines = self._lines()
        self._opening(next(lines, b""))
        marker = next(lines, b"")
        while b'"manifest"' not in marker[:20]:
            told = self._object(marker)
            heading = Heading(self._section(told), told.get("columns", []), told.get("table", ""))
            ahead: list[bytes] = []
            yield heading, self._rows(lines, ahead)
            marker = next(chain(ahead, lines), b"")

    def _rows(self, lines: Iterator[bytes], ahead: list[bytes]) -> Iterator[list[Any]]:
        """The rows up to the next marker, which is left in `ahead`."""
        for line in lines:
            if not line.startswith(b"["):
                ahead.append(line)
                return
            try:
                # SQLite stores text that is not UTF-8 too; its bytes must come back as they were.
                yield json.loads(line.decode(errors="surrogateescape"))
            except ValueError:
                self._refuse("one of its rows is damaged")

    def _lines(self) -> Iterator[bytes]:
        try:
            with self._path.open("rb") as file:
                stream = zstandard.ZstdDecompressor().stream_reader(
                    file, read_size=_BUFFER, read_across_frames=True
                )
                yield from io.BufferedReader(stream, _BUFFER)
        except FileNotFoundError as error:
            raise missing(self._path) from error
        except (zstandard.ZstdError, OSError) as error:
            self._refuse(f"it cannot be read ({error})")

    def _compare_file(self, known: KnownArchive) -> None:
        try:
            with self._path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError as error:
            raise missing(self._path) from error
        except OSError as error:
            self._refuse(f"it cannot be read ({error})")
        if size != known.file_bytes:
            self._refuse(f"it has {size:,} bytes where the ledger says {known.file_bytes:,}")
        if digest != known.sha256:
            self._refuse("its SHA-256 is not the one in the ledger")

    def _opening(self, line: bytes) -> dict[str, Any]:
        opening = self._object(line)
        if opening.get("kind") != KIND or not {"run_id", "database"} <= opening.keys():
            self._refuse("it is not an archive of cleveragents")
        if opening.get("schema_version") != SCHEMA_VERSION:
            self._refuse(f"its format {opening.get('schema_version')!r} is unknown to this version")
        return opening

    def _section(self, marker: dict[str, Any]) -> Section:
        if marker.get("section") not in set(Section):
            self._refuse("one of its sections is unknown")
        return Section(marker["section"])

    def _object(self, line: bytes) -> dict[str, Any]:
        try:
            value = json.loads(line)
        except ValueError:
            value = None
        if not isinstance(value, dict):
            self._refuse("one of its lines is damaged")
        return value

    def _refuse(self, why: str) -> NoReturn:
        raise ArchiveRefusedError(
            f"The archive {str(self._path)!r} was refused: {why}.",
            hints=["Nothing was changed. If there is a copy of the file, put it in its place."],
        )


def missing(path: Path) -> NoArchiveError:
    return NoArchiveError(
        f"The archive {str(path)!r} is not here.",
        hints=["It may be on the host that ran the purge: agents cleanup log"],
    )
