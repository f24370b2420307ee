"""Which database, and how connections to it behave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from cleveragents.domain.errors import InvalidSettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionOptions:
    """How connections behave: `busy_timeout` bounds every wait for a lock.

    `secure_delete` overwrites what is deleted with zeroes, on SQLite only: slower, but nothing
    readable stays in the file. `purge_cache_bytes` is SQLite's page cache while it writes.
    """

    busy_timeout: timedelta = timedelta(seconds=5)
    secure_delete: bool = False
    purge_cache_bytes: int = 16 * 1024 * 1024


def parse_url(text: str) -> URL:
    """Read a database URL; `postgres://` and `postgresql://` mean psycopg 3."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # the error's own text could show a part of the password
        raise _unusable("The database URL cannot be read.") from None
    if url.get_backend_name() in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        raise _unusable(f"Databases of the kind {url.get_backend_name()!r} are not supported.")
    if not url.database or url.database == ":memory:":
        raise _unusable("An in-memory database would be gone when the command ends.")
    if url.query:
        raise _unusable("A SQLite URL takes no parameters.")
    return url.set(drivername="sqlite", database=str(Path(url.database).expanduser().resolve()))


def _unusable(why: str) -> InvalidSettingsError:
    return InvalidSettingsError(
        why,
        hints=[
            "Write sqlite:////folder/sessions.db (four slashes before an absolute path)",
            "or postgresql://user:password@host:5432/database.",
            "In a password, write @ as %40, / as %2F and % as %25.",
        ],
    )


def displayed(url: URL) -> str:
    """The URL as it may be shown and logged: without its password."""
    return url.set(query={}).render_as_string(hide_password=True).replace("postgresql+psycopg", "postgresql")
