"""A bar on the terminal for whatever takes more than a moment: rows done, rate, time left."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleveragents.domain.progress import Stage, Step

_A_MOMENT = 1.0


class TerminalProgress:
    """Draws on stderr, and takes away what it drew when a stage ends."""

    is_watched = True

    @contextmanager
    def stage(self, stage: Stage, rows: int | None) -> Iterator[Step]:
        bar = _Bar(stage, rows)
        try:
            yield bar
        finally:
            bar.end()


class _Bar:
    def __init__(self, stage: Stage, rows: int | None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        columns = (
            [
                TextColumn("{task.completed:,} of {task.total:,}"),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
            ]
            if rows is not None
            else [TimeElapsedColumn()]
        )
        self._drawn = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            *columns,
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._drawn.add_task(stage.value, total=rows, rate="")
        self._timer = Timer(_A_MOMENT, self._drawn.start)
        self._timer.daemon = True
        self._timer.start()

    def advance(self, rows: int) -> None:
        self._drawn.advance(self._task, rows)
        speed = self._drawn.tasks[0].speed
        self._drawn.update(self._task, rate=f"{speed:,.0f}/s" if speed else "")

    def end(self) -> None:
        self._timer.cancel()
        self._timer.join()
        self._drawn.stop()


def can_be_drawn() -> bool:
    """Whether there is a terminal that can move its cursor."""
    return sys.stderr.isatty() and os.environ.get("TERM") not in {None, "", "dumb"}
