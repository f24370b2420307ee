"""One run at a time that deletes chunk by chunk: a second one would take its turn between the chunks."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import URL, Connection, func, select

from cleveragents.domain.errors import DatabaseUnavailableError, RunAtWorkError

# Any constant will do, as long as every such run of a PostgreSQL database asks for the same lock.
_ONE_AT_A_TIME = 0x636C_6561_6E75_71


@contextmanager
def alone(connection: Connection, url: URL) -> Iterator[None]:
    """Keep other such runs away, or raise RunAtWorkError; a process that dies gives way by itself."""
    if connection.dialect.name == "postgresql":
        with connection.begin():
            if not connection.scalar(select(func.pg_try_advisory_lock(_ONE_AT_A_TIME))):
                raise RunAtWorkError
        yield  # the lock ends with the connection
        return
    path = Path(f"{url.database}.run")
    descriptor = _locked(path)
    try:
        yield
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)


def _locked(path: Path) -> int:
    """Make and lock the file; made anew where the run before removed it in between."""
    while True:
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise DatabaseUnavailableError(
                f"The file {path} cannot be made: {error.strerror}. Nothing was changed.",
                hints=["Make its folder writable for this user: it keeps two runs from working at once."],
            ) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise RunAtWorkError from error
        with suppress(FileNotFoundError):
            if path.stat().st_ino == os.fstat(descriptor).st_ino:
                return descriptor
        os.close(descriptor)
