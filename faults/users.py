"""Users who do at random moments what users do, on connections of their own."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
from population import DAY
from running import Operator
from scenes import CONTENT, Row, Scene

from cleveragents.container import Container
from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.session import Role

_A_MOMENT = timedelta(milliseconds=1)
_REFUSALS = (CleverAgentsError, sqlite3.OperationalError, psycopg.Error)


@dataclass(frozen=True, slots=True)
class Stored:
    """A session and its messages as the database holds them, or the messages of a session that is gone."""

    session: Row | None
    messages: tuple[Row, ...]


def stored_in(scene: Scene) -> dict[str, Stored]:
    rows = scene.rows(CONTENT)
    messages: dict[str, list[Row]] = {}
    for row in rows["session_messages"]:
        messages.setdefault(row[0], []).append(row)
    found = {row[0]: Stored(row, tuple(messages.pop(row[0], ()))) for row in rows["sessions"]}
    left = {session_id: Stored(None, tuple(those)) for session_id, those in messages.items()}
    return found | left


@dataclass(slots=True)
class Users:
    """`truth` is what the database must hold for all that they know; `said` is what they did, in order."""

    operator: Operator
    choose: random.Random
    documents: dict[str, str] = field(default_factory=dict)
    truth: dict[str, Stored] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    overwritten: dict[str, Stored] = field(default_factory=dict)
    """What was purged and then imported again under the same id."""
    other_runs: list[CleanupReport] = field(default_factory=list)
    purged_by_them: dict[str, Stored] = field(default_factory=dict)
    _holding: tuple[Any, str] | None = None

    def look_around(self) -> None:
        """Learn what is there, and export some of it to be imported again some time."""
        self.truth = stored_in(self.operator.scene)
        known = sorted(key for key, stored in self.truth.items() if stored.session is not None)
        with self.operator.container() as made:
            for session_id in self.choose.sample(known, min(3, len(known))):
                with made.transfer_service().exporting(session_id) as (_, pieces):
                    self.documents[session_id] = "".join(pieces)

    def act(self) -> bool:
        """Do one thing to one session; returns whether the database let it happen."""
        self.operator.clock.moment += _A_MOMENT
        name, action = self.choose.choice(self._actions())
        session_id = self.choose.choice(sorted(self.truth) or ["nobody"])
        try:
            with self.operator.container() as made:
                affected = action(made, session_id)
        except _REFUSALS as refusal:
            self.said.append(f"{name} {session_id}: {type(refusal).__name__}")
            return False
        self.said.append(f"{name} {session_id}")
        self._learn(affected)
        return True

    def let_go(self) -> None:
        """End whatever is being held, one way or the other."""
        if self._holding is None:
            return
        connection, session_id = self._holding
        self._holding = None
        wanted = self.choose.choice(("COMMIT", "ROLLBACK"))
        with closing(connection), suppress(psycopg.Error):
            connection.execute(wanted)
        self.said.append(f"{wanted} {session_id}")
        self._learn([session_id])

    def _learn(self, affected: Iterable[str]) -> None:
        now = stored_in(self.operator.scene)
        for session_id in affected:
            if session_id in now:
                self.truth[session_id] = now[session_id]
            else:
                self.truth.pop(session_id, None)

    def _actions(self) -> list[tuple[str, Callable[[Container, str], list[str]]]]:
        return [
            ("append", self._append),
            ("append", self._append),
            ("touch", lambda made, each: [made.session_service().touch(each).session_id]),
            ("lease", lambda made, each: [made.session_service().touch(each, lease=DAY).session_id]),
            ("pin", lambda made, each: [made.session_service().pin(each).session_id]),
            ("unpin", lambda made, each: [made.session_service().unpin(each).session_id]),
            ("delete", lambda made, each: [made.session_service().delete(each).session.session_id]),
            ("child of", self._create_child),
            ("child of", self._create_child),
            ("import", self._import),
            ("rename", lambda _, each: self._write(each, "name = 'renamed by hand'")),
            ("metadata of", lambda _, each: self._write(each, 'metadata = \'{"by": "hand"}\'')),
            ("shift", lambda _, each: self._write(each, "input_tokens = input_tokens + 1")),
            ("edit a message of", self._edit_message),
            ("edit a message of", self._edit_message),
            ("another run, not for", self._purge),
            ("hold", self._hold),
            ("hold", self._hold),
        ]

    def _append(self, made: Container, session_id: str) -> list[str]:
        made.session_service().append(session_id, Role.USER, f"{session_id} goes on")
        return [session_id]

    def _create_child(self, made: Container, session_id: str) -> list[str]:
        return [made.session_service().create(parent=session_id).session_id]

    def _import(self, made: Container, _: str) -> list[str]:
        session_id = self.choose.choice(sorted(self.documents))
        made.transfer_service().import_text(self.documents[session_id])
        if session_id in self.truth:
            # Nobody here deleted it, so the purge did.
            self.overwritten[session_id] = self.truth[session_id]
        return [session_id]

    def _write(self, session_id: str, change: str) -> list[str]:
        statement = f"UPDATE sessions SET {change} WHERE session_id = '{session_id}'"
        return [session_id] if self.operator.scene.execute(statement) else []

    def _edit_message(self, _: Container, session_id: str) -> list[str]:
        """Change a text behind the session's back, as no program of ours does; it stays as long as it was."""
        other = "CASE WHEN content = upper(content) THEN lower(content) ELSE upper(content) END"
        statement = f"UPDATE session_messages SET content = {other} WHERE session_id = '{session_id}'"
        return [session_id] if self.operator.scene.execute(f"{statement} AND sequence = 1") else []

    def _purge(self, made: Container, _: str) -> list[str]:
        before = stored_in(self.operator.scene)
        self.other_runs.append(made.cleanup_service().purge(made.policy()))
        gone = before.keys() - stored_in(self.operator.scene).keys()
        self.purged_by_them |= {each: before[each] for each in gone}
        return sorted(gone)

    def _hold(self, _: Container, session_id: str) -> list[str]:
        """Keep a row locked, with a change that may or may not be committed; SQLite locks whole files."""
        if self._holding is not None or self.operator.scene.backend == "sqlite":
            return []
        connection = self.operator.scene.connect()
        try:
            connection.execute("BEGIN")
            change = "UPDATE sessions SET output_tokens = output_tokens + 1 WHERE session_id = %s"
            is_there = connection.execute(change, (session_id,)).rowcount
        except psycopg.Error:
            connection.close()
            raise
        if is_there:
            self._holding = connection, session_id
        else:
            connection.close()
        return []
