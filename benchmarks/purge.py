"""Our purge against the best hand-written statements, on copies of one database, in one run.

    python benchmarks/purge.py --sessions 100000 --backend sqlite --layout scattered

Three things run alternately, each on a fresh copy: the installed command as a whole process,
`CleanupService.purge` in a process that has already started, and each hand-written floor. All must
leave the same rows. The ratios are against the fastest floor, measured from its connection to its
close, without the start of its process. Peak memory is that of the process, not of a server.
"""

from __future__ import annotations

import argparse
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from databases import Databases, Remains, databases
from floors import FLOORS
from measuring import (
    MIB,
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

HERE = Path(__file__).parent
COMMAND = "agents cleanup"
SERVICE = "CleanupService.purge"


@dataclass(slots=True)
class Arm:
    """One way to purge, with what each repetition measured."""

    name: str
    seconds: list[float] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)
    steps: list[dict[str, float]] = field(default_factory=list)
    outcomes: list[tuple[int, int | None, Remains]] = field(default_factory=list)

    @property
    def timings(self) -> Timings:
        return Timings(tuple(self.seconds))

    def median_steps(self) -> dict[str, float]:
        names = dict.fromkeys(name for steps in self.steps for name in steps)
        return {name: median(steps.get(name, 0.0) for steps in self.steps) for name in names}


def measure(arm: Arm, made: Databases, sample: Sample, folder: Path) -> None:
    url = made.fresh()
    environment = {"CLEVERAGENTS_DATABASE_URL": url, "XDG_CONFIG_HOME": str(folder)}
    if arm.name == COMMAND:
        agents = str(Path(sys.executable).with_name("agents"))
        # The floors keep no archive, and ask nobody whether half of all sessions may go.
        command = [agents, "cleanup", "--yes", "--no-archive", "--max-purge=100%", "--format=json"]
        done = run(command, environment=environment, folder=folder)
        data = json.loads(done.output)["data"]
        arm.seconds.append(done.seconds)
        counts = (data["purged"], data["messages"])
    else:
        name = "service" if arm.name == SERVICE else arm.name.removeprefix("floor: ")
        command = [sys.executable, str(HERE / "_purge_once.py"), name, made.backend, url]
        done = run([*command, sample.cutoff.isoformat()], environment=environment, folder=folder)
        data = json.loads(done.output)
        arm.seconds.append(data["seconds"])
        arm.steps.append(data["steps"])
        counts = (data["sessions"], data["messages"])
    arm.peaks.append(done.peak_bytes)
    arm.outcomes.append((*counts, made.remains(url)))
    made.drop(url)


def check_agreement(arms: list[Arm], sample: Sample) -> Remains:
    """Every arm deleted the stale half and left the same rows, or the figures mean nothing."""
    kept = sample.sessions - sample.stale
    first = arms[0].outcomes[0][2]
    for arm in arms:
        for sessions, messages, remains in arm.outcomes:
            assert remains == first, f"{arm.name} left {remains}, {arms[0].name} left {first}"
            assert sessions == sample.stale, f"{arm.name} deleted {sessions} sessions"
            assert messages in {sample.stale * sample.messages_each, None}, f"{arm.name}: {messages}"
    assert (first.sessions, first.messages) == (kept, kept * sample.messages_each)
    return first


def show(arms: list[Arm], floor: Arm) -> None:
    print_table(
        ("what", "each (s)", "median", "spread", "ratio", "peak MiB"),
        [
            (
                arm.name,
                " ".join(f"{seconds:.2f}" for seconds in arm.seconds),
                f"{arm.timings.median:.2f}",
                f"{arm.timings.spread:.2f}",
                f"{arm.timings.median / floor.timings.median:.2f}",
                f"{max(arm.peaks) / MIB:.0f}",
            )
            for arm in arms
        ],
    )
    for arm in arms:
        if arm.steps:
            steps = arm.median_steps()
            print_table((arm.name, "s"), [(step, f"{seconds:.3f}") for step, seconds in steps.items()])


def compare(backend: str, sample: Sample, repeat: int, folder: Path) -> dict[str, object]:
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
        floors = [Arm(f"floor: {name}") for name in FLOORS[backend]]
        arms = [Arm(COMMAND), Arm(SERVICE), *floors]
        for _ in range(repeat):
            for arm in arms:
                measure(arm, made, sample, folder)
    floor = min(floors, key=lambda arm: arm.timings.median)
    remains = check_agreement(arms, sample)
    show(arms, floor)
    return {
        "facts": facts,
        "floor": floor.name,
        "remains": asdict(remains),
        "arms": [
            {
                "name": arm.name,
                **arm.timings.described(),
                "ratio": arm.timings.median / floor.timings.median,
                "peak_bytes": max(arm.peaks),
                "steps": arm.median_steps(),
            }
            for arm in arms
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
    with TemporaryDirectory(prefix="cleveragents-purge-", dir=options.folder) as folder:
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
