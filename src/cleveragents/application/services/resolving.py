"""Finding the session that somebody means."""

from __future__ import annotations

from contextlib import suppress

from cleveragents.domain.errors import AmbiguousSessionError, InvalidValueError, SessionNotFoundError
from cleveragents.domain.ports import SessionRepository
from cleveragents.domain.session import Session, check_text

_MATCHES_NAMED = 10


def resolve(sessions: SessionRepository, asked_for: str) -> Session:
    """Find the session with this id or, failing that, the only one whose id starts with it."""
    if not asked_for.strip():
        raise InvalidValueError("A session id cannot be blank.")
    check_text("A session id", asked_for)
    with suppress(SessionNotFoundError):
        return sessions.get(asked_for)
    matches = sessions.ids_starting_with(asked_for, _MATCHES_NAMED + 1)
    if not matches:
        raise SessionNotFoundError(asked_for)
    if len(matches) > 1:
        more = len(matches) > _MATCHES_NAMED
        raise AmbiguousSessionError(asked_for, matches[:_MATCHES_NAMED], more=more)
    return sessions.get(matches[0])
