"""How things are measured and shown: child processes, medians, the machine, tables."""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import signal
import statistics
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

BACKENDS = ("sqlite", "postgresql")
KIB = 1024
MIB = KIB * KIB


@dataclass(frozen=True, slots=True)
class Finished:
    """What a child process printed, how long it took from start to end, and its peak memory."""

    output: str
    seconds: float
    peak_bytes: int


def run(command: Sequence[str], *, environment: Mapping[str, str], folder: Path) -> Finished:
    """Run to the end and raise where it fails.

    The peak cannot show less than this process itself holds: the kernel carries it over.
    """
    with (folder / "errors.log").open("w+") as errors:
        start = perf_counter()
        child = subprocess.Popen(  # noqa: S603 - our own commands
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=folder,
            env={**os.environ, **environment},
        )
        assert child.stdout is not None
        output = child.stdout.read()
        child.stdout.close()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            errors.seek(0)
            raise RuntimeError(f"{command} exited {child.returncode}: {output}\n{errors.read()}")
    return Finished(output, seconds, usage.ru_maxrss * KIB)


def add_common_options(parser: argparse.ArgumentParser, *, repeat: int = 3) -> None:
    parser.add_argument("--backend", nargs="+", choices=BACKENDS, default=list(BACKENDS))
    parser.add_argument("--repeat", type=int, default=repeat, help="rounds; the median counts")
    parser.add_argument("--folder", type=Path, help="where the databases are made")
    parser.add_argument("--json", type=Path, help="a file for the figures")


@contextmanager
def running(options: argparse.Namespace) -> Iterator[None]:
    """Make the folder `options.room` for all that is measured, and leave nothing of it behind."""
    clean_up_when_terminated()
    if options.json:
        options.json = options.json.absolute()
        options.json.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="cleveragents-benchmark-", dir=options.folder) as folder:
        options.room = Path(folder)
        options.room.chmod(0o755)  # a PostgreSQL server may run as another user
        yield


def clean_up_when_terminated() -> None:
    """Leave every `with` block on SIGTERM too, so that no server and no database stays behind."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def own_peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB


@dataclass(frozen=True, slots=True)
class Timings:
    """The same thing measured several times, in seconds."""

    each: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.each)

    @property
    def spread(self) -> float:
        return max(self.each) - min(self.each)

    def described(self) -> dict[str, object]:
        return {"each": list(self.each), "median": self.median, "spread": self.spread}


def surroundings(database_version: str | None = None) -> dict[str, object]:
    """Versions and machine, to be printed with every figure."""
    return {
        **({"database": database_version} if database_version else {}),
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cleveragents": version("cleveragents"),
        "sqlalchemy": version("sqlalchemy"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB,
        "load": os.getloadavg()[0],
        "peak_mib_of_the_measuring_process": own_peak() // MIB,
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def print_facts(facts: Mapping[str, object]) -> None:
    width = max(map(len, facts))
    for name, value in facts.items():
        print(f"{name:<{width}}  {value}")
    print()


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """The first column to the left, figures to the right."""
    lines = [tuple(header), *map(tuple, rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    for line in lines:
        first, *others = (
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join([first, *others]).rstrip())
    print()
    sys.stdout.flush()


def write_json(path: Path | None, results: object) -> None:
    if path is not None:
        path.write_text(json.dumps(results, indent=2) + "\n")
