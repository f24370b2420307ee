"""What the services need from the world; each port has one implementation for tests and users alike."""

from cleveragents.domain.ports.archives import ArchiveReader, Archives, ArchiveWriter
from cleveragents.domain.ports.ledger import Ledger
from cleveragents.domain.ports.outside import Clock, Disk, Files, IdFactory, Timer
from cleveragents.domain.ports.runs import Deletion, Look, Purge, Restoration
from cleveragents.domain.ports.sessions import SessionRepository, UnitOfWork
from cleveragents.domain.ports.store import (
    CounterMismatch,
    Inspection,
    Schema,
    SchemaStatus,
    SessionStore,
    Vacuum,
)
from cleveragents.domain.ports.sweeps import Sweeps
from cleveragents.domain.ports.warnings import ExpiryWarnings

__all__ = [
    "ArchiveReader",
    "ArchiveWriter",
    "Archives",
    "Clock",
    "CounterMismatch",
    "Deletion",
    "Disk",
    "ExpiryWarnings",
    "Files",
    "IdFactory",
    "Inspection",
    "Ledger",
    "Look",
    "Purge",
    "Restoration",
    "Schema",
    "SchemaStatus",
    "SessionRepository",
    "SessionStore",
    "Sweeps",
    "Timer",
    "UnitOfWork",
    "Vacuum",
]
