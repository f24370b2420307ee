"""Ending from another thread what a run does at the moment; its transaction is then rolled back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection

from cleveragents.infrastructure.database.sqlite import NO_LONGER_WANTED

_TO_REACH_THE_SERVER = 1.0


class Stopping:
    """Whether the runs of one store are to end, and the connections that they work on."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._changing = threading.Lock()
        self._connections: list[Any] = []

    @property
    def is_asked(self) -> bool:
        return self._asked.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until runs are to end; returns whether they are."""
        return self._asked.wait(seconds)

    def ask(self) -> None:
        """End every statement at work. Between two statements nothing hears it: ask until they ended."""
        self._asked.set()
        with self._changing:
            for connection in self._connections:
                _interrupt(connection)

    def take_back(self) -> None:
        self._asked.clear()

    def spare_waiting(self, connection: Connection) -> None:
        """Let it wait for no lock any more once runs are to end."""
        connection.info[NO_LONGER_WANTED] = self._asked.is_set

    @contextmanager
    def reaching(self, connection: Connection) -> Iterator[None]:
        """Let the statements of the block be ended."""
        raw: Any = connection.connection.dbapi_connection
        self.spare_waiting(connection)
        with self._changing:
            self._connections.append(raw)
        try:
            yield
        finally:
            with self._changing:
                self._connections.remove(raw)


def _interrupt(raw: Any) -> None:
    # It may have been closed, or the server gone: then nothing is at work any more.
    with suppress(Exception):
        if hasattr(raw, "interrupt"):
            raw.interrupt()
        else:
            raw.cancel_safe(timeout=_TO_REACH_THE_SERVER)
