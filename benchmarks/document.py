"""Put the kept results into the documentation: its tables and its plots, so that no figure is typed.

    python benchmarks/document.py          # after a run's JSON was put into benchmarks/results/
    python benchmarks/document.py --check

The tables stand between `<!-- figures: NAME -->` and `<!-- end -->`; a program without kept results
leaves its place as it is.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from plot import PICTURES, RESULTS, drawn
from tables import TABLES

PAGE = PICTURES.parent / "explanation" / "performance.md"
_PLACE = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def documented() -> dict[Path, str]:
    """What each file should hold."""
    files = sorted(RESULTS.glob("*.json"))
    results: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for file in files:
        result = json.loads(file.read_text())
        results[result["facts"]["program"]].append(result)

    def filled(place: re.Match[str]) -> str:
        name = place[2]
        if name not in results:
            return place[0]
        return "\n".join([place[1], *TABLES[name](results[name]), "", place[3]])

    pictures = {PICTURES / name: str(picture) for name, picture in drawn(files).items()}
    return {PAGE: _PLACE.sub(filled, PAGE.read_text()), **pictures}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail where something differs")
    options = parser.parse_args()
    stale = {path: text for path, text in documented().items() if not _holds(path, text)}
    if options.check and stale:
        names = ", ".join(path.name for path in stale)
        sys.exit(f"Out of date: {names}. Run: python benchmarks/document.py")
    for path, text in stale.items():
        path.write_text(text)


def _holds(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text


if __name__ == "__main__":
    main()
