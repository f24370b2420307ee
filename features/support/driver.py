"""What the steps talk to: one operator at one computer, with a database and a clock of their own."""

from __future__ import annotations

import json
import logging
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from dependency_injector import providers

from cleveragents.application.services.cleanup_service import Approval
from cleveragents.cli.app import run
from cleveragents.cli.views.cleanup import data as cleanup_data
from cleveragents.container import Container
from cleveragents.domain.errors import CleverAgentsError
from cleveragents.domain.listing import SessionQuery
from cleveragents.domain.retention import RetentionPolicy, SessionFilter
from cleveragents.domain.session import Message, Session
from support.backends import Backend, Database
from support.clock import StandingClock
from support.sessions import SessionWithMessages, session_from_row, session_id_for
from support.streams import Stream

DATABASE_VARIABLE = "CLEVERAGENTS_DATABASE_URL"
_OURS = ("CLEVERAGENTS_", "SESSION_CLEANUP_", "XDG_")
_ABOUT_THE_TERMINAL = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "TERM", "TTY_COMPATIBLE")


class Driver:
    """Runs command lines and remembers how the last one ended.

    After each run: `exit_code`, `stdout`, `stderr`. `environment` and `folder` (also the current
    folder and the home of every XDG folder) are of this scenario alone.
    """

    def __init__(self, backend: Backend, folder: Path) -> None:
        self.backend = backend
        self.folder = folder
        self.clock = StandingClock()
        self.exit_code: int | None = None
        self.stdout = ""
        self.stderr = ""
        self.remembered: dict[str, Any] = {}
        """Whatever one step wants to tell a later one."""
        self._undo: list[Callable[[], object]] = []
        self._enter_folder()
        self._enter_environment()
        self.use_database(backend.create(folder))

    # --- the scenario's own computer ------------------------------------------------------------

    def _enter_folder(self) -> None:
        before = Path.cwd()
        os.chdir(self.folder)
        self._undo.append(lambda: os.chdir(before))

    def _enter_environment(self) -> None:
        changed = patch.dict(os.environ)
        changed.start()
        self._undo.append(changed.stop)
        for variable in list(os.environ):
            # The test server's URL is for the backend, not for the commands under test.
            if variable.startswith(_OURS) or variable in _ABOUT_THE_TERMINAL:
                del os.environ[variable]
        for variable in ("DATA", "CONFIG", "CACHE", "STATE"):
            os.environ[f"XDG_{variable}_HOME"] = str(self.folder / variable.lower())
        os.environ.update(HOME=str(self.folder), COLUMNS="200", PYTHONUTF8="1")
        # Else every program that a scenario starts would compile all that it loads.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

    def set_variable(self, name: str, value: str | None) -> None:
        """Set an environment variable for this scenario; None removes it."""
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value

    def write_file(self, name: str, text: str) -> Path:
        """Write a file in the scenario's folder, and the folders it stands in."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def leave(self) -> None:
        """Put everything back; each thing even where another one fails."""
        try:
            while self._undo:
                undo = self._undo.pop()
                undo()
        finally:
            logging.getLogger("cleveragents").handlers = []
            if self._undo:
                self.leave()

    def at_the_end(self, undo: Callable[[], object]) -> None:
        """Have something done when the scenario ends, last one first."""
        self._undo.append(undo)

    # --- databases -----------------------------------------------------------------------------

    def use_database(self, database: Database) -> None:
        """Make this the database of every command that names no other; it is dropped at the end."""
        self.database = database
        self.at_the_end(database.drop)
        self.set_variable(DATABASE_VARIABLE, database.url)

    def use_empty_database(self) -> None:
        """A database with no tables: a file of no bytes, or what CREATE DATABASE makes."""
        self.use_database(self.backend.create(self.folder, migrated=False))

    def use_missing_database(self) -> None:
        """A URL of a database that is not there."""
        self.database.drop()

    def another_connection(self) -> Any:
        """Another program's connection to the same database, closed at the end."""
        connection = self.database.connect()
        self.at_the_end(connection.close)
        return connection

    def hold_write_lock(self) -> Any:
        """Another program that holds the write lock until the connection is closed."""
        connection = self.database.hold_write_lock()
        self.at_the_end(connection.close)
        return connection

    def hold_row(self, name: str) -> Any:
        """Another program in the middle of changing one session."""
        connection = self.database.hold_row(session_id_for(name))
        self.at_the_end(connection.close)
        return connection

    # --- commands ------------------------------------------------------------------------------

    def run(
        self,
        words: str | list[str],
        *,
        stdin: str = "",
        terminal: bool = False,
        before_answer: Callable[[], object] | None = None,
    ) -> None:
        """Run a command line in this process, with or without `agents` before it.

        With `terminal` all three streams are one, and `stdin` is what the operator types;
        `before_answer` happens while the first question waits for it.
        """
        container = self.container()
        said, answered = Stream(terminal=terminal), Stream(terminal=terminal)
        typed = Stream(stdin, terminal=terminal, before_answer=before_answer)
        terminal_type = {"TERM": "xterm-256color"} if terminal else {}
        try:
            with (
                redirect_stdout(answered),
                redirect_stderr(said),
                patch("sys.stdin", typed),
                patch.dict(os.environ, terminal_type),
            ):
                self.exit_code = run(_argv(words), container=container)
        finally:
            _close(container)
        self.stdout, self.stderr = answered.written, said.written

    def start(self, words: str | list[str], **options: Any) -> subprocess.Popen[str]:
        """Start a command line as a program of its own and do not wait; killed at the end if need be."""
        return self._start([sys.executable, "-m", "cleveragents", *_argv(words)], **options)

    def start_python(self, program: str, *words: str) -> subprocess.Popen[str]:
        """The same with a program in Python."""
        return self._start([sys.executable, "-c", program, *words])

    def _start(self, program: list[str], **options: Any) -> subprocess.Popen[str]:
        streams: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        process = subprocess.Popen(  # noqa: S603 - the words are a scenario's
            program, encoding="utf-8", **{**streams, **options}
        )

        def end() -> None:
            process.kill()
            process.communicate()

        self.at_the_end(end)
        return process

    def finish(self, process: subprocess.Popen[str], *, timeout: float = 60) -> None:
        """Wait for a started program and remember how it ended."""
        self.stdout, self.stderr = process.communicate(timeout=timeout)
        self.exit_code = process.returncode

    def run_at_once(self, words: str, count: int) -> list[dict[str, Any]]:
        """Run the same command line in several processes; returns their JSON envelopes."""
        envelopes = []
        for process in [self.start(words) for _ in range(count)]:
            self.finish(process)
            assert self.stderr == "", self.stderr
            envelopes.append(self.envelope)
        return envelopes

    def purge_with_library(self, approve: Approval) -> None:
        """Purge as a program that embeds the service does; the report is put as a command's answer."""
        container = self.container()
        try:
            report = container.cleanup_service().purge(RetentionPolicy(), approve=approve)
        finally:
            _close(container)
        self.stdout = json.dumps({"data": cleanup_data(report, report.found.sessions)}, default=str)

    def container(self) -> Container:
        """A container as a command makes it, except that its clock stands still."""
        container = Container()
        container.clock.override(providers.Object(self.clock))
        return container

    # --- answers -------------------------------------------------------------------------------

    @property
    def envelope(self) -> dict[str, Any]:
        """The one JSON document on stdout."""
        document = json.loads(self.stdout)
        assert isinstance(document, dict), self.stdout
        return document

    @property
    def yaml_envelope(self) -> dict[str, Any]:
        document = yaml.safe_load(self.stdout)
        assert isinstance(document, dict), self.stdout
        return document

    @property
    def data(self) -> dict[str, Any]:
        data = self.envelope["data"]
        assert isinstance(data, dict), self.stdout
        return data

    @property
    def answer(self) -> dict[str, Any]:
        """The envelope of the last answer, in JSON or YAML."""
        return self.envelope if self.stdout.startswith("{") else self.yaml_envelope

    def ask(self, words: str) -> dict[str, Any]:
        """Run a command with `--format json` on the side: what the last run left stays remembered."""
        before = self.exit_code, self.stdout, self.stderr
        try:
            self.run(f"{words} --format json")
            return self.data
        finally:
            self.exit_code, self.stdout, self.stderr = before

    # --- sessions ------------------------------------------------------------------------------

    def add_rows(self, rows: Iterable[Mapping[str, str]]) -> None:
        """Add the sessions of a table."""
        now = self.clock.now()
        self.add(session_from_row(row, now) for row in rows)

    def add(self, sessions: Iterable[SessionWithMessages]) -> None:
        """Add whole sessions through the real repository, many at a time."""
        with self.store() as store, store.writing() as work:
            work.sessions.add_many((entry.session, entry.messages) for entry in sessions)
            work.commit()

    def store(self) -> OpenStore:
        return OpenStore(self.container())

    def sessions(self) -> list[Session]:
        """Every session in the database, oldest first."""
        query = SessionQuery(
            matching=SessionFilter(),
            having=frozenset(),
            policy=RetentionPolicy(),
            now=self.clock.now(),
            limit=None,
            reverse=True,
        )
        with self.store() as store, store.reading() as work:
            return list(work.sessions.page(query))

    def remaining(self) -> set[str]:
        """The names (or, without one, the ids) of all sessions."""
        return {session.name or session.session_id for session in self.sessions()}

    def session(self, name: str) -> Session:
        """The one session of this name or id."""
        found = [one for one in self.sessions() if name in {one.name, one.session_id}]
        assert len(found) == 1, f"{len(found)} sessions are called {name!r}"
        return found[0]

    def messages(self, name: str) -> list[Message]:
        session_id = self.session(name).session_id
        with self.store() as store, store.reading() as work:
            return list(work.sessions.messages(session_id))

    def id_of(self, name: str) -> str:
        """The id that a session of a table got from its name."""
        return session_id_for(name)


class OpenStore:
    """A container's store for the length of a `with` block."""

    def __init__(self, container: Container) -> None:
        self._container = container

    def __enter__(self) -> Any:
        return self._container.store()

    def __exit__(self, *_: object) -> None:
        _close(self._container)


def _close(container: Container) -> None:
    """Close the connections as the end of a process would; with broken settings there are none."""
    with suppress(CleverAgentsError):
        container.store().close()


def _argv(words: str | list[str]) -> list[str]:
    argv = shlex.split(words) if isinstance(words, str) else list(words)
    return argv[1:] if argv[:1] == ["agents"] else argv
