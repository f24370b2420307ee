"""Libraries: what must hold for the session stores of other systems, shown with those systems themselves.

    python libraries --only adk --version 1.18.0 --backend sqlite

Each version of each library is installed into an environment of its own, fills a database through its
public API, and judges what our purge and our restore make of it. Without options all of them run, on
SQLite and on PostgreSQL. Each failure is named with what repeats it, and makes the exit code 1.
"""

from __future__ import annotations

import argparse
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "features"))  # PostgreSQL as the features have it

from flow import STEPS, Scene  # noqa: E402 - the path comes first
from installations import DEFAULT_FOLDER, Installations, NotInstalledError  # noqa: E402 - the path comes first
from library import BOTH, Variant  # noqa: E402 - the path comes first
from library_processes import Agents, ProofError, Script  # noqa: E402 - the path comes first
from recording import record  # noqa: E402 - the path comes first

from support.foreign_databases import Places, places_on  # noqa: E402 - the path comes first

LIBRARIES = {"adk": "adk", "langgraph": "langgraph_checkpointers", "openai": "openai_agents"}
"""The kinds of store, and the modules of this folder that declare `VARIANTS` for them."""


@dataclass(slots=True)
class Run:
    options: argparse.Namespace
    installations: Installations
    lines: list[tuple[str, ...]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    passed: int = 0


def main() -> int:
    options = _parser().parse_args()
    run = Run(options, Installations(options.environments))
    chosen = _chosen(options)
    if not chosen:
        print("No variant of a library is called so.", file=sys.stderr)
        return 2
    for backend in options.backend or BOTH:
        variants = [variant for variant in chosen if backend in variant.backends]
        if variants:
            with places_on(backend) as places:
                for variant in variants:
                    if python := _python_of(variant, run):
                        (_record if options.record else _prove)(variant, backend, python, places, run)
    _print_results(run)
    return 1 if run.failures or (run.left_out and not options.allow_missing) else 0


def _python_of(variant: Variant, run: Run) -> Path | None:
    try:
        return run.installations.python_of(variant.environment, variant.requirements)
    except NotInstalledError as error:
        run.left_out.append(f"{variant} cannot be installed: {error}")
        print(f"LEFT OUT {run.left_out[-1]}", file=sys.stderr, flush=True)
        return None


def _chosen(options: argparse.Namespace) -> list[Variant]:
    names = options.only or LIBRARIES
    variants: list[Variant] = [one for name in names for one in import_module(LIBRARIES[name]).VARIANTS]
    return [
        one
        for one in variants
        if (not options.version or one.version in options.version)
        and (not options.variant or one.name in options.variant)
    ]


def _prove(variant: Variant, backend: str, python: Path, places: Places, run: Run) -> None:
    line = [backend, variant.library, variant.version, variant.name]
    with closing(Script(python, variant.script, variant.words)) as script:
        for name, step in STEPS.items():
            if run.options.step and name not in run.options.step:
                line.append("-")
                continue
            began = time.monotonic()
            with TemporaryDirectory(prefix="cleveragents-libraries-") as folder:
                try:
                    place = Path(folder)
                    step(Scene(variant, places.fresh(place), script, Agents(place)))
                except Exception as error:  # noqa: BLE001 - the others still have something to say
                    line.append("FAILED")
                    _note(run, variant, backend, name, error)
                else:
                    run.passed += 1
                    line.append(f"{time.monotonic() - began:.1f} s")
    run.lines.append(tuple(line))
    print("  ".join(line), flush=True)


def _record(variant: Variant, backend: str, python: Path, places: Places, run: Run) -> None:
    if not variant.is_recorded:
        return
    with (
        closing(Script(python, variant.script, variant.words)) as script,
        TemporaryDirectory(prefix="cleveragents-libraries-") as folder,
    ):
        print(record(Scene(variant, places.fresh(Path(folder)), script, Agents(Path(folder)))), flush=True)
    run.lines.append((backend, variant.library, variant.version, variant.name, *["-"] * len(STEPS)))


def _note(run: Run, variant: Variant, backend: str, step: str, error: Exception) -> None:
    why = str(error)
    if not isinstance(error, ProofError):
        why = f"{why}\n{''.join(traceback.format_exception(error)[-4:])}"
    repeat = f"--only {variant.library} --version {variant.version} --variant {variant.name}"
    run.failures.append(f'python libraries {repeat} --backend {backend} --step "{step}"\n    {why}')
    print(f"FAILED {run.failures[-1]}", file=sys.stderr, flush=True)


def _print_results(run: Run) -> None:
    heads = ("backend", "library", "version", "variant", *STEPS)
    table: Sequence[Sequence[str]] = [heads, *run.lines]
    widths = [max(len(line[place]) for line in table) for place in range(len(heads))]
    print()
    for line in table:
        print("  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip())
    for told in (*run.installations.made, *run.left_out, *run.failures):
        print(told)
    print(f"{run.passed:,} passed, {len(run.failures):,} failed, {len(run.left_out):,} left out")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="libraries", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", action="append", choices=LIBRARIES, help="a library; may be repeated")
    parser.add_argument("--version", action="append", help="a version of it; may be repeated")
    parser.add_argument("--variant", action="append", help="a way in which it keeps sessions")
    parser.add_argument("--backend", action="append", choices=BOTH)
    parser.add_argument("--step", action="append", choices=tuple(STEPS), help="a step of the proof")
    parser.add_argument(
        "--record", action="store_true", help="make the stores that the features use, and prove nothing"
    )
    parser.add_argument(
        "--environments", type=Path, default=DEFAULT_FOLDER, help="where the libraries are installed"
    )
    parser.add_argument(
        "--allow-missing", action="store_true", help="go on where a library cannot be installed"
    )
    return parser
