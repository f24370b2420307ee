"""How the features write lists and tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from behave.model import Table


def quoted(text: str) -> list[str]:
    """Read `"spring", "memoir" and "draft"`."""
    return re.findall(r'"([^"]*)"', text)


def rows_of(table: Table) -> list[dict[str, str]]:
    """Read the rows of a table under its headings."""
    return [dict(zip(row.headings, row.cells, strict=True)) for row in table]
