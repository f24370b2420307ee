"""Saved plans: what a scan chose, to be purged later if it is still as it was then.

A plan is one JSON document with a line for each session, so that a long one is read and written
without being held in memory. Its digest is the SHA-256 of every byte before the digest's own line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from cleveragents.domain import json_reading as read
from cleveragents.domain.canonical_json import canonical_json
from cleveragents.domain.duration import describe_age, format_duration
from cleveragents.domain.errors import DocumentRefusedError, InvalidPolicyError, PlanRefusedError
from cleveragents.domain.policy_document import policy_document, policy_hash, read_policy
from cleveragents.domain.report import Candidate, Findings
from cleveragents.domain.retention import RetentionPolicy

KIND = "cleveragents.plan"
SCHEMA_VERSION = 1
_SESSIONS = '"sessions": ['
_END = "],"
_LONGEST_OPENING = 1_000_000
_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHead:
    """What a plan says before its sessions. `fingerprint` is that of the database it is for."""

    created_at: datetime
    fingerprint: str
    policy: RetentionPolicy
    candidates: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSession:
    """A session to purge if these still hold: nobody used it, no message came or went."""

    session_id: str
    last_accessed_at: datetime
    message_count: int
    content_bytes: int


def write_plan(head: PlanHead, findings: Findings, sessions: Iterable[Candidate]) -> Iterator[str]:
    """Yield a plan's text piece by piece.

    Raises InvalidPolicyError for thresholds that are no whole seconds: they could not be read back.
    """
    document = policy_document(head.policy)
    if read_policy(document) != head.policy:
        raise InvalidPolicyError("A plan can only be made with thresholds of whole seconds.")
    opening = {
        "kind": KIND,
        "schema_version": SCHEMA_VERSION,
        "created_at": _time(head.created_at),
        "database": head.fingerprint,
        "policy": document,
        "policy_hash": policy_hash(document),
        "candidates": head.candidates,
        "messages": findings.messages,
        "content_bytes": findings.content_bytes,
    }
    yield from _with_digest(_pieces(json.dumps(opening, ensure_ascii=False, indent=1), sessions))


def _pieces(opening: str, sessions: Iterable[Candidate]) -> Iterator[str]:
    yield opening.removesuffix("\n}") + f",\n{_SESSIONS}\n"
    separator = ""
    for candidate in sessions:
        yield separator + canonical_json(_entry(candidate))
        separator = ",\n"
    yield f"\n{_END}\n"


def _with_digest(pieces: Iterable[str]) -> Iterator[str]:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece.encode())
        yield piece
    yield f'"digest": "{digest.hexdigest()}"\n}}\n'


def _entry(candidate: Candidate) -> dict[str, Any]:
    return {
        "session_id": candidate.session_id,
        "last_accessed_at": _time(candidate.last_accessed_at),
        "message_count": candidate.message_count,
        "content_bytes": candidate.content_bytes,
        "reasons": [reason.value for reason in candidate.reasons],
    }


def _time(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


class Plan:
    """A plan being read, from lines that keep their ends.

    `head` is there at once; `digest` only when `sessions` came to their end. Raises PlanRefusedError
    where the text is no plan of ours or, after the last session, where it was edited.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self.digest = ""
        self._hash = hashlib.sha256()
        self._lines = iter(lines)
        self.head = self._read_head()

    def require_fresh(self, now: datetime, max_age: timedelta) -> None:
        age = now - self.head.created_at
        if age > max_age:
            _refuse(
                f"it is {describe_age(age)} old, and plans are good for {format_duration(max_age)}",
                hint="Make a new one: agents cleanup --plan-out FILE (cleanup.plan_max_age sets the limit).",
            )
        if age < -_CLOCKS_DIFFER:
            _refuse("it was made in the future, so a clock is wrong", hint="Check this host's clock.")

    def require_database(self, fingerprint: str) -> None:
        if self.head.fingerprint != fingerprint:
            _refuse(
                "it was made for another database",
                hint="Name that database with --database-url, or that store with --store.",
            )

    def sessions(self) -> Iterator[PlannedSession]:
        for line in self._lines:
            self._hash.update(line.encode(errors="surrogateescape"))
            if line.rstrip("\n") == _END:
                self._check_digest()
                return
            if line.strip():
                yield self._session(line.rstrip().removesuffix(","))
        _refuse_edited()

    def _read_head(self) -> PlanHead:
        opening = ""
        for line in self._lines:
            self._hash.update(line.encode(errors="surrogateescape"))
            if line.rstrip("\n") == _SESSIONS:
                return _head_from(opening.rstrip().removesuffix(",") + "}")
            opening += line
            if len(opening) > _LONGEST_OPENING:
                break
        _refuse("it is not a plan that --plan-out wrote")

    def _session(self, line: str) -> PlannedSession:
        try:
            entry = read.parse_object(line)
            return PlannedSession(
                session_id=read.text(entry["session_id"], "session_id"),
                last_accessed_at=read.moment(entry["last_accessed_at"], "last_accessed_at"),
                message_count=read.number(entry["message_count"], "message_count"),
                content_bytes=read.number(entry["content_bytes"], "content_bytes"),
            )
        except (DocumentRefusedError, KeyError):
            _refuse_edited()

    def _check_digest(self) -> None:
        ending = "".join(self._lines)
        self.digest = self._hash.hexdigest()
        if ending != f'"digest": "{self.digest}"\n}}\n':
            _refuse_edited()


def _head_from(opening: str) -> PlanHead:
    try:
        document = read.parse_object(opening)
        if document["kind"] != KIND:
            _refuse("it is not a plan that --plan-out wrote")
        if document["schema_version"] != SCHEMA_VERSION:
            _refuse(f"its schema version {document['schema_version']!r} is unknown to this version")
        policy = read.fields(document["policy"], "policy")
        if document["policy_hash"] != policy_hash(policy):
            _refuse_edited()
        return PlanHead(
            created_at=read.moment(document["created_at"], "created_at"),
            fingerprint=read.text(document["database"], "database"),
            policy=read_policy(policy),
            candidates=read.number(document["candidates"], "candidates"),
        )
    except (DocumentRefusedError, KeyError) as error:
        raise PlanRefusedError("The plan was refused: it cannot be understood.", detail=str(error)) from error


def _refuse_edited() -> NoReturn:
    _refuse("it was edited or damaged after it was written")


def _refuse(
    why: str, *, hint: str = "Nothing was changed. Make a new one: agents cleanup --plan-out FILE"
) -> NoReturn:
    raise PlanRefusedError(f"The plan was refused: {why}.", hints=[hint])
