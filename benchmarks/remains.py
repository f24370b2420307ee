"""What is left in a database, in a form that can be compared."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

REMAINING = (
    "SELECT session_id, message_count FROM sessions ORDER BY session_id",
    "SELECT session_id, count(*), max(sequence) FROM session_messages GROUP BY 1 ORDER BY 1",
)


@dataclass(frozen=True, slots=True)
class Remains:
    """What is left: how many rows, and a digest of which."""

    sessions: int
    messages: int
    digest: str


def remains_of(found: list[Any]) -> Remains:
    digest = hashlib.sha256()
    counts = [0, 0]
    for place, rows in enumerate(found):
        for row in rows:
            counts[place] += row[1] if place else 1
            digest.update(json.dumps(row).encode())
    return Remains(sessions=counts[0], messages=counts[1], digest=digest.hexdigest()[:16])
