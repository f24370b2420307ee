"""Whatever another program may have written comes back from an archive to the last byte."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from running import NOW, Operator
from scenes import CONTENT, Rows, Scene, Scenes, columns_of, difference
from tally import Tally, require

_FLOCKS = 25
_SESSIONS = 12
_LARGE_TEXT = 200_000
_MOST = 2**63 - 1
_MICROSECONDS = 1_000_000
_OLD = int(NOW.timestamp()) - 60 * 86_400
_TEXTS = (
    "",
    " ",
    "plain",
    "line\nbreak\r\n\ttab \\ backslash \\n \\. \\N",
    "\x01\x02\x1b[31m\x7f\x80\x9f",
    "quotes \" ' `",
    "\\N",
    "NULL",
    "é e\u0301 ß 好 \u202e \ufeff \ufffd \uffff",
    "😀 \U00010000 \U0010ffff \U0001d518",
    '["an", {"array": 1}]',
    "{}",
    "x" * _LARGE_TEXT,
    "".join(chr(point) for point in range(1, 0x2FF)),
)
_RAW_TEXTS = (
    b"nul\0inside",
    b"\0",
    b"\xff\xfe",
    b"caf\xe9",
    b"half \xf0\x9f",
    b"\xed\xa0\x80 surrogate",
    b"\xc0\x80",
)
_JSON = (
    "{}",
    '{"a":1}',
    '{"n": 1e400, "m": -1E-400, "f": 0.10, "i": 12345678901234567890123456789}',
    '{"deep": ' + "[" * 60 + "]" * 60 + "}",
    '{"": "", "quote\\"": "\\u00e9\\n", "好": null, "t": true}',
    '{"a": {"b": {"c": [1, 2.50, "3"]}}}',
)
_RAW_JSON = (
    '{"a":1,"a":2}',
    "no json",
    '{"half": "\\ud800"}',
    "[1]",
    '"text"',
    "",
    "NaN",
    '{ "spaces" :  1 }',
)
_OLD_MOMENTS = (
    "-infinity",
    "0044-03-15 12:00:00+00 BC",
    "0001-01-01 00:00:00+00",
    "1969-12-31 23:59:59.999999+00",
)
_MOMENTS = (*_OLD_MOMENTS, "infinity", "294276-12-31 23:59:59.999999+00", "2026-03-29 02:30:00.000001+02")
_OLD_NUMBERS = (-_MOST - 1, -_MOST, -1, 0, 1, _OLD * _MICROSECONDS + 123_456)
_NUMBERS = (*_OLD_NUMBERS, _MOST, 253_402_300_800 * _MICROSECONDS)


def bring_back_oddities(tally: Tally, scenes: Scenes, seed: int) -> None:
    scene = scenes.fresh()
    operator = Operator(scene)
    empty = scene.keep()
    try:
        for each in range(seed, seed + _FLOCKS):
            with tally.trying("flocks of odd sessions", f"--seed {each}"):
                scene.put_back(empty)
                flock = _SqliteFlock if scene.backend == "sqlite" else _PostgresqlFlock
                values = _write(scene, flock(random.Random(each)))  # noqa: S311 - to be repeated
                tally.tried["odd values"] += values
                _there_and_back(operator)
    finally:
        scene.close()


def _there_and_back(operator: Operator) -> None:
    scene = operator.scene
    before = scene.rows(CONTENT)
    run = operator.at(NOW).purge(cleanup_max_purge="100%").run
    left = [row[0] for row in scene.rows(["sessions"])["sessions"]]
    require(run is not None and not left, f"not all went: {left[:5]}")
    require(not scene.rows(["session_messages"])["session_messages"], "messages are left")
    operator.verified_log()
    operator.restore(run.run_id if run else "")
    wrong = difference(_comparable(before), _comparable(scene.rows(CONTENT)))
    require(not wrong, wrong)
    operator.verified_log()


def _comparable(rows: Rows) -> Rows:
    return {table: rows[table] for table in CONTENT}


class _Flock:
    """Makes rows at random; what it may not be is that a purge would keep it, or find it miscounted."""

    def __init__(self, choose: random.Random) -> None:
        self._choose = choose

    def text(self) -> Any:
        return self._choose.choice(_TEXTS)

    def json(self) -> Any:
        return self._choose.choice(_JSON)

    def moment(self) -> Any:
        raise NotImplementedError

    def old_moment(self) -> Any:
        raise NotImplementedError

    def expired(self) -> Any:
        raise NotImplementedError

    def octets(self, text: Any) -> int:
        return len(text.encode()) if isinstance(text, str) else len(text)

    def maybe(self, value: Any) -> Any:
        return value if self._choose.random() < 0.7 else None

    def session(self, number: int, contents: Sequence[Any]) -> dict[str, Any]:
        return {
            "session_id": self._id(number),
            "name": self.maybe(self.text()),
            "actor_name": self.maybe(self.text()),
            "namespace": self.text(),
            "source": self.text(),
            "parent_session_id": None,
            "created_at": self.old_moment(),
            "last_accessed_at": self.old_moment(),
            "first_message_at": self.maybe(self.moment()),
            "message_count": len(contents),
            "content_bytes": sum(map(self.octets, contents)),
            "input_tokens": self._choose.choice((0, 1, _MOST)),
            "output_tokens": self._choose.choice((0, 7, _MOST)),
            "stale_after_seconds": self.maybe(self._choose.choice((1, 86_400))),
            "pinned_at": None,
            "lease_expires_at": self.maybe(self.expired()),
            "metadata": self.json(),
        }

    def message(self, number: int, sequence: int, content: Any) -> dict[str, Any]:
        return {
            "session_id": self._id(number),
            "sequence": sequence if self._choose.random() < 0.9 else 10**15 - sequence,
            "message_id": self.text(),
            "role": self._choose.choice(("user", "assistant", "system", "tool")),
            "content": content,
            "tool_call_id": self.maybe(self.text()),
            "metadata": self.json(),
            "created_at": self.moment(),
        }

    def contents(self) -> list[Any]:
        return [self.text() for _ in range(self._choose.choice((0, 1, 2, 5)))]

    def _id(self, number: int) -> str:
        """Any text is an id, as long as no two are the same."""
        return f"{number}" if number % 3 else f"{number} 好 \U0010ffff \\N\t'\""


class _SqliteFlock(_Flock):
    """SQLite takes any bytes as text, and any whole number as a moment."""

    def text(self) -> Any:
        return self._choose.choice((*_TEXTS, *_RAW_TEXTS))

    def json(self) -> Any:
        return self._choose.choice((*_JSON, *_RAW_JSON))

    def moment(self) -> Any:
        return self._choose.choice(_NUMBERS)

    def old_moment(self) -> Any:
        return self._choose.choice(_OLD_NUMBERS)

    expired = old_moment


class _PostgresqlFlock(_Flock):
    def moment(self) -> Any:
        return self._choose.choice(_MOMENTS)

    def old_moment(self) -> Any:
        return self._choose.choice(_OLD_MOMENTS)

    expired = old_moment


def _write(scene: Scene, flock: _Flock) -> int:
    """Write a flock by the bare driver; returns how many values that were."""
    with closing(scene.connect()) as connection:
        connection.execute("BEGIN")
        written = 0
        for number in range(_SESSIONS):
            contents = flock.contents()
            written += _insert(scene, connection, "sessions", flock.session(number, contents))
            for sequence, content in enumerate(contents, start=1):
                row = flock.message(number, sequence, content)
                written += _insert(scene, connection, "session_messages", row)
        connection.execute("COMMIT")
    return written


def _insert(scene: Scene, connection: Any, table: str, row: dict[str, Any]) -> int:
    names = columns_of(table)
    values = [row[name] for name in names]
    if scene.backend == "postgresql":
        holders = ["%s"] * len(names)
    else:
        holders = ["CAST(? AS TEXT)" if isinstance(value, bytes) else "?" for value in values]
    listed = ", ".join(f'"{name}"' for name in names)
    connection.execute(f"INSERT INTO {table} ({listed}) VALUES ({', '.join(holders)})", values)
    return len(values)
