"""What a terminal was shown on the way, and what it shows at the end."""

from __future__ import annotations

import re

import pyte

from support.driver import Driver

_COLUMNS, _LINES = 100, 200
_STAGES = ("Scanning", "Archiving", "Deleting", "Reading the archive", "Putting back")
_OBEYED = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def words_sent(driver: Driver) -> str:
    """All that was written, without what commands the terminal."""
    return _OBEYED.sub("", driver.stdout + driver.stderr)


def stages_shown(text: str) -> set[str]:
    return {stage for stage in _STAGES if re.search(rf"{stage}[a-z ]* [━╸╺ -]", text)}


def counts_shown(driver: Driver, stage: str) -> set[tuple[int, int]]:
    """Each `so many of so many` that was drawn beside a stage."""
    drawn = re.findall(rf"{stage} [━╸╺ ]*\s*([\d,]+) of ([\d,]+)", words_sent(driver))
    return {(int(done.replace(",", "")), int(rows.replace(",", ""))) for done, rows in drawn}


def screen_of(driver: Driver) -> str:
    screen = pyte.Screen(_COLUMNS, _LINES)
    pyte.Stream(screen).feed(driver.stdout)
    assert not screen.cursor.hidden, "the cursor stays hidden"
    return "\n".join(line.rstrip() for line in screen.display).rstrip()
