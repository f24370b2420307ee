"""Faults: what must hold when processes die, users interfere, disks fill and clocks leap.

    python faults --backend sqlite --only kills --seed 7

Without options every part runs on SQLite and then on PostgreSQL. Each failure is named with what is
needed to repeat it, and makes the exit code 1.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
# The features' databases, and the benchmarks' data.
sys.path += [str(ROOT / "features"), str(ROOT / "benchmarks")]

from chunks import try_chunks  # noqa: E402 - the paths come first
from clocks import move_clocks  # noqa: E402
from corruptions import corrupt  # noqa: E402
from edits import edit_ledger  # noqa: E402
from folders import disturb_folders  # noqa: E402
from interleavings import interleave  # noqa: E402
from interruptions import interrupt_everywhere  # noqa: E402
from kills import kill_everywhere  # noqa: E402
from memory import bound_memory  # noqa: E402
from oddities import bring_back_oddities  # noqa: E402
from scenes import Scenes, scenes_on  # noqa: E402
from tally import Tally  # noqa: E402

BACKENDS = ("sqlite", "postgresql")
_ENOUGH_BYTES = 2**30
_OURS = ("CLEVERAGENTS_", "SESSION_CLEANUP_", "XDG_")
Part = Callable[[Tally, Scenes], None]


def parts(backend: str, options: argparse.Namespace) -> Mapping[str, Part]:
    seed, shots, stories = options.seed, options.shots, max(options.interleavings * 2 // 5, 1)
    return {
        "corruptions": lambda tally, scenes: corrupt(tally, scenes, seed),
        "ledger": edit_ledger,
        "clocks": lambda tally, scenes: move_clocks(tally, scenes, seed),
        "oddities": lambda tally, scenes: bring_back_oddities(tally, scenes, seed),
        "folders": lambda tally, scenes: disturb_folders(tally, scenes, seed),
        "interleavings": lambda tally, scenes: interleave(tally, scenes, seed, options.interleavings),
        "interruptions": interrupt_everywhere,
        "kills": lambda tally, scenes: kill_everywhere(tally, scenes, seed, shots),
        "chunks": lambda tally, scenes: try_chunks(tally, scenes, seed, shots, stories),
        # A server's own memory is not ours to bound, and the rest is the same.
        **({"memory": bound_memory} if backend == "sqlite" or options.only else {}),
    }


def main() -> int:
    options = _parser().parse_args()
    for noisy in ("cleveragents", "sqlalchemy.pool"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL + 1)
    tallies = []
    with (
        TemporaryDirectory(prefix="cleveragents-faults-", dir=_place()) as folder,
        _own_surroundings(Path(folder)),
    ):
        for backend in options.backend or BACKENDS:
            tallies += _on(backend, Path(folder), options)
    failures = [failure for tally in tallies for failure in tally.failures]
    print(f"{sum(tally.passed for tally in tallies):,} passed, {len(failures):,} failed")
    return 1 if failures else 0


def _place() -> Path | None:
    """A folder in memory where there is one: what a killed process wrote stays there too, but sooner."""
    memory = Path("/dev/shm")  # noqa: S108 - the files go into a folder of our own in it
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > _ENOUGH_BYTES else None


def _on(backend: str, folder: Path, options: argparse.Namespace) -> list[Tally]:
    tallies = []
    with scenes_on(backend, folder) as scenes:
        for name, part in parts(backend, options).items():
            if options.only and name not in options.only:
                continue
            tally = Tally(backend, name)
            tally.run(lambda tally, part=part: part(tally, scenes))  # type: ignore[misc]
            if tally.tried or tally.failures or tally.notes:
                print(tally.told(), flush=True)
            tallies.append(tally)
    return tallies


@contextmanager
def _own_surroundings(folder: Path) -> Iterator[None]:
    """Leave this user's own settings and databases alone."""
    for variable in [name for name in os.environ if name.startswith(_OURS)]:
        del os.environ[variable]
    for kind in ("DATA", "CONFIG", "CACHE", "STATE"):
        os.environ[f"XDG_{kind}_HOME"] = str(folder / kind.lower())
    os.environ["HOME"] = str(folder)
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="faults", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--backend", action="append", choices=BACKENDS)
    parser.add_argument("--only", action="append", metavar="PART", help="a part to run; may be repeated")
    parser.add_argument("--seed", type=int, default=1, help="what all random choices follow from")
    parser.add_argument("--shots", type=int, default=40, help="kills at random moments, of each operation")
    parser.add_argument("--interleavings", type=int, default=200)
    return parser


if __name__ == "__main__":
    sys.exit(main())
