"""Writing an archive so that a crash at any moment leaves either a whole one or none.

The file is one Zstandard stream of JSON lines: an opening line, then for each section a line that
names its columns and a line for each row, and the manifest at the end. What is known before the
deleting transaction stands in a frame of its own, proved before the database's lock is taken.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

import zstandard

from cleveragents.domain.archive import ARCHIVE_SUFFIX, Archived, Section
from cleveragents.domain.errors import ArchiveUnwritableError

KIND = "cleveragents.archive"
SCHEMA_VERSION = 1
SUFFIX = ARCHIVE_SUFFIX
PART_SUFFIX = f"{SUFFIX}.part"
_LEVEL = 1
"""Quicker than the usual 3, and not much larger: an archive's time is mostly that of compressing."""
_BUFFER = 1024 * 1024


class ArchiveFile:
    """An archive under its temporary name, locked against being taken for a left-over."""

    def __init__(self, folder: Path, run_id: str, fingerprint: str) -> None:
        self.path = folder / f"{run_id}{SUFFIX}"
        self.part = folder / f"{run_id}{PART_SUFFIX}"
        self._opening = {
            "kind": KIND,
            "schema_version": SCHEMA_VERSION,
            "run_id": run_id,
            "database": fingerprint,
        }
        self.is_sealed = False
        self._content = hashlib.sha256()
        self._counts: dict[Section, int] = dict.fromkeys(Section, 0)
        self._raw = _HashingFile(_create_locked(self.part))
        self._start_frame()
        self._put(_line(self._opening))

    def write(
        self, section: Section, columns: Sequence[str], pieces: Iterable[bytes], *, table: str = ""
    ) -> int:
        heading = {"section": section.value, "columns": list(columns), **({"table": table} if table else {})}
        try:
            self._put(_line(heading))
            count = self._put_all(pieces)
        except OSError as error:
            raise unwritable(self.part, error) from error
        self._counts[section] += count
        return count

    def prove(self) -> None:
        try:
            self._end_frame()
            self._compare(0)
            self._start_frame()
        except OSError as error:
            raise unwritable(self.part, error) from error

    def lines_of(self, section: Section) -> Iterator[bytes]:
        with self.part.open("rb") as file:
            stream = zstandard.ZstdDecompressor().stream_reader(file, read_size=_BUFFER)
            wanted = False
            for line in io.BufferedReader(stream, _BUFFER):
                if line.startswith(b"{"):
                    wanted = json.loads(line).get("section") == section.value
                elif wanted:
                    yield line

    def seal(self, still_alive: Iterable[bytes]) -> Archived:
        begin, alive = self._raw.size, Section.STILL_ALIVE
        self.write(alive, ["session_id"], still_alive)
        manifest = {**self._opening, **counts_told(self._counts)}
        try:
            self._put(_line({"manifest": {**manifest, "sha256": self._content.hexdigest()}}))
            self._end_frame()
            self._compare(begin)
            self.part.rename(self.path)
            _flush_folder(self.path.parent)
            self.is_sealed = True
        except OSError as error:
            raise unwritable(self.part, error) from error
        return Archived(
            file_name=self.path.name, file_bytes=self._raw.size, sha256=self._raw.digest.hexdigest()
        )

    def discard(self) -> None:
        """Remove what was not sealed; a failure between the renaming and its flush leaves the new name."""
        self.part.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Give up the lock; what was not flushed is lost, so this comes after sealing or discarding."""
        with suppress(OSError):  # of bytes that nobody wants any more
            self._raw.close()

    def _put_all(self, pieces: Iterable[bytes]) -> int:
        """Compress one block while the next is being read; returns how many lines there were."""
        from concurrent.futures import Future, ThreadPoolExecutor

        count = 0
        at_work: Future[int] | None = None
        with ThreadPoolExecutor(max_workers=1) as beside:
            for block in _blocks(pieces):
                self._content.update(block)
                if at_work is not None:
                    at_work.result()
                at_work = beside.submit(self._stream.write, block)
                count += block.count(b"\n")
        if at_work is not None:
            at_work.result()
        return count

    def _start_frame(self) -> None:
        self._raw.start_part()
        compressor = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
        self._stream = compressor.stream_writer(cast(BinaryIO, self._raw), write_size=_BUFFER, closefd=False)

    def _put(self, line: bytes) -> None:
        self._stream.write(line)
        self._content.update(line)

    def _end_frame(self) -> None:
        self._stream.flush(zstandard.FLUSH_FRAME)
        self._raw.flush_to_disk()

    def _compare(self, begin: int) -> None:
        """Read the last frame from the disk, compare its bytes with those written, and unpack it.

        A frame holds a checksum of what it was made of, so unpacking compares that too.
        """
        with self.part.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            file.seek(begin)
            if hashlib.file_digest(file, "sha256").digest() != self._raw.digest_of_part():
                raise OSError(0, "what was read back is not what was written")
            file.seek(begin)
            try:
                for _ in zstandard.ZstdDecompressor().read_to_iter(file, read_size=_BUFFER):
                    pass
            except zstandard.ZstdError as error:
                raise OSError(0, f"what was written cannot be read back ({error})") from error


def counts_told(counts: Mapping[Section, int]) -> dict[str, int]:
    """The manifest's counts; archives of our own sessions say nothing of other rows."""
    told = {section.value: counts[section] for section in Section}
    return told if counts[Section.ROWS] else {name: told[name] for name in told if name != Section.ROWS}


class _HashingFile:
    """A file being written whose bytes are hashed and counted on their way."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self._part = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self._file.write(data)
        self.digest.update(data)
        self._part.update(data)
        self.size += len(data)
        return len(data)

    def start_part(self) -> None:
        self._part = hashlib.sha256()

    def digest_of_part(self) -> bytes:
        return self._part.digest()

    def flush_to_disk(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def _blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces in blocks of about the buffer's size."""
    block: list[bytes] = []
    size = 0
    for piece in pieces:
        block.append(piece)
        size += len(piece)
        if size >= _BUFFER:
            yield b"".join(block)
            block, size = [], 0
    if block:
        yield b"".join(block)


def lock_if_free(file: BinaryIO) -> bool:
    """Take the lock of an archive's writer, or return False where the writer lives."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unwritable(path: Path, error: OSError) -> ArchiveUnwritableError:
    return ArchiveUnwritableError(
        f"The archive {str(path)!r} cannot be written: {error.strerror or error}. Nothing was deleted.",
        hints=[
            "Make room, or choose another folder with CLEVERAGENTS_CLEANUP_ARCHIVE_FOLDER.",
            "To delete without keeping anything: --no-archive",
        ],
    )


def _create_locked(part: Path) -> BinaryIO:
    """Make the file and lock it; made anew where another run took it for a left-over in between."""
    try:
        part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        while True:
            file = os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, 0o600), "wb")
            fcntl.flock(file, fcntl.LOCK_EX)
            with suppress(FileNotFoundError):
                if part.stat().st_ino == os.fstat(file.fileno()).st_ino:
                    return file
            file.close()
    except OSError as error:
        raise unwritable(part, error) from error


def _flush_folder(folder: Path) -> None:
    """Make a rename last: it is the folder that remembers names."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value).encode() + b"\n"
