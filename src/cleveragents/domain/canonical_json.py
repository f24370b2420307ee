"""JSON with one spelling for one value, so that equal values have equal checksums."""

from __future__ import annotations

import json


def canonical_json(value: object) -> str:
    """Write JSON with its keys sorted and no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
