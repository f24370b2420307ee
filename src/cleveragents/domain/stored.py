"""What adapters tell of the sessions in a foreign store, and what became of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, unquote

from cleveragents.domain.report import SkipReason

_SEPARATOR = "/"
_PLAIN = re.compile(r"[A-Za-z0-9_. -]*", re.ASCII).fullmatch
_SAFE = " !$&'()*+,;:=@~"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession:
    """A session as a foreign store has it.

    `session_id` is made by `id_of_key`. `last_accessed_at` is None where nobody can tell its age: it is
    kept then. `message_count` is 0 only for what the store calls empty. `version` is any text that is
    another one as soon as anything of the session, or of what belongs to it, changes.
    """

    session_id: str
    created_at: datetime | None
    last_accessed_at: datetime | None
    message_count: int
    content_bytes: int
    version: str
    name: str | None = None
    actor_name: str | None = None
    namespace: str = "local"
    source: str = ""
    parent_session_id: str | None = None
    in_use_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A session that may go, if its version is still this one."""

    session_id: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dangling:
    """Rows, or files, whose session no longer exists."""

    messages: int = 0
    content_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """What one deleting transaction of a foreign store did, by the store's own count.

    Of the chosen sessions all were deleted but those in `skipped`. `freed_bytes` became free inside the
    store's files, None where nobody knows; `physical_bytes` is how much smaller these are.
    """

    sessions: int = 0
    dangling: Dangling = field(default_factory=Dangling)
    skipped: Mapping[str, SkipReason] = field(default_factory=dict)
    freed_bytes: int | None = None
    physical_bytes: int = 0
    lock_held_since: float = 0.0
    """By `time.monotonic`, when others had to wait from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What a foreign store was found to be, and what is decided how; each text is one sentence or less.

    `layout` names the library's layout and its versions, `schema_version` what the store itself says of
    its version, blank where it says nothing. `left_alone` names what is never deleted. `least_age` is the
    shortest threshold that makes sense where the store's clock is uncertain. `advice` is what its owner
    may want to mend, such as an index that is missing.
    """

    layout: str
    schema_version: str = ""
    last_accessed: str
    emptiness: str
    orphans: str
    belongs: tuple[str, ...]
    left_alone: tuple[str, ...] = ()
    protected: str = ""
    least_age: timedelta = timedelta(0)
    advice: tuple[str, ...] = ()


def id_of_key(*parts: str) -> str:
    """The id under which a session of a foreign store goes here: its key's parts, with slashes between.

    What is no letter, no digit and none of ` !$&'()*+,;:=@~-._` is percent-encoded, so that ids are safe to
    show and two keys never share one.
    """
    return _SEPARATOR.join(
        part if _PLAIN(part) else quote(part, safe=_SAFE, errors="surrogateescape") for part in parts
    )


def key_of_id(session_id: str) -> tuple[str, ...]:
    """The parts that `id_of_key` put together."""
    return tuple(unquote(part, errors="surrogateescape") for part in session_id.split(_SEPARATOR))
