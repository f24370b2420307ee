"""What an archive costs: the purge with and without one, on copies of one database, and its restore.

    python benchmarks/archive.py --sessions 100000 --backend sqlite --layout scattered

The installed command runs alternately with `--no-archive` and with an archive, each on a fresh copy;
every archive is then restored, and the database must hold what it held before. Peak memory is that
of the process, not of a server.
"""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from databases import Databases, Remains, databases
from measuring import (
    MIB,
    Finished,
    Timings,
    clean_up_when_terminated,
    own_peak,
    print_facts,
    print_table,
    run,
    surroundings,
    write_json,
)
from sample import Layout, Sample

WITHOUT = "agents cleanup --no-archive"
WITH = "agents cleanup"
RESTORE = "agents cleanup restore"


@dataclass(slots=True)
class Arm:
    """One command, with what each repetition measured."""

    name: str
    seconds: list[float] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)

    @property
    def timings(self) -> Timings:
        return Timings(tuple(self.seconds))

    def add(self, done: Finished) -> dict[str, Any]:
        self.seconds.append(done.seconds)
        self.peaks.append(done.peak_bytes)
        data: dict[str, Any] = json.loads(done.output)["data"]
        return data


@dataclass(slots=True)
class Arms:
    without: Arm = field(default_factory=lambda: Arm(WITHOUT))
    archiving: Arm = field(default_factory=lambda: Arm(WITH))
    restoring: Arm = field(default_factory=lambda: Arm(RESTORE))
    archive_bytes: int = 0

    def all(self) -> list[Arm]:
        return [self.without, self.archiving, self.restoring]


def agents(folder: Path, url: str, *words: str) -> Finished:
    environment = {
        "CLEVERAGENTS_DATABASE_URL": url,
        "CLEVERAGENTS_CLEANUP_ARCHIVE_FOLDER": str(folder / "archives"),
        "XDG_CONFIG_HOME": str(folder),
    }
    command = [str(Path(sys.executable).with_name("agents")), "cleanup", *words, "--format", "json"]
    return run(command, environment=environment, folder=folder)


def measure(arms: Arms, made: Databases, sample: Sample, folder: Path) -> None:
    """One round: a purge without an archive, one with it, and its restore."""
    url = made.fresh()
    before = made.remains(url)
    check(arms.without.add(agents(folder, url, "--yes", "--no-archive")), sample)
    after = made.remains(url)
    made.drop(url)
    url = made.fresh()
    data = arms.archiving.add(agents(folder, url, "--yes"))
    check(data, sample)
    assert made.remains(url) == after, "with an archive something else was deleted than without"
    archive = folder / "archives" / f"{data['run_id']}.jsonl.zst"
    arms.archive_bytes = archive.stat().st_size
    arms.restoring.add(agents(folder, url, "restore", data["run_id"]))
    check_restored(before, made.remains(url))
    archive.unlink()
    made.drop(url)


def check(data: dict[str, Any], sample: Sample) -> None:
    """The stale half went, or the figures mean nothing."""
    assert data["purged"] == sample.stale, f"{data['purged']} sessions were purged"
    assert data["messages"] == sample.stale * sample.messages_each, f"{data['messages']} messages"


def check_restored(before: Remains, after: Remains) -> None:
    assert after == before, f"{after} is there after the restore, {before} before the purge"


def show(arms: Arms) -> None:
    print_table(
        ("what", "each (s)", "median", "spread", "ratio", "peak MiB"),
        [
            (
                arm.name,
                " ".join(f"{seconds:.2f}" for seconds in arm.seconds),
                f"{arm.timings.median:.2f}",
                f"{arm.timings.spread:.2f}",
                f"{arm.timings.median / arms.without.timings.median:.2f}",
                f"{max(arm.peaks) / MIB:.0f}",
            )
            for arm in arms.all()
        ],
    )


def compare(backend: str, sample: Sample, repeat: int, folder: Path) -> dict[str, object]:
    arms = Arms()
    with databases(backend, folder) as made:
        # Filled by another process, whose memory is then not carried over to those measured here.
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as other:
            other.submit(fill, made, sample).result()
        facts = {
            **sample.described(),
            "size_mib": made.size() // MIB,
            **surroundings(made.version()),
            "measuring_process_peak_mib": own_peak() // MIB,
        }
        print_facts(facts)
        for _ in range(repeat):
            measure(arms, made, sample, folder)
    content = sample.stale * sample.messages_each * sample.message_bytes
    facts |= {"archive_mib": arms.archive_bytes / MIB, "archived_content_mib": content / MIB}
    show(arms)
    print_facts({name: f"{facts[name]:.1f}" for name in ("archive_mib", "archived_content_mib")})
    return {
        "facts": facts,
        "arms": [
            {
                "name": arm.name,
                **arm.timings.described(),
                "ratio": arm.timings.median / arms.without.timings.median,
                "peak_bytes": max(arm.peaks),
            }
            for arm in arms.all()
        ],
    }


def fill(made: Databases, sample: Sample) -> None:
    made.build(sample)


def main() -> None:
    options = _parser().parse_args()
    clean_up_when_terminated()
    sample = Sample.taken_now(
        sessions=options.sessions, messages_each=options.messages, layout=Layout(options.layout)
    )
    with TemporaryDirectory(prefix="cleveragents-archive-", dir=options.folder) as folder:
        Path(folder).chmod(0o755)
        results = compare(options.backend, sample, options.repeat, Path(folder))
    if options.json:
        write_json(options.json, results)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=10, help="messages of 1 KB in each session")
    parser.add_argument("--backend", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--layout", choices=[layout.value for layout in Layout], default="together")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where the databases are made")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    return parser


if __name__ == "__main__":
    main()
