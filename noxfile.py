"""Everything that proves the project from outside: `nox` runs it all, `nox -l` lists it."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import nox
from nox.command import CommandFailed

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.error_on_missing_interpreters = True
nox.options.sessions = [
    "lint",
    "typecheck",
    "security_scan",
    "dead_code",
    "unit_tests",
    "integration_tests",
    "faults",
    "migrations",
    "coverage_report",
    "docs",
    "build",
]

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml("pyproject.toml")
BACKENDS = ("sqlite", "postgresql")
# As Behave writes it, after the line of its scenario.
FAILURE = re.compile(r"^.*\n(-{80})\n(?:.*\n){,60}?\1$", re.MULTILINE)

# Programs are started many hundred times: each start would compile anew all that it loads.
os.environ["UV_COMPILE_BYTECODE"] = "1"
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

failures: list[str] = []


def group(name: str) -> tuple[str, ...]:
    return nox.project.dependency_groups(PYPROJECT, name)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, formatting, the direction of imports, and the Robot suites."""
    session.install(*group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports", env={"PYTHONPATH": "src"})
    session.run("robocop", "check", "robot")
    session.run("robocop", "format", "--check", "robot")


@nox.session
def typecheck(session: nox.Session) -> None:
    """Check every type, strictly."""
    session.install("-e", ".", *group("types"), *group("tests"))
    session.run("mypy")


@nox.session
def security_scan(session: nox.Session) -> None:
    """Look for code that attackers like."""
    session.install(*group("security"))
    session.run("bandit", "--quiet", "--recursive", "src", "-c", "pyproject.toml")


@nox.session
def dead_code(session: nox.Session) -> None:
    """Look for code that nothing calls."""
    session.install(*group("dead-code"))
    session.run("vulture")


@nox.session
def unit_tests(session: nox.Session) -> None:
    """Run the features on SQLite and on PostgreSQL; arguments go to Behave."""
    session.install("-e", ".", *group("tests"))
    measured = fresh_folder(session, "measured")
    side_by_side(
        session,
        {
            backend: ["coverage", "run", "-m", "behave", "-D", f"backend={backend}", *session.posargs]
            for backend in BACKENDS
        },
        env={"COVERAGE_FILE": str(measured / "data")},
    )


@nox.session
def integration_tests(session: nox.Session) -> None:
    """Run the Robot suites against the installed command; arguments go to Robot."""
    install_wheel(session)
    measured = fresh_folder(session, "measured")
    side_by_side(
        session,
        {
            backend: ["coverage", "run", "-m", "robot", *robot_options(session, backend), "robot"]
            for backend in BACKENDS
        },
        env={"COVERAGE_FILE": str(measured / "data")},
    )


@nox.session
def faults(session: nox.Session) -> None:
    """Kill, interfere, corrupt and fill up on SQLite and PostgreSQL; arguments go to the program."""
    session.install("-e", ".", *group("tests"))
    side_by_side(
        session,
        {backend: ["python", "faults", f"--backend={backend}", *session.posargs] for backend in BACKENDS},
    )


@nox.session(default=False)
def libraries(session: nox.Session) -> None:
    """Have the libraries whose stores are cleaned judge what became of them; arguments go to the program."""
    session.install("-e", ".", *group("tests"))
    session.run("python", "libraries", *session.posargs)


@nox.session
def migrations(session: nox.Session) -> None:
    """Migrate from nothing to the newest schema and back, and look for drift."""
    install_wheel(session)
    side_by_side(
        session,
        {
            backend: ["robot", *robot_options(session, backend, only="migrations"), "robot"]
            for backend in BACKENDS
        },
    )


@nox.session(requires=["unit_tests", "integration_tests"])
def coverage_report(session: nox.Session) -> None:
    """Add up what the two test sessions measured; Nox has just run them, so no figure is stale."""
    session.install(*group("tests"))
    combined = fresh_folder(session, "combined") / "data"
    env = {"COVERAGE_FILE": str(combined)}
    measured = [folder_of(session, name, "measured") for name in ("unit_tests", "integration_tests")]
    session.run("coverage", "combine", "--keep", "--quiet", *map(str, measured), env=env)
    session.run("coverage", "report", env=env)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation without a warning, and run every command it shows."""
    session.install("-e", ".", *group("docs"), *group("tests"))
    session.run("sphinx-build", "-W", "--keep-going", "--quiet", "docs", "docs/_build")
    for check in sorted((ROOT / "docs").glob("check_*.py")):
        session.run("python", str(check))


@nox.session
def build(session: nox.Session) -> None:
    """Build the distributions and prove that the wheel runs and migrates outside the checkout."""
    wheel = install_wheel(session)
    with fresh_environment(session, wheel) as agents:
        side_by_side(
            session,
            {
                backend: [
                    "robot",
                    *robot_options(session, backend, only="wheel"),
                    f"--variable=AGENTS:{agents}",
                    "robot",
                ]
                for backend in BACKENDS
            },
        )


@nox.session(default=False)
def benchmark(session: nox.Session) -> None:
    """Run all programs in benchmarks/ on small databases, or the one named first with further arguments."""
    session.install("-e", ".", *group("tests"))
    folder = ROOT / "benchmarks"
    if session.posargs:
        name, *arguments = session.posargs
        session.run("python", str(folder / f"{Path(name).stem}.py"), *arguments)
        return
    results = fresh_folder(session, "results")
    for path in sorted(folder.glob("[!_]*.py")):
        if measures(path):
            session.run("python", str(path), "--json", str(results / f"{path.stem}.json"))
    drawn_from = map(str, sorted(results.glob("*.json")))
    session.run("python", str(folder / "plot.py"), *drawn_from, "--to", str(results))
    session.log(f"figures and plots are in {results}")


@nox.session(default=False)
def soak(session: nox.Session) -> None:
    """Let two sweeping processes and four writers work for minutes while some are killed."""
    session.install("-e", ".", *group("tests"))
    session.run("python", str(ROOT / "benchmarks" / "soak.py"), *(session.posargs or ["--seconds=90"]))


def measures(path: Path) -> bool:
    """Whether it is a program that takes `--json`, and not a part of others."""
    text = path.read_text()
    return (
        path.stem != "soak"
        and "__main__" in text
        and ('"--json"' in text or "add_common_options(parser" in text)
    )


def robot_options(session: nox.Session, backend: str, *, only: str | None = None) -> list[str]:
    """Name the backend and the tests wanted; without `only`, all but the migrations."""
    log = fresh_folder(session, f"robot-{backend}")
    chosen = [f"--include={only}"] if only else ["--exclude=migrations"]
    return [
        f"--name={backend}",
        f"--variable=BACKEND:{backend}",
        f"--outputdir={log}",
        "--pythonpath=features",  # the suites share the features' databases
        "--console=dotted",
        *chosen,
        *session.posargs,
    ]


def install_wheel(session: nox.Session) -> Path:
    """Install what a user would: the wheel made from the source distribution of this checkout."""
    session.install(*group("build"), *PYPROJECT["build-system"]["requires"], *group("tests"))
    folder = fresh_folder(session, "dist")
    session.run("python", "-m", "build", "--no-isolation", "--outdir", str(folder), silent=True)
    wheel = next(folder.glob("*.whl"))
    session.install(str(wheel))
    return wheel


@contextmanager
def fresh_environment(session: nox.Session, wheel: Path) -> Iterator[Path]:
    """Make a virtual environment with nothing but the wheel, outside the checkout."""
    with TemporaryDirectory(prefix="cleveragents-") as folder:
        session.run("python", "-m", "venv", folder)
        python = Path(folder, "bin", "python")
        session.run(str(python), "-m", "pip", "install", "--quiet", str(wheel), external=True)
        yield Path(folder, "bin", "agents")


def side_by_side(
    session: nox.Session, programs: Mapping[str, Sequence[str]], env: Mapping[str, str] | None = None
) -> None:
    """Run programs at the same time; the first speaks as it goes, the others when they are done."""
    first, *others = programs
    over = Event()
    with TemporaryDirectory() as folder, ThreadPoolExecutor() as pool:
        said = {name: Path(folder, name) for name in programs}
        for path in said.values():
            path.touch()
        speaking = pool.submit(speak, said[first], over)
        waiting = {name: pool.submit(succeeds, session, programs[name], env, said[name]) for name in others}
        try:
            ends = {first: succeeds(session, programs[first], env, said[first])}
        finally:
            over.set()
        speaking.result()
        for name in others:
            ends[name] = waiting[name].result()
            session.log(f"what {name} said meanwhile:")
            speak(said[name], over)
        failed = [name for name, is_good in ends.items() if not is_good]
        failures.extend(f"{session.name} on {name}:\n{what_failed(said[name])}" for name in failed)
    if failed:
        session.error(f"failed on {' and '.join(failed)}")


def speak(path: Path, over: Event) -> None:
    """Print what a program writes, until it is over."""
    with path.open("rb") as said:
        while True:
            was_over = over.wait(0.2)
            sys.stdout.buffer.write(said.read())
            sys.stdout.flush()
            if was_over:
                return


def what_failed(path: Path) -> str:
    """What a feature's failure looks like, and how the program ended."""
    text = path.read_text(errors="replace")
    found = [failure.group() for failure in FAILURE.finditer(text)][:20]
    return "\n".join([*found, "…", *text.splitlines()[-15 if found else -60 :]])


@atexit.register
def repeat_failures() -> None:
    """Tell once more what failed: where an output is long, often only its end is kept."""
    for told in failures:
        print(f"\n==== {told}", flush=True)  # noqa: T201 - it is what a person looks for


def succeeds(
    session: nox.Session, program: Sequence[str], env: Mapping[str, str] | None, output: Path
) -> bool:
    try:
        with output.open("w") as stream:
            session.run(*program, env=env, stdout=stream)
    except CommandFailed:
        return False
    return True


def folder_of(session: nox.Session, owner: str, name: str) -> Path:
    """Where a session leaves what another one reads, or what a person may want to look at."""
    return Path(session.cache_dir, owner, name).absolute()


def fresh_folder(session: nox.Session, name: str) -> Path:
    folder = folder_of(session, session.name, name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
