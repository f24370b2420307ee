"""Draw the plots of the documentation from kept results.

    python benchmarks/plot.py benchmarks/results/*.json --to docs/pictures

`purge.py`'s results become the ratios to the floor, `growth.py`'s what each size costs. Results of the
same kind are drawn into one picture, so backends may have been measured in runs of their own.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from arms import ARCHIVE, SERVICE
from svg import COLOURS, FAINT, INK, Picture, Point

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PICTURES = HERE.parent / "docs" / "pictures"
WIDTH = 860
MILLION = 1_000_000
BACKENDS = {"sqlite": ("SQLite", "blue"), "postgresql": ("PostgreSQL", "orange")}
SHOWN = {SERVICE: "green", SERVICE + ARCHIVE: "purple"}
ROW, BAR = 20, 12
LOOKS = {
    "list --sort last-accessed": ("first page", "blue"),
    "scan": ("scan", "green"),
    "explain, oldest": ("explain", "purple"),
}


def ratios(cells: Sequence[dict[str, Any]]) -> Picture:
    """Bars: how many times the floor's time each cell took."""
    bars = [(cell, arm) for cell in cells for arm in cell["arms"] if arm["name"] in SHOWN]
    widest = max([arm["ratio"] for _, arm in bars] + [1.5])
    left, right, top = 260, 60, 56
    height = top + len(bars) * ROW + len(cells) * 8 + 20
    picture = Picture(WIDTH, height, "Time of a purge as a multiple of the best hand-written statements")
    scale = (WIDTH - left - right) / widest
    y = float(top)
    for cell in cells:
        label = f"{BACKENDS[cell['backend']][0]}, {cell['sessions']:,} sessions, {cell['layout']}"
        own = [arm for arm in cell["arms"] if arm["name"] in SHOWN]
        picture.text((left - 10, y + len(own) * ROW / 2 + 1), label, anchor="end")
        for arm in own:
            width = arm["ratio"] * scale
            picture.bar((left, y), width, BAR, COLOURS[SHOWN[arm["name"]]])
            picture.text((left + width + 6, y + BAR - 2), f"{arm['ratio']:.2f}", size=11)
            y += ROW
        y += 8
    floor = left + scale
    picture.line((floor, top - 6), (floor, y), INK, dash="4 3")
    picture.text((floor, top - 10), "hand-written = 1", anchor="middle", size=11)
    legend(picture, {"without archive": SHOWN[SERVICE], "with archive": SHOWN[SERVICE + ARCHIVE]})
    return picture


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    colour: str
    points: Sequence[Point]
    dash: str = ""


def growth(points: Sequence[dict[str, Any]]) -> Picture:
    """Two panels over the number of sessions: a purged message, and looking."""
    picture = Picture(WIDTH, 420, "What a purged message, a list, a scan and an explanation cost by size")
    purged = [series for backend in BACKENDS for series in _purged(points, backend)]
    looked = [
        Series(f"{BACKENDS[backend][0]}: {label}", colour, found, "" if backend == "sqlite" else "5 4")
        for backend in BACKENDS
        for name, (label, colour) in LOOKS.items()
        if (found := _over_sizes(points, backend, "milliseconds", name))
    ]
    half = WIDTH // 2
    panel(picture, (50, half - 25), "µs for each purged message", purged)
    panel(picture, (half + 45, WIDTH - 30), "ms to look", looked)
    return picture


def _purged(points: Sequence[dict[str, Any]], backend: str) -> Iterable[Series]:
    label, colour = BACKENDS[backend]
    group = "microseconds_per_purged_message"
    names = dict.fromkeys(name for point in points if point["backend"] == backend for name in point[group])
    for name in names:
        own = name == "service"
        words = label if own else f"{label}: hand-written"
        yield Series(words, colour, _over_sizes(points, backend, group, name), "" if own else "5 4")


def _over_sizes(points: Sequence[dict[str, Any]], backend: str, group: str, name: str) -> list[Point]:
    chosen = [point for point in points if point["backend"] == backend and name in point[group]]
    return sorted((float(point["sessions"]), float(point[group][name])) for point in chosen)


def panel(picture: Picture, sides: tuple[int, int], title: str, drawn: Sequence[Series]) -> None:
    """Lines on logarithmic scales, whole powers of ten at the sides."""
    left, right = sides
    top, bottom = 50, 290
    xs = [x for series in drawn for x, _ in series.points]
    ys = [y for series in drawn for _, y in series.points]
    low_x, high_x = math.log10(min(xs)), math.log10(max(xs))
    low_y, high_y = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    span_x, span_y = high_x - low_x or 1, high_y - low_y or 1

    def placed(point: Point) -> Point:
        x, y = math.log10(point[0]), math.log10(point[1])
        return left + (x - low_x) / span_x * (right - left), bottom - (y - low_y) / span_y * (bottom - top)

    picture.text((left, 24), title, size=14, bold=True)
    for power in range(low_y, high_y + 1):
        _, y = placed((10**low_x, 10.0**power))
        picture.line((left, y), (right, y), FAINT)
        picture.text((left - 6, y + 4), f"{10.0**power:g}", anchor="end", size=11)
    for size in sorted(set(xs)):
        x, _ = placed((size, 10.0**low_y))
        picture.text((x, bottom + 18), short(size), anchor="middle", size=11)
    picture.text(((left + right) / 2, bottom + 36), "sessions", anchor="middle", size=11)
    for place, series in enumerate(drawn):
        picture.path([placed(point) for point in series.points], COLOURS[series.colour], dash=series.dash)
        column, row = place % 2, place // 2
        x, y = left + column * (right - left) / 2, bottom + 62 + row * 20
        picture.line((x, y - 4), (x + 22, y - 4), COLOURS[series.colour], dash=series.dash)
        picture.text((x + 28, y), series.name, size=11)


def short(size: float) -> str:
    return f"{size / MILLION:g}M" if size >= MILLION else f"{size / 1000:g}k"


def legend(picture: Picture, entries: dict[str, str]) -> None:
    for place, (words, colour) in enumerate(entries.items()):
        x = 260 + place * 150
        picture.bar((x, 10), 12, 12, COLOURS[colour])
        picture.text((x + 18, 20), words)


def drawn(files: Iterable[Path]) -> dict[str, Picture]:
    results = [json.loads(file.read_text()) for file in sorted(files)]
    cells = [cell for each in results if each["facts"]["program"] == "purge" for cell in each["cells"]]
    points = [point for each in results if each["facts"]["program"] == "growth" for point in each["points"]]
    pictures = {}
    if cells:
        order = list(BACKENDS)
        cells.sort(key=lambda cell: (order.index(cell["backend"]), cell["sessions"], cell["layout"]))
        pictures["purge-ratios.svg"] = ratios(cells)
    if points:
        pictures["growth.svg"] = growth(points)
    return pictures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("results", type=Path, nargs="*", default=sorted(RESULTS.glob("*.json")))
    parser.add_argument("--to", type=Path, default=PICTURES, help="the folder of the pictures")
    options = parser.parse_args()
    options.to.mkdir(parents=True, exist_ok=True)
    for name, picture in drawn(options.results).items():
        (options.to / name).write_text(str(picture))
        print(options.to / name)


if __name__ == "__main__":
    main()
