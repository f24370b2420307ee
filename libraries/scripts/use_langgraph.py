"""LangGraph at work through its public API; see `library.py` for what is asked and answered.

A thread is made old by moving back the clock that this process sees: LangGraph writes no time but the one
in the ids of its checkpoints.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import Any

from answering import Commands, answer_requests
from langgraph.checkpoint.base import (  # type: ignore[import-not-found]
    BaseCheckpointSaver,
    empty_checkpoint,
)
from langgraph.types import Command  # type: ignore[import-not-found]
from langgraph_clock import clock_moved_back
from langgraph_graphs import WAITING, agent

STALE, RECENT = 90, 3
PAUSE = 0.02
"""Seconds between a writer's messages, so that it is not done before anybody else has begun."""
DAY = 24 * 60 * 60
BEFORE = 60
ODD = "od'd/%41 \u00fc"
OF_FILE = ("checkpoints", "writes")
OF_SERVER = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")
Key = list[str]
OPENED = ExitStack()
"""The checkpointer of the request at hand."""


class Application:
    def __init__(self, saver: BaseCheckpointSaver) -> None:
        self.saver = saver
        self.seconds_ago = 0
        self.graph = agent(saver)

    def make(self, sizes: dict[str, Any]) -> list[dict[str, Any]]:
        # A little before, so that nothing is made in the future.
        self.seconds_ago = int((sizes.get("days_ago", 0)) * DAY) + (BEFORE if "days_ago" in sizes else 0)
        self.saver.setup()
        made = [self._begin(f"stale-{n}", 1 + n % 2, STALE) for n in range(sizes["stale"])]
        self._begin("went-on", 1, STALE)
        made += [
            self._begin("fresh", 2, 0),
            self._begin("recent", 1, RECENT),
            self._begin("went-on", 1, 0),
            self._begin("asks-recent", 1, RECENT, asks=True),
            self._begin("zz-asks", 1, STALE, asks=True),
            self._begin(ODD, 1, STALE),
            self._with_other_ids("other-ids"),
        ]
        return made

    def list_(self, _: None) -> list[Key]:
        return [[thread] for thread in {thread_of(each.config) for each in self.saver.list(None)}]

    def read(self, keys: list[Key]) -> list[Any]:
        return [self._read(thread) for (thread,) in keys]

    def continue_(self, key: Key) -> Any:
        (thread,) = key
        if self.graph.get_state(config_of(thread)).next:
            self.graph.invoke(Command(resume="yes"), config_of(thread))
        else:
            self._turn(thread, "and on")
        return self._read(thread)

    def hold(self, keys: list[Key]) -> Iterator[Any]:
        """Agents in the midst of a run: in the first node after a human's answer, or between two nodes."""
        threads = [thread for (thread,) in keys]
        WAITING.may_go_on = {thread: threading.Event() for thread in threads}
        raised: dict[str, str | None] = {}
        runs = {thread: threading.Thread(target=self._note, args=(thread, raised)) for thread in threads}
        for run in runs.values():
            run.daemon = True
            run.start()
            WAITING.begun.acquire()
        yield len(runs)
        for line in sys.stdin:
            (thread,) = json.loads(line)
            WAITING.may_go_on[thread].set()
            runs[thread].join()
            yield raised[thread]

    def write(self, keys: list[Key]) -> Iterator[Any]:
        yield len(keys)
        yield [[key, raised_by(partial(self._append, *key))] for key in keys]

    def delete(self, keys: list[Key]) -> int:
        for (thread,) in keys:
            self._delete(thread)
        return len(keys)

    def _begin(self, thread: str, turns: int, days: int, *, asks: bool = False) -> dict[str, Any]:
        with clock_moved_back(self.seconds_ago + days * DAY):
            for turn in range(turns):
                self._turn(thread, f"turn {turn} of {thread}: \u2603 '\"\\", asks=asks)
        return self._told(thread, days, purged=days == STALE)

    def _with_other_ids(self, thread: str) -> dict[str, Any]:
        """A checkpoint whose id is not one that tells a time, as an application of its own ids has them."""
        with clock_moved_back(self.seconds_ago + STALE * DAY):
            checkpoint = {**empty_checkpoint(), "id": str(uuid.UUID(int=7, version=4))}
            config = {"configurable": {"thread_id": thread, "checkpoint_ns": ""}}
            self.saver.put(config, checkpoint, {"source": "input", "step": -1}, {})
        return self._told(thread, 0, purged=False)

    def _delete(self, thread: str) -> None:
        try:
            self.saver.delete_thread(thread)
        except NotImplementedError:  # As people had to do it before there was such a call.
            is_file = isinstance(self.saver.conn, sqlite3.Connection)
            for table in OF_FILE if is_file else OF_SERVER:
                statement = f"DELETE FROM {table} WHERE thread_id = {'?' if is_file else '%s'}"
                self.saver.conn.execute(statement, (thread,))
            self.saver.conn.commit()

    def _told(self, thread: str, days: int, *, purged: bool) -> dict[str, Any]:
        count = sum(1 for _ in self.saver.list(config_of(thread)))
        return {"key": [thread], "messages": count, "days": days, "purged": purged}

    def _turn(self, thread: str, said: str, *, asks: bool = False) -> None:
        self.graph.invoke({"messages": [said], "facts": {}, "status": "new", "asks": asks}, config_of(thread))

    def _append(self, thread: str) -> None:
        time.sleep(PAUSE)
        self.graph.update_state(config_of(thread), {"messages": ["still here"]}, as_node="ask")

    def _note(self, thread: str, raised: dict[str, str | None]) -> None:
        raised[thread] = raised_by(lambda: self.continue_([thread]))
        WAITING.begun.release()  # However it ended, nobody waits for it.

    def _read(self, thread: str) -> Any:
        checkpoints = [each._asdict() for each in self.saver.list(config_of(thread))]
        if not checkpoints:
            return None
        history = [each._asdict() for each in self.graph.get_state_history(config_of(thread))]
        state = self.graph.get_state(config_of(thread), subgraphs=True)._asdict()
        told = {"messages": checkpoints, "history": history, "state": state}
        return json.loads(json.dumps(told, default=repr))


def thread_of(config: dict[str, Any]) -> str:
    return str(config["configurable"]["thread_id"])


def config_of(thread: str) -> dict[str, Any]:
    return {"configurable": {"thread_id": thread}}


def raised_by(what: Callable[[], Any]) -> str | None:
    try:
        what()
    except Exception as error:  # noqa: BLE001 - which one it is, is the answer
        return type(error).__name__
    return None


@contextmanager
def saver_of(url: str) -> Iterator[BaseCheckpointSaver]:
    if url.startswith("sqlite:///"):
        from langgraph.checkpoint.sqlite import SqliteSaver  # type: ignore[import-not-found]

        file = url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(file, check_same_thread=False, timeout=60)) as connection:
            yield SqliteSaver(connection)
        return
    from langgraph.checkpoint.postgres import PostgresSaver  # type: ignore[import-not-found]

    with PostgresSaver.from_conn_string(url) as saver:
        yield saver


def open_store(url: str) -> Commands:
    OPENED.close()
    application = Application(OPENED.enter_context(saver_of(url)))
    return {
        "make": application.make,
        "list": application.list_,
        "read": application.read,
        "continue": application.continue_,
        "hold": application.hold,
        "write": application.write,
        "delete": application.delete,
    }


if __name__ == "__main__":
    with OPENED:
        answer_requests(open_store)
