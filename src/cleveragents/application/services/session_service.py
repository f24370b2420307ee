"""The lifecycle of sessions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cleveragents.application.services.resolving import resolve
from cleveragents.domain.listing import SessionQuery
from cleveragents.domain.ports import Clock, IdFactory, SessionRepository, SessionStore
from cleveragents.domain.session import (
    DEFAULT_NAMESPACE,
    DEFAULT_SOURCE,
    MOST,
    Message,
    Role,
    Session,
    check_metadata,
    checked_message,
    checked_session,
)

_COUNTED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a list.

    `total` counts the sessions that the query matches. Where there are very many it is not the exact
    number but one that is exceeded: nobody waits for a count of millions to see a page.
    """

    sessions: Sequence[Session]
    total: int
    is_total_exact: bool
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """A session, its newest messages, and how many sessions call it their parent."""

    session: Session
    messages: Sequence[Message]
    children: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """What went, or would go, with one session; `orphans` are the children it leaves behind."""

    session: Session
    messages: int
    content_bytes: int
    orphans: int


class SessionService:
    def __init__(self, store: SessionStore, clock: Clock, ids: IdFactory) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    def create(  # noqa: PLR0913 - the columns a person may set
        self,
        *,
        name: str | None = None,
        actor_name: str | None = None,
        source: str = DEFAULT_SOURCE,
        namespace: str = DEFAULT_NAMESPACE,
        parent: str | None = None,
        stale_after: timedelta | None = None,
        metadata: Mapping[str, Any] | None = None,
        hold: timedelta | None = None,
    ) -> Session:
        """Create an empty session, with `hold` leased for so long.

        Raises SessionNotFoundError where `parent` names none.
        """
        now = self._clock.now()
        session = checked_session(
            Session(
                session_id=self._ids.new_id(now),
                name=name,
                actor_name=actor_name,
                source=source,
                namespace=namespace,
                created_at=now,
                last_accessed_at=now,
                stale_after=stale_after,
                lease_expires_at=None if hold is None else now + hold,
                metadata=metadata or {},
            )
        )
        with self._store.writing() as work:
            if parent is not None:
                # Locked, so that no purge can take the parent before the child is there.
                locked = work.sessions.lock(resolve(work.sessions, parent).session_id)
                session = replace(session, parent_session_id=locked.session_id)
            work.sessions.add(session)
            work.commit()
        return session

    def find(self, session_ids: Collection[str]) -> Sequence[Session]:
        """Those sessions of these full ids that exist, in no order."""
        with self._store.reading() as work:
            return work.sessions.among(session_ids)

    def list(self, query: SessionQuery) -> Page:
        """Find one page; its total is exact up to 10,000 sessions, or to the end of the page."""
        most = None if query.limit is None else min(max(_COUNTED, query.offset + query.limit), MOST - 1)
        with self._store.reading() as work:
            page = work.sessions.page(query)
            counted = work.sessions.count(query, None if most is None else most + 1)
        is_exact = most is None or counted <= most
        return Page(
            sessions=page,
            total=counted if is_exact else counted - 1,
            is_total_exact=is_exact,
            offset=query.offset,
        )

    def show(self, asked_for: str, *, messages: int) -> Details:
        """Show a session with its last `messages` messages."""
        with self._store.reading() as work:
            session = resolve(work.sessions, asked_for)
            return Details(
                session=session,
                messages=work.sessions.newest_messages(session.session_id, messages),
                children=work.sessions.children_count(session.session_id),
            )

    def append(  # noqa: PLR0913 - the columns of a message
        self,
        asked_for: str,
        role: Role,
        content: str,
        *,
        tool_call_id: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        input_tokens: int = 0,
        output_tokens: int = 0,
        hold: timedelta | None = None,
    ) -> tuple[Session, Message]:
        """Add a message and move the session's counters and clock, in one transaction.

        With `hold` the session is leased for at least so long.
        """
        with self._store.writing() as work:
            session = work.sessions.lock(resolve(work.sessions, asked_for).session_id)
            now = self._clock.now()
            message = checked_message(
                Message(
                    message_id=self._ids.new_id(now),
                    sequence=work.sessions.next_sequence(session.session_id),
                    role=Role(role),
                    content=content,
                    tool_call_id=tool_call_id,
                    metadata=metadata or {},
                    created_at=now,
                )
            )
            work.sessions.add_messages(session.session_id, [message])
            changed = replace(
                session,
                message_count=session.message_count + 1,
                content_bytes=session.content_bytes + message.content_bytes,
                first_message_at=session.first_message_at or now,
                last_accessed_at=now,
                lease_expires_at=_held(session, now, hold),
                input_tokens=session.input_tokens + input_tokens,
                output_tokens=session.output_tokens + output_tokens,
            )
            work.sessions.change(session, checked_session(changed))
            work.commit()
        return changed, message

    def touch(
        self, asked_for: str, *, lease: timedelta | None = None, hold: timedelta | None = None
    ) -> Session:
        """Mark a session as used now; with `lease`, also as in use until then, or with `hold` at least."""
        return self._change(
            asked_for,
            lambda session, now: replace(
                session,
                last_accessed_at=now,
                lease_expires_at=_held(session, now, hold) if lease is None else now + lease,
            ),
        )

    def change_state(
        self, asked_for: str, state: Mapping[str, Any], *, hold: timedelta | None = None
    ) -> Session:
        """Put `state` into a session's metadata, and mark it as used; what is None goes out of it."""
        check_metadata(state)
        return self._change(
            asked_for,
            lambda session, now: replace(
                session,
                metadata={
                    key: value
                    for key, value in {**session.metadata, **state}.items()
                    if key not in state or value is not None
                },
                last_accessed_at=now,
                lease_expires_at=_held(session, now, hold),
            ),
        )

    def pin(self, asked_for: str) -> Session:
        """Protect a session until it is unpinned. Pinning is no use: the clock is not reset."""
        return self._change(asked_for, lambda session, now: replace(session, pinned_at=now))

    def unpin(self, asked_for: str) -> Session:
        return self._change(asked_for, lambda session, _: replace(session, pinned_at=None))

    def preview_deletion(self, asked_for: str) -> Deletion:
        with self._store.reading() as work:
            session = resolve(work.sessions, asked_for)
            return _deletion(work.sessions, session, session.message_count)

    def delete(self, asked_for: str) -> Deletion:
        with self._store.writing() as work:
            session = work.sessions.lock(resolve(work.sessions, asked_for).session_id)
            deletion = _deletion(work.sessions, session, work.sessions.delete(session.session_id))
            work.commit()
        return deletion

    def _change(self, asked_for: str, change: Callable[[Session, datetime], Session]) -> Session:
        with self._store.writing() as work:
            session = work.sessions.lock(resolve(work.sessions, asked_for).session_id)
            changed = change(session, self._clock.now())
            work.sessions.change(session, changed)
            work.commit()
        return changed


def _held(session: Session, now: datetime, hold: timedelta | None) -> datetime | None:
    """Until when a session is leased that is to be for at least so long; no lease becomes shorter."""
    if hold is None:
        return session.lease_expires_at
    return max(session.lease_expires_at or now, now + hold)


def _deletion(sessions: SessionRepository, session: Session, messages: int) -> Deletion:
    return Deletion(
        session=session,
        messages=messages,
        content_bytes=session.content_bytes,
        orphans=sessions.children_count(session.session_id),
    )
