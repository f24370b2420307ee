"""A retention policy as a document: what reports show, plans carry, and the ledger remembers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from cleveragents.domain import json_reading as read
from cleveragents.domain.canonical_json import canonical_json
from cleveragents.domain.duration import format_duration, parse_duration
from cleveragents.domain.errors import UsageError
from cleveragents.domain.retention import Reason, RetentionPolicy, SessionFilter

DANGLING = "dangling"
_FILTERS = ("actors", "sources", "namespaces", "names")
_THRESHOLDS = ("stale_after", "empty_after", "orphaned_after")


def policy_document(policy: RetentionPolicy) -> dict[str, Any]:
    """The policy under the words of its options; thresholds to the second."""
    return {
        **{name: format_duration(getattr(policy, name)) for name in _THRESHOLDS},
        "only": [
            *(reason.value for reason in Reason if reason in policy.reasons),
            *[DANGLING] * policy.dangling,
        ],
        "keep_last": policy.keep_last,
        **{name: list(getattr(policy.narrowed_to, name)) for name in _FILTERS},
    }


def policy_hash(document: Mapping[str, Any]) -> str:
    """SHA-256 of a policy document in canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_json(document).encode(errors="surrogateescape")).hexdigest()


def read_policy(document: Mapping[str, Any]) -> RetentionPolicy:
    """The policy that a document describes; raises DocumentRefusedError where it describes none."""
    try:
        only = _texts(document, "only")
        keep_last = document["keep_last"]
        thresholds: dict[str, Any] = {
            name: parse_duration(read.text(document[name], name)) for name in _THRESHOLDS
        }
        return RetentionPolicy(
            **thresholds,
            reasons=frozenset(Reason(word) for word in only if word != DANGLING),
            dangling=DANGLING in only,
            keep_last=None if keep_last is None else read.number(keep_last, "keep_last"),
            narrowed_to=SessionFilter(**{name: tuple(_texts(document, name)) for name in _FILTERS}),
        )
    except (KeyError, ValueError, UsageError) as error:
        read.refuse(f"its policy cannot be understood ({error})")


def _texts(document: Mapping[str, Any], name: str) -> list[str]:
    entries = document[name]
    if not isinstance(entries, list):
        read.refuse(f"{name} is not a list")
    return [read.text(entry, name) for entry in entries]
