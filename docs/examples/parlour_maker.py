"""Parlour itself at work, for the checks that its adapter has to pass."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from parlour import Parlour
from parlour_adapter import KIND

from cleveragents.conformance import Maker, Wanted
from cleveragents.domain.stored import id_of_key, key_of_id


@contextmanager
def parlour_at(location: str) -> Iterator[Parlour]:
    parlour = Parlour(location.removeprefix("sqlite:///"))
    with closing(parlour.connection):
        yield parlour


class ParlourMaker(Maker):
    kind = KIND

    def place(self, folder: Path) -> str:
        return f"sqlite:///{folder}/talks.db"

    def make(self, location: str, wanted: Sequence[Wanted]) -> Sequence[str]:
        with parlour_at(location) as parlour:
            parlour.connection.execute("BEGIN")
            made = [self._make(parlour, each) for each in wanted]
            parlour.connection.execute("COMMIT")
            return made

    def _make(self, parlour: Parlour, wanted: Wanted) -> str:
        talk_id = parlour.begin(wanted.hint)
        for number in range(wanted.messages):
            parlour.say(talk_id, f"Remark {number}")
        # The library knows no other time than now.
        then = time.time() - wanted.age.total_seconds()
        change = "UPDATE talks SET begun = ?, spoken = ? WHERE talk_id = ?"
        parlour.connection.execute(change, (then, then, talk_id))
        return id_of_key(talk_id)

    def ids(self, location: str) -> Collection[str]:
        with parlour_at(location) as parlour:
            return [id_of_key(talk_id) for talk_id in parlour.talks()]

    def read(self, location: str, session_id: str) -> object:
        with parlour_at(location) as parlour:
            return parlour.read(*key_of_id(session_id)) or None

    def append(self, location: str, session_id: str) -> None:
        (talk_id,) = key_of_id(session_id)
        with parlour_at(location) as parlour:
            parlour.say(talk_id, "One more")

    def spoil(self, location: str) -> None:
        with parlour_at(location) as parlour:
            parlour.connection.execute("ALTER TABLE talks ADD COLUMN mood TEXT")

    def edit(self, location: str, session_id: str) -> bool:
        with parlour_at(location) as parlour:
            change = "UPDATE remarks SET text = upper(text) WHERE talk_id = ?"
            parlour.connection.execute(change, key_of_id(session_id))
        return True

    def leave_dangling(self, location: str, age: timedelta) -> int:
        with parlour_at(location) as parlour:
            row = ("gone", time.time() - age.total_seconds(), "Nobody hears this")
            parlour.connection.execute("INSERT INTO remarks (talk_id, said, text) VALUES (?, ?, ?)", row)
        return 1


MAKER = ParlourMaker()
