"""The archive of a large purge, and its restore, in bounded memory, each in a process of its own."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from children import in_child
from databases import Databases, databases
from measuring import MIB, Finished, run
from sample import Sample
from scenes import Scenes
from tally import Tally, require

SESSIONS = 50_000
MESSAGES_EACH = 10
MOST_BYTES = 300 * MIB
_ALL_STALE = timedelta(days=60)


def bound_memory(tally: Tally, scenes: Scenes) -> None:
    now = Sample.taken_now(sessions=SESSIONS, messages_each=MESSAGES_EACH)
    sample = replace(now, as_of=now.as_of - _ALL_STALE)
    with (
        TemporaryDirectory(prefix="cleveragents-memory-") as name,
        databases(scenes.backend, Path(name)) as made,
    ):
        # In a child, whose memory is then not carried over to those measured here.
        in_child(lambda: made.build(sample))
        told = f"{SESSIONS:,} sessions with {MESSAGES_EACH} messages of 1 KB"
        with tally.trying("purges and restores of a large archive", told):
            _there_and_back(tally, made, Path(name))


def _there_and_back(tally: Tally, made: Databases, folder: Path) -> None:
    url = made.fresh()
    before = made.remains(url)
    purged, data = _run(folder, url, "--yes", "--max-purge", "100%")
    require(data["purged"] == SESSIONS, f"purged {data['purged']}")
    require(made.remains(url).sessions == 0, "not everything went")
    archive = next((folder / "archives").iterdir())
    restored, _ = _run(folder, url, "restore", data["run_id"])
    require(made.remains(url) == before, "not everything came back")
    for what, done in (("purge", purged), ("restore", restored)):
        peak = done.peak_bytes
        tally.notes.append(f"{what}: peak memory {peak / MIB:.0f} MiB, {done.seconds:.1f} s")
        require(peak < MOST_BYTES, f"the {what} took {peak / MIB:.0f} MiB")
    tally.notes.append(f"archive of {SESSIONS:,} sessions: {archive.stat().st_size / MIB:.0f} MiB")


def _run(folder: Path, url: str, *words: str) -> tuple[Finished, dict[str, Any]]:
    environment = {
        "CLEVERAGENTS_DATABASE_URL": url,
        "CLEVERAGENTS_CLEANUP_ARCHIVE_FOLDER": str(folder / "archives"),
    }
    command = [sys.executable, "-m", "cleveragents", "cleanup", *words, "--format", "json"]
    done = run(command, environment=environment, folder=folder)
    data: dict[str, Any] = json.loads(done.output)["data"]
    return done, data
