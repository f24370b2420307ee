"""A folder of JSON files: our scan and purge of it, and the loop that anybody would write.

    python benchmarks/foreign_json.py --sessions 100000 --messages 5

Half of the sessions are stale. Ours is the command: a dry run; a purge with its archive; and one without.
The loop reads the folder with `os.scandir`, each file with `json.load`, and unlinks those that are stale: no
second look, no archive, no ledger, and no way back. Each works on a copy of one folder, and what they leave
must be the same files. The ratio is of the work, without the time that either takes to load; whole
processes are told beside it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from measuring import MIB, Finished, Timings, print_facts, print_table, run, running, surroundings, write_json

HERE = Path(__file__).resolve().parent
MILLISECONDS = 1_000
TEXT = "What is left to be done before the release? "
# What the loop does not do either.
BARE = {"CLEVERAGENTS_CLEANUP_ARCHIVE": "false"}


@dataclass(frozen=True, slots=True)
class Taken:
    """How long the work took, and the whole process with what it held in memory; how many went."""

    seconds: float
    process: float
    peak_bytes: int
    purged: int


def by_us(words: list[str], settings: Mapping[str, str]) -> Callable[[Path], Taken]:
    def cleanup(folder: Path) -> Taken:
        room = folder.parent
        homes = {f"XDG_{kind}_HOME": str(room / kind) for kind in ("DATA", "CONFIG", "CACHE", "STATE")}
        program = [sys.executable, "-m", "cleveragents", "cleanup", "--store", f"json:{folder}"]
        finished = run(
            [*program, *words, "--max-purge=100%", "--format=json"],
            environment={**homes, **settings},
            folder=room,
        )
        told = json.loads(finished.output)
        purged = told["data"]["purged"] or told["data"]["candidates"]
        return _taken(finished, told["timing"]["duration_ms"] / MILLISECONDS, purged)

    return cleanup


def by_loop(command: str) -> Callable[[Path], Taken]:
    def loop(folder: Path) -> Taken:
        program = [sys.executable, str(HERE / "_json_loop.py"), command, str(folder)]
        finished = run(program, environment={}, folder=folder.parent)
        told = json.loads(finished.output)
        return _taken(finished, told["seconds"], told["purged"])

    return loop


def _taken(finished: Finished, seconds: float, purged: int) -> Taken:
    return Taken(seconds, finished.seconds, finished.peak_bytes, purged)


@dataclass(slots=True)
class Arm:
    name: str
    work: Callable[[Path], Taken]
    each: list[Taken] = field(default_factory=list)

    @property
    def timings(self) -> Timings:
        return Timings(tuple(each.seconds for each in self.each))


def measure(folder: Path, sessions: int, rounds: int, arms: list[Arm], *, purges: bool) -> list[object]:
    """The last arm is the loop; the ratios are against it."""
    for turn in range(rounds):
        for place, arm in enumerate(arms):
            room = folder.with_name(f"round-{turn}-{place}")
            copy = room / "sessions"
            shutil.copytree(folder, copy)
            arm.each.append(arm.work(copy))
            left = sum(1 for _ in copy.iterdir())
            assert arm.each[-1].purged == sessions // 2, arm
            assert left == (sessions - sessions // 2 if purges else sessions), (arm, left)
            shutil.rmtree(room)
    loop = arms[-1].timings.median
    print_table(
        ("what", "median (s)", "spread", "ratio to the loop", "whole process (s)", "peak MiB"),
        [
            (
                arm.name,
                f"{arm.timings.median:.2f}",
                f"{arm.timings.spread:.2f}",
                f"{arm.timings.median / loop:.1f}",
                f"{Timings(tuple(each.process for each in arm.each)).median:.2f}",
                f"{max(each.peak_bytes for each in arm.each) / MIB:.0f}",
            )
            for arm in arms
        ],
    )
    return [{"name": arm.name, **arm.timings.described(), "ratio": arm.timings.median / loop} for arm in arms]


def fill(folder: Path, sessions: int, messages: int, message_bytes: int) -> None:
    folder.mkdir()
    now = datetime.now(UTC)
    text = (TEXT * (message_bytes // len(TEXT) + 1))[:message_bytes]
    for number in range(sessions):
        used = now - timedelta(days=1 if number % 2 else 40)
        session = {
            "session_id": f"telegram_{number}",
            "channel": "telegram",
            "chat_id": str(number),
            "created_at": (now - timedelta(days=90)).isoformat(),
            "last_accessed": used.isoformat(),
            "messages": [{"role": "user", "content": text}] * messages,
        }
        (folder / f"telegram_{number}.json").write_text(json.dumps(session))


def main() -> None:
    options = _parser().parse_args()
    with running(options):
        facts: dict[str, object] = {"program": "foreign_json", **surroundings()}
        sizes = options.sessions, options.messages, options.message_bytes
        facts |= dict(zip(("sessions", "messages_each", "message_bytes"), sizes, strict=True))
        print_facts(facts)
        folder = options.room / "sessions"
        fill(folder, *sizes)
        scans = [Arm("agents cleanup --dry-run", by_us(["--dry-run"], {})), Arm("loop", by_loop("scan"))]
        purges = [
            Arm("agents cleanup", by_us(["--yes"], {})),
            Arm("agents cleanup, no archive", by_us(["--yes"], BARE)),
            Arm("loop", by_loop("purge")),
        ]
        cells = {
            "scan": measure(folder, options.sessions, options.repeat, scans, purges=False),
            "purge": measure(folder, options.sessions, options.repeat, purges, purges=True),
        }
        write_json(options.json, {"facts": facts, "cells": cells})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--messages", type=int, default=5, help="messages in each session")
    parser.add_argument("--message-bytes", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=3, help="rounds; the median counts")
    parser.add_argument("--folder", type=Path, help="where the folders are made")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    return parser


if __name__ == "__main__":
    main()
