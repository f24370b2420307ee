"""Runs as the ledger remembers them, each chained to the one before it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from cleveragents.domain.canonical_json import canonical_json

FIRST_HASH = "0" * 64
"""What the first run of a ledger is chained to."""


_CHUNK = "."
RUN_ID_LENGTH = 26
"""A run's id is a ULID."""


def entry_id_of_chunk(run_id: str, number: int) -> str:
    """The id of a chunk's own entry: `<run>.00003`."""
    return f"{run_id}{_CHUNK}{number:05d}"


def entries_of(run_id: str) -> str:
    """What the ids of all entries of a run in chunks begin with."""
    return f"{run_id}{_CHUNK}"


def run_of(entry_id: str) -> str:
    """The id of the run that an entry belongs to; most runs have one entry, of the same id."""
    return entry_id.partition(_CHUNK)[0]


def chunk_number(entry_id: str) -> int:
    """Which chunk of its run an entry is; 0 where the run was not split."""
    return int(entry_id.partition(_CHUNK)[2] or 0)


class RunOutcome(StrEnum):
    """What a run in the ledger did; each of them committed."""

    PURGED = "purged"
    RESTORED = "restored"


class AttemptOutcome(StrEnum):
    """How far a run came that changed nothing; `begun` is at work, or its process died."""

    BEGUN = "begun"
    REFUSED = "refused"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class StartedFrom(StrEnum):
    COMMAND_LINE = "command line"
    API = "API"
    SWEEP = "sweep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who starts runs, on which host, from where, and with which version of the program."""

    who: str
    host: str
    started_from: StartedFrom
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One committed purge or restore, with counts of what happened.

    A run in chunks has an entry for each, whose `candidates` are all that were left when it began.
    `duration_ms` leaves out how long a person was asked.
    `policy` and `by_reason` are canonical JSON. `restored_run_id` names the run that was undone.
    `previous_hash` is the `entry_hash` of the run at the position before, `entry_hash` the SHA-256
    of everything else here.
    """

    run_id: str
    outcome: str
    started_at: datetime
    finished_at: datetime
    who: str
    host: str
    started_from: str
    version: str
    policy: str = ""
    policy_hash: str = ""
    plan_digest: str | None = None
    scanned: int = 0
    candidates: int = 0
    sessions: int = 0
    by_reason: str = "{}"
    skipped: int = 0
    messages: int = 0
    dangling_messages: int = 0
    content_bytes: int = 0
    archive: str | None = None
    archive_hash: str | None = None
    restored_run_id: str | None = None
    duration_ms: int = 0
    position: int = 0
    previous_hash: str = ""
    entry_hash: str = ""

    def chained_to(self, previous: Run | None) -> Run:
        """The same run as the ledger's next entry."""
        placed = replace(
            self,
            position=previous.position + 1 if previous else 1,
            previous_hash=previous.entry_hash if previous else FIRST_HASH,
        )
        return replace(placed, entry_hash=placed.digest())

    @property
    def is_unfinished(self) -> bool:
        """Whether more chunks were to come after this one."""
        return bool(chunk_number(self.run_id)) and self.candidates > self.sessions + self.skipped

    def digest(self) -> str:
        """SHA-256, in hexadecimal, of every field but `entry_hash`."""
        content = {name: _plain(getattr(self, name)) for name in FIELDS if name != "entry_hash"}
        return hashlib.sha256(canonical_json(content).encode(errors="surrogateescape")).hexdigest()


FIELDS = tuple(field.name for field in fields(Run))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A run that changed nothing: one at work, or that was refused, failed or was interrupted."""

    run_id: str
    outcome: str
    started_at: datetime
    finished_at: datetime
    who: str
    host: str
    started_from: str
    version: str
    policy_hash: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerHead:
    """What the database remembers of its ledger's end, and by which it can be told from others."""

    fingerprint: str
    runs: int
    last_hash: str
    records: int = 1
    """How many such records there are; only one is right."""


def tampering(runs: Iterable[Run], head: LedgerHead) -> Iterator[str]:
    """Say what shows that the ledger was edited; `runs` in order of their positions."""
    expected_position, expected_hash = 1, FIRST_HASH
    for run in runs:
        where = f"run {run.run_id} at position {run.position}"
        if run.position != expected_position:
            yield f"{where} stands where position {expected_position} should: runs were removed or renumbered"
        elif run.previous_hash != expected_hash:
            yield f"{where} is not chained to the run before it"
        if run.digest() != run.entry_hash:
            yield f"{where} was changed after it was written"
        expected_position, expected_hash = run.position + 1, run.entry_hash
    if head.records != 1:
        yield f"what the database remembers of its ledger stands {head.records} times in it, not once"
    elif head.runs != expected_position - 1:
        yield f"the ledger ends at position {expected_position - 1} but was written up to {head.runs}"
    elif head.last_hash != expected_hash:
        yield "the last run is not the one that was written last"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
