"""How long a short command takes beside the libraries that it cannot do without.

    python benchmarks/startup.py --repeat 20 --json startup.json

Each command is a process of its own, from start to end. Commands and floors take turns, so that what
else the machine does meets all of them alike. Modules are counted by the interpreter itself.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from measuring import MIB, Timings, print_facts, print_table, run, surroundings, write_json

AGENTS = ("-m", "cleveragents")
TYPER, HELP = "import typer", "import typer, typer.rich_utils"
SQLALCHEMY = "import sqlalchemy"
DRY_RUN = (
    "import typer._adapters, rich.console, rich.table, sqlalchemy.ext.compiler, "
    "sqlalchemy.dialects.sqlite, sqlalchemy.dialects.postgresql, pydantic_settings, platformdirs, "
    "dependency_injector.containers"
)


@dataclass(frozen=True, slots=True)
class Contest:
    """A program and the imports that it is held against."""

    name: str
    program: Sequence[str]
    floor: str
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Measured:
    timings: Timings
    modules: int
    peak_bytes: int


def contests(variables: Mapping[str, str]) -> list[Contest]:
    tab = {"_AGENTS_COMPLETE": "complete_bash", "COMP_WORDS": "agents session li", "COMP_CWORD": "2"}
    return [
        Contest("agents --version", (*AGENTS, "--version"), TYPER, variables),
        Contest("agents --help", (*AGENTS, "--help"), HELP, variables),
        Contest("agents --help", (*AGENTS, "--help"), TYPER, variables),
        Contest("completion (Tab)", AGENTS, TYPER, {**variables, **tab}),
        Contest("agents cleanup --dry-run", (*AGENTS, "cleanup", "--dry-run"), DRY_RUN, variables),
        Contest("agents cleanup --dry-run", (*AGENTS, "cleanup", "--dry-run"), SQLALCHEMY, variables),
    ]


def measure(contest: Contest, repeat: int, folder: Path) -> tuple[Measured, Measured]:
    """The program and its floor, in turns."""
    sides = (contest.program, ("-c", contest.floor))
    finished = [
        [run([sys.executable, *side], environment=contest.variables, folder=folder) for side in sides]
        for _ in range(repeat + 1)
    ][1:]  # the first of each only warms up
    program, floor = (
        Measured(
            Timings(tuple(turn[place].seconds for turn in finished)),
            modules_of(sides[place], contest.variables, folder),
            max(turn[place].peak_bytes for turn in finished),
        )
        for place in (0, 1)
    )
    return program, floor


def modules_of(program: Sequence[str], variables: Mapping[str, str], folder: Path) -> int:
    run([sys.executable, "-X", "importtime", *program], environment=variables, folder=folder)
    told = (folder / "errors.log").read_text().splitlines()
    return sum(line.startswith("import time:") for line in told) - 1  # and a heading


def main() -> None:
    options = _parser().parse_args()
    with TemporaryDirectory(prefix="cleveragents-startup-") as name:
        folder = Path(name)
        variables = {"CLEVERAGENTS_DATABASE_URL": f"sqlite:///{folder}/small.db", "HOME": name}
        for _ in range(options.sessions):
            run([sys.executable, *AGENTS, "session", "create"], environment=variables, folder=folder)
        facts = {"sessions": options.sessions, "repeat": options.repeat, **surroundings("SQLite")}
        print_facts(facts)
        measured = [(each, *measure(each, options.repeat, folder)) for each in contests(variables)]
    print_table(
        ("command", "floor", "median (ms)", "of the floor (ms)", "ratio", "modules", "of the floor", "MiB"),
        [
            (
                each.name,
                each.floor if len(each.floor) < len(DRY_RUN) else "import what a dry run needs",
                f"{program.timings.median * 1000:.0f}",
                f"{floor.timings.median * 1000:.0f}",
                f"{program.timings.median / floor.timings.median:.2f}",
                str(program.modules),
                str(floor.modules),
                f"{program.peak_bytes / MIB:.0f}",
            )
            for each, program, floor in measured
        ],
    )
    if options.json:
        write_json(options.json, {"facts": facts, "contests": [_described(*each) for each in measured]})


def _described(contest: Contest, program: Measured, floor: Measured) -> dict[str, object]:
    return {
        "name": contest.name,
        "floor": contest.floor,
        "seconds": program.timings.described(),
        "floor_seconds": floor.timings.described(),
        "ratio": program.timings.median / floor.timings.median,
        "modules": program.modules,
        "floor_modules": floor.modules,
        "peak_bytes": program.peak_bytes,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--json", type=Path, help="a file for the figures")
    return parser


if __name__ == "__main__":
    main()
