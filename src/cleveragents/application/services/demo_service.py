"""Realistic, reproducible sessions of every kind, for a look at a cleanup without risk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from cleveragents.application.services.cleanup_service import CleanupService
from cleveragents.application.services.session_service import Page, SessionService
from cleveragents.domain.listing import SessionQuery
from cleveragents.domain.ports import Clock, SessionStore
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.retention import RetentionPolicy, SessionFilter
from cleveragents.domain.session import Message, Role, Session

LISTED = 8
_SEED = 2026
_ACTORS = ("local/assistant", "local/reviewer", "team/planner", "team/researcher", None)
_TOPICS = (
    "Plan the spring release",
    "Why does the nightly build fail?",
    "Summarise the incident report",
    "Draft a reply to the auditor",
    "Compare three vector stores",
    "Translate the onboarding guide",
    "Refactor the billing module",
    "Trip to Lisbon 🇵🇹",
)
_SAYINGS = (
    "Could you look at the last run and tell me what changed?",
    "The second attempt passed; the first one timed out after four minutes.",
    "Here is the plan in three steps. Shall I go on with the first one?",
    "Yes, but keep the old behaviour behind a flag until Thursday.",
    "I found two files that mention it and one test that covers it.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """The steps of a demo: what a dry run found, what the purge did, and what is left."""

    url: str
    filled: int
    dry_run: CleanupReport
    purge: CleanupReport
    left: Page


class DemoService:
    """Shows a cleanup on a store made for it; `store` is never the user's."""

    def __init__(
        self, store: SessionStore, clock: Clock, cleanup: CleanupService, sessions: SessionService
    ) -> None:
        self._store = store
        self._clock = clock
        self._cleanup = cleanup
        self._sessions = sessions

    def run(self, number: int) -> Demonstration:
        """Fill the store with `number` sessions, scan, purge, and list the newest of what is left."""
        self.fill(number)
        policy = RetentionPolicy()
        dry_run = self._cleanup.scan(policy, listed=LISTED)
        purge = self._cleanup.purge(policy, listed=LISTED)
        newest = SessionQuery(
            matching=SessionFilter(), having=frozenset(), policy=policy, now=self._clock.now(), limit=LISTED
        )
        return Demonstration(
            url=self._store.displayed_url,
            filled=number,
            dry_run=dry_run,
            purge=purge,
            left=self._sessions.list(newest),
        )

    def fill(self, number: int) -> None:
        """Add sessions; equal numbers make equal sessions, aged against the clock's now."""
        random = Random(_SEED)  # noqa: S311 - reproducible on purpose  # nosec B311
        with self._store.writing() as work:
            work.sessions.add_many(_sessions(number, random, self._clock.now()))
            work.commit()


def _sessions(number: int, random: Random, now: datetime) -> Iterator[tuple[Session, Sequence[Message]]]:
    """Make about as many machine sessions as real installations have: most are not typed by anyone."""
    previous: str | None = None
    for index in range(number):
        source = random.choices(("cli", "api", "cron", "subagent"), (3, 2, 4, 3))[0]
        idle = timedelta(days=random.expovariate(1 / 35), seconds=random.randrange(86_400))
        last_accessed_at = now - idle
        is_empty = random.random() < 0.15  # noqa: PLR2004 - a share of the demo
        messages = [] if is_empty else _messages(index, random, last_accessed_at)
        created_at = messages[0].created_at if messages else last_accessed_at
        session_id = f"{random.getrandbits(64):016x}"
        yield (
            Session(
                session_id=session_id,
                name=None if source == "subagent" else f"{random.choice(_TOPICS)} #{index}",
                actor_name=random.choice(_ACTORS),
                source=source,
                parent_session_id=_parent(source, previous, index, random),
                created_at=created_at,
                last_accessed_at=last_accessed_at,
                first_message_at=created_at if messages else None,
                message_count=len(messages),
                content_bytes=sum(message.content_bytes for message in messages),
                pinned_at=last_accessed_at if random.random() < 0.04 else None,  # noqa: PLR2004 - a share
                lease_expires_at=now + timedelta(hours=1) if random.random() < 0.01 else None,  # noqa: PLR2004 - a share
                metadata={"demo": True},
            ),
            messages,
        )
        if source != "subagent":
            previous = session_id


def _parent(source: str, previous: str | None, index: int, random: Random) -> str | None:
    """Give every sub-agent a parent; for some it is one that has been deleted since."""
    if source != "subagent":
        return None
    return f"deleted-{index}" if random.random() < 0.3 or previous is None else previous  # noqa: PLR2004 - a share


def _messages(index: int, random: Random, last: datetime) -> list[Message]:
    number = random.randint(1, 24)
    return [
        Message(
            message_id=f"demo-{index}-{sequence}",
            sequence=sequence,
            role=Role.USER if sequence % 2 else Role.ASSISTANT,
            content=" ".join(random.choices(_SAYINGS, k=random.randint(1, 12))),
            created_at=last - timedelta(minutes=2 * (number - sequence)),
        )
        for sequence in range(1, number + 1)
    ]
