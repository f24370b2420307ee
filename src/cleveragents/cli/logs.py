"""Logs: always on stderr, as lines for people or one JSON object a line for machines."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

from cleveragents.cli.text import shown

_OWN_ATTRIBUTES = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def configure(*, verbosity: int, quiet: bool, as_json: bool) -> None:
    """Warnings by default; `-v` adds the summary of each purge, `-vv` a line for each session.

    With both `-q` and `-v` the answer is left out and the log lines are not: cron may want just those.
    """
    least = logging.ERROR if quiet else logging.WARNING
    level = {0: least, 1: logging.INFO}.get(verbosity, logging.DEBUG)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines() if as_json else _TextLines())
    # A Ctrl-C while a connection is closed is told by us, and no traceback of the pool's.
    logging.getLogger("sqlalchemy.pool").addHandler(logging.NullHandler())
    # A Ctrl-C while a connection is closed is told by us, and no traceback of the pool's.
    logging.getLogger("sqlalchemy.pool").addHandler(logging.NullHandler())
    ours = logging.getLogger("cleveragents")
    ours.handlers = [handler]
    ours.propagate = False
    ours.setLevel(level)


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    return {name: value for name, value in vars(record).items() if name not in _OWN_ATTRIBUTES}


class _TextLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        facts = " ".join(f"{name}={shown(str(value))}" for name, value in _facts(record).items())
        return f"{record.levelname} {record.getMessage()} {facts}".rstrip()


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")
        line = {"time": moment, "level": record.levelname.lower(), "message": record.getMessage()}
        return json.dumps({**line, **_facts(record)}, default=str)
