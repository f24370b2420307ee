"""Tables and figures that look the same in every answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from cleveragents.cli.text import shown

Item = TypeVar("Item")
Column = str | tuple[str, str]
"""A heading, or a heading and how its cells stand: `right`, or `shrinks` where space is short."""
_ROWS_OF_A_PART = 1_000


def table(columns: Sequence[Column], rows: Iterable[Sequence[str]], *, rich: bool) -> Table:
    """A table whose cells are text, never markup; every row is one line."""
    drawn = Table(
        box=box.SIMPLE_HEAD if rich else None,
        show_edge=False,
        pad_edge=False,
        header_style="bold",
        padding=(0, 1) if rich else (0, 2, 0, 0),
    )
    for column in columns:
        heading, manner = (column, "") if isinstance(column, str) else column
        drawn.add_column(
            heading if rich else heading.upper(),
            justify="right" if manner == "right" else "left",
            # Rich takes space from the columns that could wrap; their cells are cut instead.
            no_wrap=manner != "shrinks",
        )
    for row in rows:
        drawn.add_row(*(Text(shown(cell), no_wrap=True, overflow="ellipsis") for cell in row))
    return drawn


def tables(
    columns: Sequence[Column], items: Sequence[Item], row_of: Callable[[Item], Sequence[str]], *, rich: bool
) -> Iterator[Table]:
    """A table of any length, drawn in parts: each with its heading on a terminal, as one where it is text."""
    if len(items) <= _ROWS_OF_A_PART:
        yield table(columns, map(row_of, items), rich=rich)
        return
    widths = () if rich else _widths(columns, map(row_of, items))
    remaining, has_begun = iter(items), False
    while part := list(islice(remaining, _ROWS_OF_A_PART)):
        drawn = table(columns, map(row_of, part), rich=rich)
        for column, width in zip(drawn.columns, widths, strict=False):
            column.width = width
        drawn.show_header = rich or not has_begun
        has_begun = True
        yield drawn


def _widths(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> list[int]:
    """How wide the widest cell of each column is."""
    widest = [cell_len(column if isinstance(column, str) else column[0]) for column in columns]
    for row in rows:
        widest = [max(width, cell_len(shown(cell))) for width, cell in zip(widest, row, strict=True)]
    return widest


def facts(pairs: Iterable[tuple[str, str | Text]]) -> Table:
    """Names and values below one another."""
    drawn = Table.grid(padding=(0, 2))
    drawn.add_column(style="bold", no_wrap=True)
    drawn.add_column(overflow="fold")
    for name, value in pairs:
        drawn.add_row(name, value if isinstance(value, Text) else Text(shown(value)))
    return drawn


def sentence(text: str, style: str = "") -> Text:
    return Text(text, style=style)


def or_dash(value: str | None) -> str:
    return value or "-"
