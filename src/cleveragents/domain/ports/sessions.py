"""Sessions with their messages, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self

from cleveragents.domain.adaptive import AutoThreshold, Unused
from cleveragents.domain.listing import ExpiringSession, SessionQuery
from cleveragents.domain.ports.ledger import Ledger
from cleveragents.domain.ports.sweeps import Sweeps
from cleveragents.domain.ports.warnings import ExpiryWarnings
from cleveragents.domain.retention import RetentionPolicy, Verdict
from cleveragents.domain.session import Message, Session


class SessionRepository(Protocol):
    """Sessions with their messages. Nothing here commits."""

    def get(self, session_id: str) -> Session:
        """Raise SessionNotFoundError where there is none."""
        ...

    def among(self, session_ids: Collection[str]) -> Sequence[Session]:
        """Those of these sessions that there are, in no order."""
        ...

    def ids_starting_with(self, prefix: str, limit: int) -> Sequence[str]: ...

    def lock(self, session_id: str) -> Session:
        """Get a session that nobody else can change or delete before this transaction ends."""
        ...

    def add(self, session: Session) -> None:
        """Raise SessionExistsError where the id is taken."""
        ...

    def add_many(self, sessions: Iterable[tuple[Session, Sequence[Message]]]) -> None:
        """Add whole sessions, counters as given, many at a time."""
        ...

    def change(self, session: Session, changed: Session) -> None:
        """Write the columns in which a locked session has changed, and no others."""
        ...

    def next_sequence(self, session_id: str) -> int:
        """The sequence number of the next message of a locked session."""
        ...

    def add_messages(self, session_id: str, messages: Sequence[Message]) -> None: ...

    def messages(self, session_id: str) -> Iterator[Message]:
        """Stream messages in order of `sequence`."""
        ...

    def newest_messages(self, session_id: str, limit: int) -> Sequence[Message]:
        """The last of them, in order of `sequence`."""
        ...

    def delete(self, session_id: str) -> int:
        """Delete a locked session; returns how many messages went with it."""
        ...

    def children_count(self, session_id: str) -> int: ...

    def page(self, query: SessionQuery) -> Sequence[Session]: ...

    def count(self, query: SessionQuery, most: int | None = None) -> int:
        """Count all that the query matches, or stop at `most`."""
        ...

    def expiring(self, query: SessionQuery, until: datetime) -> tuple[Sequence[ExpiringSession], int]:
        """One page of what the policy does not select at the query's moment and does at `until`.

        With it comes the number of all of these that the query matches.
        """
        ...

    def unused(self, auto: AutoThreshold, now: datetime) -> Unused:
        """How many sessions ever lay unused for longer than each age, and how many were used again."""
        ...

    def verdict(self, session_id: str, policy: RetentionPolicy, now: datetime) -> Verdict:
        """The verdict of the one selection, for one session."""
        ...

    def parent_exists(self, session: Session) -> bool: ...

    def newest_activity(self) -> Session | None:
        """The session that was used last."""
        ...

    def hanging_tables(self) -> Sequence[str]:
        """Other programs' tables whose rows go, or change, with the sessions that they refer to."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Leaving it without `commit` rolls everything back."""

    @property
    def sessions(self) -> SessionRepository: ...

    @property
    def ledger(self) -> Ledger: ...

    @property
    def sweeps(self) -> Sweeps: ...

    @property
    def warnings(self) -> ExpiryWarnings: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def commit(self) -> bool:
        """Commit, and return whether a Ctrl-C came while it did; it is held back until then."""
        ...
