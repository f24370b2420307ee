"""What a purge does to those who write meanwhile: one transaction against chunks.

    python benchmarks/writers.py --sessions 100000 200000 --backend sqlite --chunk 1000 5000

Four processes append to sessions that stay, each at a steady pace, through `SessionService.append`,
first with nothing else going on and then while the installed command purges the stale half. Latency
counts from the moment at which a message was due. Writes that failed are counted, and afterwards
every message that a writer was told is written must be there, and no stale session.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from _writer import MARK
from arms import AGENTS, HERE, PLAIN, Place
from databases import Databases, databases
from filling import add_size_options, filled, samples_asked_for
from measuring import (
    add_common_options,
    print_facts,
    print_table,
    run,
    running,
    surroundings,
    write_json,
)
from sample import Sample

from cleveragents.settings.fields import Settings

WRITERS = 4
QUIET = "no purge"
WHOLE = "one transaction"
WRITTEN_TO = 500


@dataclass(frozen=True, slots=True)
class Latencies:
    """What the writers felt, in seconds."""

    arm: str
    purge_seconds: float
    appends: int
    p50: float
    p99: float
    longest: float
    failed: dict[str, int]

    def described(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


def measure(
    arm: str, words: list[str], made: Databases, sample: Sample, options: argparse.Namespace
) -> Latencies:
    place = Place(made, sample, made.fresh(), options.room)
    environment = place.environment(**PLAIN)
    kept = [row.session_id for row in sample.rows() if row.last_accessed_at > sample.cutoff]
    with writers(environment, kept[-WRITTEN_TO:], options) as finish:
        time.sleep(options.quiet)
        began = time.time()
        if arm == QUIET:
            time.sleep(options.quiet * 2)
        else:
            command = [AGENTS, "cleanup", "--yes", *words, "--format=json"]
            told = json.loads(run(command, environment=environment, folder=options.room).output)["data"]
            assert told["purged"] == sample.stale, f"{told['purged']} sessions were purged"
        ended = time.time()
        results = finish()
    check_nothing_lost(place, sum(each["written"] for each in results))
    made.drop(place.url)
    felt = sorted(
        latency
        for each in results
        for due, latency in each["appends"]
        if due + latency >= began and due <= ended
    )
    failed = sum((Counter(each["failed"]) for each in results), Counter[str]())
    return Latencies(
        arm, ended - began, len(felt), quantile(felt, 0.5), quantile(felt, 0.99), felt[-1], dict(failed)
    )


@contextmanager
def writers(
    environment: dict[str, str], session_ids: list[str], options: argparse.Namespace
) -> Iterator[Any]:
    program = [sys.executable, "-W", "ignore", str(HERE / "_writer.py")]
    share = len(session_ids) // WRITERS
    started = [
        start(
            [*program, str(number), str(options.per_second), *session_ids[number * share :][:share]],
            environment,
            options.room,
        )
        for number in range(WRITERS)
    ]

    def finish() -> list[dict[str, Any]]:
        return [json.loads(writer.communicate()[0]) for writer in started]

    try:
        for writer in started:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n", "a writer could not begin"
        yield finish
    finally:
        for writer in started:
            writer.kill()


def start(command: list[str], environment: dict[str, str], folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own commands
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, **environment},
    )


def check_nothing_lost(place: Place, written: int) -> None:
    found = place.made.count(place.url, f"SELECT count(*) FROM session_messages WHERE content LIKE '{MARK}%'")
    assert found == written, f"{written} messages were written, {found} are there"


def quantile(ordered: list[float], share: float) -> float:
    return ordered[max(ceil(len(ordered) * share) - 1, 0)]


def arms_of(options: argparse.Namespace) -> dict[str, list[str]]:
    arms: dict[str, list[str]] = {QUIET: [], WHOLE: []}
    if "cleanup_chunk" in Settings.model_fields:
        arms |= {f"--chunk {size}": [f"--chunk={size}"] for size in options.chunk}
        arms |= {
            f"--chunk {size} --pause {pause}": [f"--chunk={size}", f"--pause={pause}"]
            for size in options.chunk[:1]
            for pause in options.pause
        }
    return arms


def show(measured: list[Latencies]) -> None:
    print_table(
        ("writers during", "purge (s)", "appends", "p50 (ms)", "p99 (ms)", "max (ms)", "failed"),
        [
            (
                each.arm,
                f"{each.purge_seconds:.2f}",
                str(each.appends),
                f"{each.p50 * 1000:.1f}",
                f"{each.p99 * 1000:.1f}",
                f"{each.longest * 1000:.0f}",
                ", ".join(f"{number} {name}" for name, number in each.failed.items()) or "0",
            )
            for each in measured
        ],
    )


def compare(made: Databases, sample: Sample, options: argparse.Namespace) -> dict[str, object]:
    facts = {
        "backend": made.backend,
        **sample.described(),
        "appends_per_second": options.per_second * WRITERS,
    }
    print_facts(facts)
    with filled(made, sample, options.room):
        measured = [measure(arm, words, made, sample, options) for arm, words in arms_of(options).items()]
    show(measured)
    return {**facts, "arms": [each.described() for each in measured]}


def main() -> None:
    options = _parser().parse_args()
    with running(options):
        facts: dict[str, object] = {"program": "writers", **surroundings()}
        print_facts(facts)
        cells: list[object] = []
        for backend in options.backend:
            with databases(backend, options.room) as made:
                facts[f"database_{backend}"] = made.version()
                cells += [compare(made, sample, options) for sample in samples_asked_for(options)]
        write_json(options.json, {"facts": facts, "cells": cells})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_size_options(parser, sessions=[20_000], layouts=["scattered"])
    add_common_options(parser)
    parser.add_argument("--chunk", type=int, nargs="+", default=[1_000, 5_000], help="sessions in a chunk")
    parser.add_argument("--pause", nargs="+", default=["50ms"], help="between the smallest chunks")
    parser.add_argument("--per-second", type=float, default=10, help="appends of each of the four writers")
    parser.add_argument("--quiet", type=float, default=2, help="seconds before the purge begins")
    return parser


if __name__ == "__main__":
    main()
