"""What stands in a purge's way without forbidding it, seen before anything is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class HazardCode(StrEnum):
    """What kind of thing a hazard is."""

    UNINDEXED_REFERENCE = "unindexed_reference"
    TRIGGER = "trigger"
    CASCADE = "cascade"
    FOREIGN_KEYS_OFF = "foreign_keys_off"
    LONG_TRANSACTION = "long_transaction"
    LITTLE_SPACE = "little_space"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """What is wrong, the statement or setting that mends it, and what it costs to go on without."""

    code: HazardCode
    message: str
    mend: str
    cost: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """What the database's catalogue says. `log_folder` is where a purge's log grows; None on a server."""

    hazards: tuple[Hazard, ...] = ()
    size_bytes: int = 0
    log_folder: Path | None = None
