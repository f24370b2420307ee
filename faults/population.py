"""A few sessions of every kind, and which of them a purge takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from running import NOW, Operator

from cleveragents.domain.session import Message, Role, Session

DAY = timedelta(days=1)
LEFT_OVER = "01J00000000000000000000000.jsonl.zst.part"


@dataclass(frozen=True, slots=True)
class Kind:
    """A session with `texts` as its messages; `doomed` says whether the purge takes it."""

    session: Session
    texts: tuple[str, ...]
    doomed: bool


def _kind(name: str, age: timedelta, *texts: str, doomed: bool, **columns: object) -> Kind:
    at = NOW - age
    created = at - timedelta(minutes=5) if at < NOW else at
    session = Session(session_id=name, created_at=created, last_accessed_at=at, name=f"about {name}")
    return Kind(replace(session, **columns), texts, doomed)  # type: ignore[arg-type]


KINDS = (
    _kind("spring", 40 * DAY, "one", "two", "three" * 400, doomed=True, actor_name="local/gardener"),
    _kind(
        "memoir", 90 * DAY, 'Ça, 好, 😀\n\t"quoted"\\ \x01\x02', doomed=True, metadata={"tags": ["a", 1.5]}
    ),
    _kind("draft", timedelta(hours=2), doomed=True, source="api"),
    _kind("stray", 2 * DAY, "lost", doomed=True, parent_session_id="long gone"),
    _kind("elder", 50 * DAY, "old", doomed=True),
    _kind("heir", 45 * DAY, "old too", doomed=True, parent_session_id="elder"),
    _kind("hasty", 2 * DAY, "a", "b", doomed=True, stale_after=DAY),
    _kind("pinned", 60 * DAY, "keep me", doomed=False, pinned_at=NOW - 59 * DAY),
    _kind("leased", 60 * DAY, "at work", doomed=False, lease_expires_at=NOW + 5 * DAY),
    _kind("ancestor", 60 * DAY, "a parent", doomed=False),
    _kind("child", timedelta(hours=1), "young", doomed=False, parent_session_id="ancestor"),
    _kind("patient", 60 * DAY, "waits", doomed=False, stale_after=365 * DAY),
    _kind("today", timedelta(hours=3), "fresh", "and new", doomed=False),
    _kind("tomorrow", -timedelta(hours=3), "from elsewhere", doomed=False),
)
DOOMED = frozenset(kind.session.session_id for kind in KINDS if kind.doomed)


def whole(session: Session, texts: Sequence[str]) -> tuple[Session, list[Message]]:
    """A session with counters that fit its messages."""
    messages = [
        Message(
            message_id=f"{session.session_id}-{sequence}",
            sequence=sequence,
            role=Role.USER if sequence % 2 else Role.ASSISTANT,
            content=text,
            created_at=session.created_at,
        )
        for sequence, text in enumerate(texts, start=1)
    ]
    counted = replace(
        session,
        message_count=len(messages),
        content_bytes=sum(message.content_bytes for message in messages),
        first_message_at=session.created_at if messages else None,
    )
    return counted, messages


def add(operator: Operator, wholes: Sequence[tuple[Session, list[Message]]]) -> None:
    with operator.container() as made, made.store().writing() as work:
        work.sessions.add_many(wholes)
        work.commit()


def settle(operator: Operator) -> None:
    """Fill a scene with everything that a purge can meet, the traces of earlier runs included."""
    _purge_long_ago(operator.at(NOW - 100 * DAY))
    add(operator.at(NOW), [whole(kind.session, kind.texts) for kind in KINDS])
    if operator.scene.backend == "sqlite":
        leave_messages_behind(operator)
    (operator.scene.archives / LEFT_OVER).write_bytes(b"half an archive")


def leave_messages_behind(operator: Operator) -> None:
    """Delete a session as a program does that enforces no foreign key; only SQLite knows such."""
    at = NOW - 3 * DAY
    gone = Session(session_id="gone", created_at=at, last_accessed_at=at)
    add(operator, [whole(gone, ["left", "behind"])])
    operator.scene.execute("DELETE FROM sessions WHERE session_id = 'gone'")


def _purge_long_ago(operator: Operator) -> None:
    """Make an archive that expires in the next run: there were runs ever since, so no clock leapt."""
    ancient = Session(session_id="ancient", created_at=NOW - 200 * DAY, last_accessed_at=NOW - 200 * DAY)
    add(operator, [whole(ancient, ["long ago"])])
    operator.purge()
    for days in (80, 60, 40, 20):
        operator.at(NOW - days * DAY).purge()
