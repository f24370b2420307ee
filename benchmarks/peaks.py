"""How much memory each command needs at most, whatever it finds.

    python benchmarks/peaks.py --sessions 1000000 --backend sqlite --json memory.json

Half of the sessions are candidates. Each command is a process of its own; one that changes something
runs on a database that the ones before it left, which is why purges come last. One session more has
`--long-messages` messages of `--long-bytes` each. Any peak above `--most` MiB fails.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from databases import Databases, databases
from measuring import (
    MIB,
    Finished,
    clean_up_when_terminated,
    print_facts,
    print_table,
    run,
    surroundings,
    write_json,
)
from sample import Layout, Sample

from cleveragents.container import Container
from cleveragents.domain.session import Role

LONG = "a-session-of-long-messages"
EVERYTHING = "100000000"
WITHOUT_LIMIT = ("--yes", "--max-purge", "100%")


@dataclass(frozen=True, slots=True)
class Measured:
    words: tuple[str, ...]
    finished: Finished

    def described(self) -> dict[str, object]:
        return {
            "command": " ".join(self.words),
            "seconds": self.finished.seconds,
            "peak_bytes": self.finished.peak_bytes,
        }


def commands(folder: Path, some: str, long: str) -> Iterator[tuple[str, ...]]:
    """What reads, then what changes, in the order in which they can follow one another."""
    plan, exported = str(folder / "plan.json"), str(folder / "long.json")
    cleanup, session = ("agents", "cleanup"), ("agents", "session")
    yield (*cleanup, "--dry-run")
    for format_ in ("plain", "json", "yaml", "rich"):
        yield (*cleanup, "--dry-run", "--all", "--format", format_)
        yield (*session, "list", "--limit", EVERYTHING, "--format", format_)
    yield (*cleanup, "explain", some)
    yield (*cleanup, "explain", some, "--keep-last", "10")
    yield (*cleanup, "forecast", "--days", "366", "--by", "day")
    yield (*cleanup, "policy")
    # No YAML: its library takes seconds for each long message, in as much memory as JSON.
    for format_ in ("plain", "json"):
        yield (*session, "show", long, "--messages", EVERYTHING, "--format", format_)
        yield (*session, "export", long, "--format", format_)
    yield (*session, "export", long, "--output", exported)
    yield (*cleanup, "--plan-out", plan)
    yield (*cleanup, "--rehearse", *WITHOUT_LIMIT[1:])
    yield (*cleanup, *WITHOUT_LIMIT, "--actor", "local/agent-7")
    yield (*cleanup, "apply", plan, *WITHOUT_LIMIT, "--no-archive")


def report(
    made: Databases, sample: Sample, folder: Path, options: argparse.Namespace
) -> tuple[dict[str, object], list[Measured]]:
    made.build(sample)
    url = made.fresh()
    long = add_long_session(url, options.long_messages, options.long_bytes)
    facts = {
        **sample.described(),
        "long_session_mib": options.long_messages * options.long_bytes // MIB,
        **surroundings(made.version()),
    }
    print_facts(facts)
    variables = {
        "CLEVERAGENTS_DATABASE_URL": url,
        "CLEVERAGENTS_CLEANUP_ARCHIVE_FOLDER": str(folder / "archives"),
    }
    some = next(sample.rows()).session_id
    wanted = [words for words in commands(folder, some, long) if options.only in " ".join(words)]
    measured = [measure(words, variables, folder) for words in wanted]
    made.drop(url)
    return facts, measured


def measure(words: tuple[str, ...], variables: Mapping[str, str], folder: Path) -> Measured:
    """Run one command with its answer in a file, so that nothing but the command holds it."""
    to_a_file = 'import sys; sys.stdout = open("answer", "w"); from cleveragents.cli.app import run; '
    program = f"{to_a_file}sys.exit(run(sys.argv[1:]) not in (0, 6))"
    finished = run([sys.executable, "-c", program, *words[1:]], environment=variables, folder=folder)
    print(f"{finished.peak_bytes / MIB:6.0f} MiB {finished.seconds:8.1f} s  {' '.join(words)}", flush=True)
    return Measured(words, finished)


def add_long_session(url: str, messages: int, size: int) -> str:
    container = Container()
    container.flags.override({"database_url": url})
    service = container.session_service()
    session = service.create(name=LONG)
    for number in range(messages):
        service.append(session.session_id, Role.USER, f"{number:08d}".ljust(size, "x"))
    container.store().close()
    return session.session_id


def main() -> None:
    options = _parser().parse_args()
    clean_up_when_terminated()
    sample = Sample.taken_now(
        sessions=options.sessions,
        messages_each=options.messages,
        message_bytes=options.message_bytes,
        layout=Layout.SCATTERED,
    )
    with TemporaryDirectory(prefix="cleveragents-memory-", dir=options.folder) as name:
        folder = Path(name)
        folder.chmod(0o755)
        with databases(options.backend, folder) as made:
            facts, measured = report(made, sample, folder, options)
    print_table(
        ("command", "peak (MiB)", "seconds"),
        [
            (
                " ".join(each.words),
                f"{each.finished.peak_bytes / MIB:.0f}",
                f"{each.finished.seconds:.1f}",
            )
            for each in measured
        ],
    )
    if options.json:
        write_json(options.json, {"facts": facts, "commands": [each.described() for each in measured]})
    above = [" ".join(each.words) for each in measured if each.finished.peak_bytes > options.most * MIB]
    if above:
        raise SystemExit(f"These need more than {options.most} MiB: {'; '.join(above)}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=1, help="messages in each session")
    parser.add_argument("--message-bytes", type=int, default=100)
    parser.add_argument("--long-messages", type=int, default=300)
    parser.add_argument("--long-bytes", type=int, default=1_000_000)
    parser.add_argument("--backend", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--only", default="", help="only commands that hold this text")
    parser.add_argument("--most", type=int, default=300, help="the highest peak allowed, in MiB")
    parser.add_argument("--folder", type=Path, help="where the databases are made")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    return parser


if __name__ == "__main__":
    main()
