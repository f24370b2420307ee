"""What a command answers, before it is drawn in any format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, TextIO

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cleveragents.domain.errors import CleverAgentsError

Status = Literal["ok", "warn", "error"]
Level = Literal["info", "warn", "error"]


class Format(StrEnum):
    RICH = "rich"
    PLAIN = "plain"
    JSON = "json"
    YAML = "yaml"

    @property
    def is_for_machines(self) -> bool:
        return self in {Format.JSON, Format.YAML}


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence beside the answer: on stderr for people, under `messages` for machines."""

    text: str
    level: Level = "info"
    is_always_told: bool = False
    """Even where silence is asked for and all went well."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """A list in `data` of which each record is made only when it is written."""

    items: Iterable[Any]
    record: Callable[[Any], object]

    def __iter__(self) -> Iterator[object]:
        return map(self.record, self.items)


def records(items: Iterable[Any], record: Callable[[Any], object]) -> list[object] | Streamed:
    """The records of what is at hand, or the promise of those that are kept elsewhere."""
    if isinstance(items, (tuple, list)):
        return [record(item) for item in items]
    return Streamed(items, record)


Draw = Callable[[bool], Iterable["RenderableType"]]
"""Called with whether colours and boxes are wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`data` for machines, `draw` for people; `write` instead of both sends text as it is."""

    data: Mapping[str, Any]
    draw: Draw
    status: Status = "ok"
    exit_code: int = 0
    notes: tuple[Note, ...] = field(default_factory=tuple)
    error: CleverAgentsError | None = None
    """What failed although there is an answer; its exit code is the answer's."""
    write: Callable[[TextIO], None] | None = None
