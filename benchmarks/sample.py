"""The data that is measured: N sessions with their messages, half of them stale, the same each time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ROLES = ("user", "assistant", "tool", "assistant")
SOURCES = ("cli", "api", "cron", "subagent")
ACTORS = 50
EVERY_TENTH = 10
# More than a compressor looks back.
TEXT_BYTES = 16 * 1024 * 1024
WORDS = 5_000
STALE_AFTER = timedelta(days=30)
FIRST_CREATED = timedelta(days=120)
LAST_CREATED = timedelta(days=32)
LONGEST_UNUSED_SURVIVOR = timedelta(days=20)

SESSION_COLUMNS = (
    "session_id",
    "name",
    "actor_name",
    "namespace",
    "source",
    "parent_session_id",
    "created_at",
    "last_accessed_at",
    "first_message_at",
    "message_count",
    "content_bytes",
    "input_tokens",
    "output_tokens",
    "metadata",
)
MESSAGE_COLUMNS = (
    "session_id",
    "sequence",
    "message_id",
    "role",
    "content",
    "metadata",
    "created_at",
)


class Layout(StrEnum):
    """Where stale sessions lie: all before the others, or among them at random."""

    TOGETHER = "together"
    SCATTERED = "scattered"


@dataclass(frozen=True, slots=True)
class Row:
    """One session: what differs between sessions, from which all columns follow."""

    session_id: str
    index: int
    created_at: datetime
    last_accessed_at: datetime
    parent_session_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    sessions: int
    messages_each: int = 10
    message_bytes: int = 1024
    layout: Layout = Layout.TOGETHER
    as_of: datetime

    @classmethod
    def taken_now(cls, **values: object) -> Sample:
        return cls(as_of=datetime.now(UTC), **values)  # type: ignore[arg-type]

    @property
    def stale(self) -> int:
        return self.sessions // 2

    @property
    def cutoff(self) -> datetime:
        return self.as_of - STALE_AFTER

    def described(self) -> dict[str, object]:
        return {**asdict(self), "layout": self.layout.value, "as_of": self.as_of.isoformat()}

    def rows(self) -> Iterator[Row]:
        """Every session in order of creation; one in ten has a parent that shares its fate."""
        step = (FIRST_CREATED - LAST_CREATED) / self.sessions
        last_of: dict[bool, str | None] = {True: None, False: None}
        for index, is_stale in enumerate(self._fates()):
            created = self.as_of - FIRST_CREATED + step * index
            session_id = _ulid(created, index)
            unused = LONGEST_UNUSED_SURVIVOR * (index / self.sessions)
            parent = last_of[is_stale] if index % EVERY_TENTH == 0 else None
            last_of[is_stale] = session_id
            yield Row(
                session_id,
                index,
                created,
                created + timedelta(hours=1) if is_stale else self.as_of - unused - timedelta(minutes=1),
                parent,
            )

    def session_rows(self) -> Iterator[tuple[object, ...]]:
        for row in self.rows():
            yield (
                row.session_id,
                f"conversation {row.index * 7919 % self.sessions}",
                f"local/agent-{row.index % ACTORS}",
                "local",
                SOURCES[row.index % len(SOURCES)],
                row.parent_session_id,
                row.created_at,
                row.last_accessed_at,
                row.created_at if self.messages_each else None,
                self.messages_each,
                self.messages_each * self.message_bytes,
                self.messages_each * 100,
                self.messages_each * 50,
                "{}",
            )

    def message_rows(self) -> Iterator[tuple[object, ...]]:
        text = _text(self.message_bytes * 2)
        beginnings = len(text) - self.message_bytes
        number = 0
        for row in self.rows():
            for sequence in range(1, self.messages_each + 1):
                number += 1
                begin = number * self.message_bytes % beginnings
                yield (
                    row.session_id,
                    sequence,
                    f"{row.session_id[:10]}{row.index * self.messages_each + sequence:016d}",
                    ROLES[sequence % len(ROLES)],
                    text[begin : begin + self.message_bytes],
                    "{}",
                    row.created_at,
                )

    def _fates(self) -> Iterator[bool]:
        """Whether each session is stale; exactly half of them are."""
        fates = [index < self.stale for index in range(self.sessions)]
        if self.layout is Layout.SCATTERED:
            random.Random(0).shuffle(fates)  # noqa: S311 - the same sample each time, not a secret
        return iter(fates)


def _ulid(moment: datetime, index: int) -> str:
    milliseconds = int(moment.timestamp() * 1000)
    digits = [CROCKFORD[milliseconds >> shift & 31] for shift in range(45, -1, -5)]
    return "".join(digits) + f"{index:016d}"


def _text(least: int) -> str:
    """Words in random order: a compressor finds in it what it finds in what people write, and no repeats."""
    source = random.Random(1)  # noqa: S311 - the same sample each time, not a secret
    letters = "eeeeetttaaaooiinnsshhrrdlucmfwypvbgk"
    words = ["".join(source.choices(letters, k=source.randint(2, 11))) for _ in range(WORDS)]
    commonness = [1 / place for place in range(1, WORDS + 1)]
    return " ".join(source.choices(words, commonness, k=max(least, TEXT_BYTES) // 5))
