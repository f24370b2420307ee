"""Whether there is room on the disk for what a purge writes."""

from __future__ import annotations

from cleveragents.domain.space import Shortage


def describe(short: Shortage) -> str:
    return (
        f"it needs {_megabytes(short.needed_bytes)} in {short.folder}, "
        f"and {_megabytes(short.free_bytes)} are free"
    )


def _megabytes(number: int) -> str:
    return f"{number / 1_000_000:,.1f} MB"
