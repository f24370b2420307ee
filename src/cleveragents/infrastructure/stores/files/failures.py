"""What the system says of files, in the product's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES, EDQUOT, EIO, ENOSPC, EPERM, EROFS
from pathlib import Path

from cleveragents.domain.errors import (
    CleverAgentsError,
    DatabaseError,
    DatabaseUnavailableError,
    DiskFullError,
    ReadOnlyDatabaseError,
)


@contextmanager
def told_plainly(folder: Path) -> Iterator[None]:
    """Turn an OSError that leaves the block into one error of ours."""
    try:
        yield
    except OSError as error:
        raise _in_our_words(folder, error) from error


def _in_our_words(folder: Path, error: OSError) -> CleverAgentsError:
    where, why = f"The folder {str(folder)!r}", error.strerror or str(error)
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return DatabaseUnavailableError(
            f"{where} cannot be opened, or lost something meanwhile.", detail=why, hints=["Run it again."]
        )
    if error.errno in {EACCES, EPERM, EROFS}:
        return ReadOnlyDatabaseError(
            f"{where} cannot be read or written by this user. Nothing was changed.",
            detail=f"{why}: {error.filename}" if error.filename else why,
            hints=["Run it as the user whose sessions these are."],
        )
    if error.errno in {ENOSPC, EDQUOT, EIO}:
        return DiskFullError(
            f"{where} could not be written: the disk is full or failing. Nothing was changed.", detail=why
        )
    return DatabaseError(f"{where} refused something. Nothing was changed.", detail=why)
