"""Draw the pictures of README.md with the program's own views, on the demo's sessions.

The clock stands still, so that the same program draws the same picture; `--check` compares.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from cleveragents.cli.views import cleanup
from cleveragents.container import Container
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.infrastructure.database.engine import ConnectionOptions
from cleveragents.infrastructure.database.store import SqlSessionStore

PICTURES = Path(__file__).resolve().parent / "pictures"
WIDTH = 120
LISTED = 8
# Rich's own format fetches a font from the network; the reader's monospaced font will do.
FORMAT = re.sub(r"@font-face \{\{.*?\n    \}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL).replace(
    "font-family: Fira Code, monospace", "font-family: ui-monospace, Menlo, Consolas, monospace"
)


class StandingClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 2, 9, tzinfo=UTC)


def dry_run() -> str:
    with tempfile.TemporaryDirectory() as folder:
        store = SqlSessionStore(f"sqlite:///{folder}/sessions.db", ConnectionOptions())
        container = Container()
        container.clock.override(StandingClock())
        container.demo_store.override(store)
        container.demo_service().fill(500)
        container.store.override(store)
        report = container.cleanup_service().scan(RetentionPolicy(), listed=LISTED)
        store.close()
    console = Console(
        record=True,
        width=WIDTH,
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        highlight=False,
        markup=False,
        emoji=False,
    )
    console.print("$ agents cleanup --dry-run", style="bold")
    for renderable in cleanup.scanned(report).draw(True):
        console.print(renderable)
    return console.export_svg(title="agents cleanup --dry-run", code_format=FORMAT, unique_id="dry-run")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Draw the pictures of README.md.")
    parser.add_argument("--check", action="store_true", help="fail where a committed picture differs")
    path = PICTURES / "dry-run.svg"
    text = dry_run()
    if not parser.parse_args(arguments).check:
        path.write_text(text, encoding="utf-8")
    elif path.read_text(encoding="utf-8") != text:
        sys.stderr.write("Out of date: dry-run.svg. Run: python docs/make_pictures.py\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
