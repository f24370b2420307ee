"""Kept results as the tables of the documentation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from arms import ARCHIVE, COMMAND, GIVE_BACK, RESTORE, SERVICE

MIB = 1024 * 1024
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
COLUMNS = {
    SERVICE: "`CleanupService.purge`",
    SERVICE + ARCHIVE: "… with an archive",
    SERVICE + GIVE_BACK: "… giving space back",
    COMMAND: "`agents cleanup`, start included",
    COMMAND + ARCHIVE: "… with an archive",
    RESTORE: "its `restore`",
}
Result = Mapping[str, Any]


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    dashes = ["---", *("---:" for _ in header[1:])]
    return [f"| {' | '.join(cells)} |" for cells in (header, dashes, *rows)]


def about(result: Result) -> str:
    """When, with what and on what a run was made."""
    facts = result["facts"]
    versions = [facts[name] for name in (f"database_{backend}" for backend in NAMES) if name in facts]
    day = datetime.fromisoformat(facts["measured_at"]).strftime("%d %B %Y").lstrip("0")
    return (
        f"{day}; {'; '.join(versions)}; Python {facts['python']}, SQLAlchemy {facts['sqlalchemy']}; "
        f"{facts['cores']} cores of {facts['processor']}, {round(facts['memory_mib'] / 1024)} GB, "
        f"{facts['system']}; load when it began {facts['load']:.1f}."
    )


def data_of(cell: Result) -> str:
    return f"{cell['messages_each']} messages of {cell['message_bytes']:,} bytes in each session"


def purge(results: Sequence[Result]) -> list[str]:
    """Ratios to the best floor."""
    cells = [cell for result in results for cell in result["cells"]]
    there = [name for name in COLUMNS if any(arm["name"] == name for cell in cells for arm in cell["arms"])]
    rows = []
    order = list(NAMES)
    for cell in sorted(
        cells, key=lambda cell: (order.index(cell["backend"]), cell["sessions"], cell["layout"])
    ):
        arms = {arm["name"]: arm for arm in cell["arms"]}
        floor = next(arm for name, arm in arms.items() if name.endswith(f": {cell['floor']}"))
        rows.append(
            [
                f"{NAMES[cell['backend']]}, {cell['sessions']:,}, {cell['layout']}",
                f"{floor['median']:.2f} s",
                *(f"{arms[name]['ratio']:.2f}" if name in arms else "" for name in there),
                f"{max(arms[name]['peak_bytes'] for name in there if name in arms) / MIB:.0f} MiB",
            ]
        )
    header = [
        "sessions, half of them stale",
        "hand-written",
        *(COLUMNS[name] for name in there),
        "peak memory",
    ]
    return [*table(header, rows), "", *_told(results, data_of(cells[0]))]


def growth(results: Sequence[Result]) -> list[str]:
    points = [point for result in results for point in result["points"]]
    lines: list[str] = []
    for backend, name in NAMES.items():
        own = sorted(
            (point for point in points if point["backend"] == backend),
            key=lambda point: int(point["sessions"]),
        )
        if own:
            header = [name, *(f"{point['sessions']:,} sessions" for point in own), "last : first"]
            lines += [*table(header, _growing(own)), ""]
    return [*lines, *_told(results, data_of(points[0]))]


def _growing(points: Sequence[Result]) -> Iterable[list[str]]:
    units = {"microseconds_per_purged_message": "µs a purged message", "milliseconds": "ms"}
    labels = {"service": "`CleanupService.purge`", "list --sort last-accessed": "first page of a list"}
    for group, unit in units.items():
        for name in points[0][group]:
            if name.startswith("list") and name not in labels:
                continue
            values = [point[group][name] for point in points]
            told = [f"{value:.1f}" for value in values]
            yield [f"{labels.get(name, name)}, {unit}", *told, f"{values[-1] / values[0]:.2f}"]


def writers(results: Sequence[Result]) -> list[str]:
    lines: list[str] = []
    for cell in (cell for result in results for cell in result["cells"]):
        header = [
            f"{NAMES[cell['backend']]}, {cell['sessions']:,} sessions",
            "purge",
            "appends",
            "p50",
            "p99",
            "longest",
            "failed",
        ]
        rows = (
            [
                f"`{arm['arm']}`" if arm["arm"].startswith("--") else arm["arm"],
                f"{arm['purge_seconds']:.1f} s",
                str(arm["appends"]),
                *(f"{arm[name] * 1000:.0f} ms" for name in ("p50", "p99", "longest")),
                str(sum(arm["failed"].values())),
            ]
            for arm in cell["arms"]
        )
        lines += [*table(header, rows), ""]
    return [*lines, *_told(results, data_of(results[0]["cells"][0]))]


def alternatives(results: Sequence[Result]) -> list[str]:
    lines: list[str] = []
    for cell in (cell for result in results for cell in result["cells"]):
        messages = cell["sessions"] // 2 * cell["messages_each"]
        header = [
            f"{NAMES[cell['backend']]}, {cell['sessions']:,} sessions",
            "µs a message",
            "times ours",
            "peak memory",
        ]
        rows = (
            [
                arm["name"],
                f"{arm['median'] / messages * 1_000_000:.1f}",
                f"{arm['ratio']:.1f}",
                f"{arm['peak_bytes'] / MIB:.0f} MiB",
            ]
            for arm in cell["arms"]
        )
        lines += [*table(header, rows), ""]
    return [*lines, *_told(results, data_of(results[0]["cells"][0]))]


def _told(results: Sequence[Result], data: str) -> list[str]:
    return [f"{data}. {' '.join(dict.fromkeys(about(result) for result in results))}"]


TABLES = {"purge": purge, "growth": growth, "writers": writers, "alternatives": alternatives}
