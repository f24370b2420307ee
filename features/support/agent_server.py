"""The example of an agent server, as a process of its own that is spoken to over HTTP."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from support.driver import Driver

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
_BEGINS = 30.0


class AgentServer:
    """Ended with the scenario, if nothing else ends it."""

    def __init__(self, driver: Driver) -> None:
        self._ids: dict[str, str] = {}
        self.log: list[str] = []
        self._process = subprocess.Popen(  # noqa: S603 - the words are ours
            [sys.executable, "-m", "uvicorn", "agent_server:app", "--app-dir", str(EXAMPLES), "--port", "0"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        driver.at_the_end(self._kill)
        self._port: int | None = None
        self._listening = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._listening.wait(_BEGINS), self.log
        assert self._port, self.log

    def ask(self, method: str, path: str, content: object = None) -> tuple[int, Any]:
        """The status and the document of an answer."""
        assert self._port is not None
        connection = HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            body = None if content is None else json.dumps(content)
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def create(self, name: str) -> None:
        status, session = self.ask("POST", "/sessions", {"name": name})
        assert status == 201, session
        self._ids[name] = session["session_id"]

    def id_of(self, name: str) -> str:
        return self._ids[name]

    def know(self, other: AgentServer) -> None:
        """Know the sessions that the server made whose place this one takes."""
        self._ids |= other._ids

    def end(self) -> float:
        """Ask it to end, as its host does; returns how long that took."""
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=60)
        self._reader.join()
        return time.monotonic() - began

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stderr is not None
        self._process.stderr.close()

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.log.append(line.rstrip())
            if found := re.search(r"running on http://127\.0\.0\.1:(\d+)", line):
                self._port = int(found[1])
                self._listening.set()
        self._listening.set()


def wait_until(is_so: Any, seconds: float = 10) -> None:
    """Wait for something that comes by itself, and fail where it does not."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"it did not come to that within {seconds} s"
        time.sleep(0.05)
