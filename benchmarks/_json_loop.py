"""The loop that anybody would write: read each session's file, and unlink those of over thirty days.

python _json_loop.py scan|purge FOLDER
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

TTL = timedelta(days=30)


def loop(folder: str, *, purges: bool) -> int:
    cutoff, purged = datetime.now(UTC) - TTL, 0
    for entry in os.scandir(folder):
        if not entry.name.endswith(".json"):
            continue
        with Path(entry.path).open("rb") as file:
            session = json.load(file)
        if datetime.fromisoformat(session["last_accessed"]) < cutoff:
            purged += 1
            if purges:
                Path(entry.path).unlink()
    return purged


def main() -> None:
    command, folder = sys.argv[1:]
    start = perf_counter()
    purged = loop(folder, purges=command == "purge")
    print(json.dumps({"seconds": perf_counter() - start, "purged": purged}))


if __name__ == "__main__":
    main()
