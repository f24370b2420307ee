"""Telling whether files are what they were: by their stamps, their content, and whether they are in use."""

from __future__ import annotations

import fcntl
import hashlib
import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from errno import EAGAIN

from cleveragents.domain.report import SkipReason
from cleveragents.domain.stored import Chosen
from cleveragents.infrastructure.stores.files.root import NotPlainError, Root, Stamp

AT_ONCE = 768 * 1024
"""Bytes that are read in one go; they make 1 MiB of base64, and no line of it ends in the middle."""
_SEPARATOR = ":"
# By default SIGIO tells that somebody wants the file, and ends a process that knows nothing of it.
_HARMLESS = signal.SIGURG


def version_of(stamps: Iterable[Stamp], digest: str = "") -> str:
    """Another text as soon as anything of the files changes; `digest` is that of their content, if known."""
    told = hashlib.blake2b(digest_size=16)
    for stamp in stamps:
        told.update(repr((stamp.path, *stamp.mark)).encode(errors="surrogateescape"))
    return f"{told.hexdigest()}{_SEPARATOR}{digest}" if digest else told.hexdigest()


def digest_in(version: str) -> str:
    return version.partition(_SEPARATOR)[2]


class Digest:
    """One number of the content of all files of a session."""

    def __init__(self) -> None:
        self._told = hashlib.blake2b(digest_size=16)

    def begin(self, stamp: Stamp) -> None:
        self._told.update(f"{stamp.size} ".encode())

    def add(self, piece: bytes) -> None:
        self._told.update(piece)

    @property
    def text(self) -> str:
        return self._told.hexdigest()


class ChangedError(Exception):
    """A session is not, or did not stay, as it was."""

    def __init__(self, why: SkipReason = SkipReason.USED) -> None:
        super().__init__(why)
        self.why = why


def stamps_as_chosen(root: Root, pieces: Sequence[str], chosen: Chosen) -> list[Stamp]:
    """The files and folders of a session that is as it was chosen; raises ChangedError where it is not."""
    if not pieces:
        raise ChangedError(SkipReason.REMOVED)
    stamps = stamps_of(root, pieces)
    if version_of(stamps, digest_in(chosen.version)) != chosen.version:
        raise ChangedError
    return stamps


def stamps_of(root: Root, pieces: Sequence[str]) -> list[Stamp]:
    """All files and folders of some pieces; raises ChangedError where something vanishes meanwhile."""
    try:
        return [stamp for piece in pieces for stamp in root.walk(piece)]
    except (FileNotFoundError, NotADirectoryError, NotPlainError) as error:
        raise ChangedError from error


def content_of(root: Root, stamp: Stamp) -> Iterator[bytes]:
    """A file's content in pieces of the same size; raises ChangedError unless it is as stamped to its end."""
    try:
        with root.opened(stamp.path) as descriptor:
            _require(descriptor, stamp)
            yield from content_of_opened(descriptor, stamp.size)
            _require(descriptor, stamp)
    except OSError as error:
        raise ChangedError from error


def content_of_opened(descriptor: int, size: int) -> Iterator[bytes]:
    """All of so many bytes in pieces of the same size, or fewer where the file ends."""
    while size and (piece := _read(descriptor, min(AT_ONCE, size))):
        size -= len(piece)
        yield piece


def _read(descriptor: int, size: int) -> bytes:
    pieces = []
    while size and (piece := os.read(descriptor, size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def digest_of(root: Root, stamps: Iterable[Stamp]) -> str:
    told = Digest()
    for stamp in stamps:
        if not stamp.is_folder:
            told.begin(stamp)
            for piece in content_of(root, stamp):
                told.add(piece)
    return told.text


def is_in_use(descriptor: int) -> bool:
    """Whether somebody else has a file open, as far as the system can tell.

    A lease to write is given only to whoever is alone with a file.
    """
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, _HARMLESS)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == EAGAIN
    except AttributeError:  # no Linux
        return False
    return False


def _require(descriptor: int, stamp: Stamp) -> None:
    if Stamp.of(stamp.path, os.fstat(descriptor)).mark != stamp.mark:
        raise ChangedError
