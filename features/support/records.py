"""What a table of outcomes says about a session or a message, held against what a command answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from support.driver import Driver
from support.sessions import span

_TIMES = re.compile(r".*_at")
_ID_OF = re.compile(r'the id of "(.+)"')
_PAIR = re.compile(r"(\S+) is (\S+)")


def said(driver: Driver) -> str:
    """Everything the last command wrote."""
    return driver.stdout + driver.stderr


def differences(driver: Driver, record: Mapping[str, Any], expected: Mapping[str, str]) -> list[str]:
    """Say for each field what it is where it is not what the table says."""
    return [
        f"{field} is {record[field]!r}, not {cell!r}"
        for field, cell in expected.items()
        if _read(field, record[field]) != _meant(driver, field, cell)
    ]


def _read(field: str, value: Any) -> Any:
    if value is not None and _TIMES.fullmatch(field):
        return datetime.fromisoformat(value)
    if isinstance(value, dict):
        return {key: str(inner) for key, inner in value.items()}
    return value


def _meant(driver: Driver, field: str, cell: str) -> Any:
    if cell == "none":
        return None
    if other := _ID_OF.fullmatch(cell):
        return driver.session(other[1]).session_id
    if _TIMES.fullmatch(field):
        return _moment(driver, cell)
    if field == "metadata":
        return dict(_PAIR.findall(cell))
    if field in {"name", "content", "role", "source"} or not cell.isdecimal():
        return cell.replace("\\n", "\n")
    return int(cell)


def _moment(driver: Driver, cell: str) -> datetime:
    now = driver.clock.now()
    if cell == "now":
        return now
    if cell.endswith(" ago"):
        return now - span(cell.removesuffix(" ago"))
    if cell.endswith(" from now"):
        return now + span(cell.removesuffix(" from now"))
    return datetime.fromisoformat(cell)
