"""Reading and writing people's files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cleveragents.domain.archive import ARCHIVE_SUFFIX
from cleveragents.domain.errors import FileMissingError, FileUnreadableError, FileUnwritableError
from cleveragents.infrastructure.spool import spooled, text_weight


class LocalFiles:
    def read_text(self, path: Path) -> str:
        try:
            return path.read_bytes().decode("utf-8-sig")
        except FileNotFoundError as error:
            raise FileMissingError(path) from error
        except UnicodeDecodeError as error:
            raise FileUnreadableError(f"The file {str(path)!r} is not UTF-8 text.") from error
        except OSError as error:
            raise FileUnreadableError(f"The file {str(path)!r} cannot be read: {error.strerror}.") from error

    @contextmanager
    def lines_of(self, path: Path) -> Iterator[Iterator[str]]:
        try:
            with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
                yield file
        except FileNotFoundError as error:
            raise FileMissingError(path) from error
        except OSError as error:
            raise FileUnreadableError(f"The file {str(path)!r} cannot be read: {error.strerror}.") from error

    def write_whole(self, path: Path, pieces: Iterable[str]) -> None:
        path = path.resolve()
        if path.name.endswith(ARCHIVE_SUFFIX) and path.exists():
            raise FileUnwritableError(f"The file {str(path)!r} is an archive; it was left as it is.")
        if path.exists() and not path.is_file():
            _write_to_device(path, pieces)
            return
        try:
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        except OSError as error:
            raise _unwritable(path, error) from error
        part = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.writelines(pieces)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise _unwritable(path, error) from error
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def kept(self, pieces: Iterable[str]) -> Sequence[str]:
        return spooled(pieces, weigh=text_weight)

    def is_there(self, path: Path) -> bool:
        try:
            path.lstat()
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return True

    def documents_in(self, folder: Path) -> Sequence[Path]:
        try:
            names = sorted(entry.name for entry in os.scandir(folder) if entry.name.endswith(".json"))
        except FileNotFoundError as error:
            raise FileMissingError(folder) from error
        except OSError as error:
            why = error.strerror
            raise FileUnreadableError(f"The folder {str(folder)!r} cannot be read: {why}.") from error
        return [folder / name for name in names]


def _write_to_device(path: Path, pieces: Iterable[str]) -> None:
    """Write to what has no whole to be replaced: a terminal, a pipe, /dev/null."""
    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            stream.writelines(pieces)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> FileUnwritableError:
    return FileUnwritableError(
        f"The file {str(path)!r} cannot be written: {error.strerror}.",
        detail="A file of that name, if there was one, is as it was.",
    )
