"""Pictures as text: a few shapes, in greys and colours that can be read on white and on black."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

INK = "#7d858f"
FAINT = "#7d858f55"
COLOURS = {"blue": "#3b82d6", "orange": "#d9822b", "green": "#2f9e62", "purple": "#9b6bd3", "red": "#d9534f"}
FONT = "ui-sans-serif, system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif"
Point = tuple[float, float]


@dataclass(slots=True)
class Picture:
    width: int
    height: int
    title: str
    """Read out where the picture cannot be seen."""
    parts: list[str] = field(default_factory=list)

    def line(self, start: Point, end: Point, colour: str = FAINT, *, dash: str = "") -> None:
        (x1, y1), (x2, y2) = start, end
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}"{_dashed(dash)}/>'
        )

    def path(self, points: Sequence[Point], colour: str, *, dash: str = "") -> None:
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(
            f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"{_dashed(dash)}/>'
        )
        self.parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]

    def bar(self, corner: Point, width: float, height: float, colour: str) -> None:
        x, y = corner
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'rx="2" fill="{colour}"/>'
        )

    def text(
        self, place: Point, words: str, *, anchor: str = "start", size: int = 12, bold: bool = False
    ) -> None:
        x, y = place
        weight = ' font-weight="600"' if bold else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"{weight}>'
            f"{escape(words)}</text>"
        )

    def __str__(self) -> str:
        size = f'viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}" fill="{INK}">'
        return "\n".join([head, f"<title>{escape(self.title)}</title>", *self.parts, "</svg>", ""])


def _dashed(dash: str) -> str:
    return f' stroke-dasharray="{dash}"' if dash else ""
