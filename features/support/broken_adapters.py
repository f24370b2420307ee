"""The adapter of the documentation's example, with parts that can be replaced by broken ones."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from cleveragents.infrastructure.database.engine import parse_url

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
sys.path.append(str(EXAMPLES))

from parlour_adapter import ParlourAdapter, ParlourKind, ParlourLayout  # noqa: E402 - the path comes first
from parlour_maker import ParlourMaker  # noqa: E402 - the path comes first


class Around:
    """Another object, with some of its methods done otherwise."""

    def __init__(self, inner: Any, adapter: Any) -> None:
        self.inner = inner
        self.adapter = adapter

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class Adapter(ParlourAdapter):
    """With another layout, run or restore than the honest one."""

    layout_class: type[ParlourLayout] = ParlourLayout
    run_class: type[Around] = Around
    return_class: type[Around] = Around

    def layout(self, connection):
        super().layout(connection)
        return self.layout_class()

    @contextmanager
    def running(self, progress):
        with super().running(progress) as run:
            yield self.run_class(run, self)

    @contextmanager
    def returning(self, progress):
        with super().returning(progress) as returning:
            yield self.return_class(returning, self)

    def execute(self, statement: str, *values: object) -> None:
        with closing(sqlite3.connect(self.url.database, isolation_level=None)) as connection:
            connection.execute(statement, values)


BROKEN: dict[str, type[Adapter]] = {}


def breaks(check: str, defect: str) -> Callable[[type], type]:
    """Register a part of an adapter, or a whole one, as broken in a way that a check has to find."""

    def register(part: type) -> type:
        if issubclass(part, ParlourLayout):
            adapter = type("Broken", (Adapter,), {"layout_class": part})
        elif issubclass(part, Adapter):
            adapter = part
        else:
            restores = hasattr(part, "take") or hasattr(part, "putting_back")
            kind = "return_class" if restores else "run_class"
            adapter = type("Broken", (Adapter,), {kind: part})
        BROKEN[f"{check}: {defect}"] = adapter
        return part

    return register


def maker_of(adapter: type[Adapter]) -> ParlourMaker:
    class Kind(ParlourKind):
        def open(self, location, *, busy_timeout):
            return adapter(parse_url(location), busy_timeout)

    maker = ParlourMaker()
    maker.kind = Kind()
    return maker
