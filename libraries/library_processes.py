"""The two kinds of process of a proof: the library's script in its environment, and our command in ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).resolve().parent / "scripts"
_LONGEST = 300
_OURS = ("CLEVERAGENTS_", "SESSION_CLEANUP_", "XDG_", "PYTHON")


class ProofError(Exception):
    """Something that must hold does not."""


def require(holds: object, what: str) -> None:
    if not holds:
        raise ProofError(what)


class Script:
    """A library's script at work in a process: what it is asked goes through the library's public API."""

    def __init__(self, python: Path, name: str, words: Sequence[str], zone: str | None = None) -> None:
        self._python, self._name, self._words, self._zone = python, name, words, zone
        self._command = [str(python), "-W", "ignore", str(SCRIPTS / name), *words]
        self._process: subprocess.Popen[str] | None = None

    def ask(self, command: str, url: str, about: Any = None) -> Any:
        if self._process is None:
            self._process = self._start()
        return _asked(self._process, [command, url, about])

    @contextmanager
    def at_work(self, command: str, url: str, about: Any) -> Iterator[AtWork]:
        """Another process, which began the command and lives until the block ends."""
        process = self._start()
        try:
            _asked(process, [command, url, about])
            yield AtWork(process)
        finally:
            process.kill()
            process.communicate()

    def elsewhere(self, zone: str) -> Script:
        """The same on a computer with another time zone."""
        return Script(self._python, self._name, self._words, zone)

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[str]:
        zone = {} if self._zone is None else {"TZ": self._zone}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
        return subprocess.Popen(  # noqa: S603 - our own command
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=kept | zone,
        )


@dataclass(frozen=True, slots=True)
class AtWork:
    _process: subprocess.Popen[str]

    def say(self, what: Any) -> Any:
        """Tell it one line, and take the one it answers."""
        return _asked(self._process, what)

    def answer(self) -> Any:
        return _answered(self._process)


def _asked(process: subprocess.Popen[str], what: Any) -> Any:
    assert process.stdin is not None  # noqa: S101 - it is a pipe
    process.stdin.write(json.dumps(what) + "\n")
    process.stdin.flush()
    return _answered(process)


def _answered(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    for line in process.stdout:
        if line.startswith('{"'):  # not what a library prints for people
            told = json.loads(line)
            require("answer" in told, f"the library's script: {_end_of(str(told.get('error')))}")
            return told["answer"]
    raise ProofError("the library's process ended before it answered")


@dataclass(frozen=True, slots=True)
class Answer:
    exit_code: int
    document: dict[str, Any]
    said: str

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = self.document["data"]
        return data


@dataclass(frozen=True, slots=True)
class Agents:
    """Our command with settings, a ledger and archives of its own in a folder."""

    folder: Path

    def run(self, *words: str, may_end_with: Sequence[int] = (0,)) -> Answer:
        command = [sys.executable, "-m", "cleveragents", *words, "--format", "json"]
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith(_OURS[:-1])}
        for kind in ("DATA", "CONFIG", "CACHE", "STATE"):
            surroundings[f"XDG_{kind}_HOME"] = str(self.folder / kind.lower())
        finished = subprocess.run(  # noqa: S603 - our own command
            command,
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            env=surroundings,
            cwd=self.folder,
            check=False,
        )
        told = f"agents {' '.join(words)}: exit code {finished.returncode}"
        require(
            finished.returncode in may_end_with,
            f"{told}: {_end_of(finished.stdout)} {_end_of(finished.stderr)}",
        )
        return Answer(finished.returncode, json.loads(finished.stdout), finished.stderr)


def _end_of(text: str) -> str:
    return text.strip()[-1500:]
