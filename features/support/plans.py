"""The databases' own plans for the statements that the product runs, asked for while it runs them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event

TABLE = "session_messages"
_EXPLAINABLE = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Planned:
    """A statement as its driver got it, and the steps of its plan that read a whole table of messages."""

    text: str
    whole_reads: tuple[str, ...]

    @property
    def names_messages(self) -> bool:
        """Whether it reads them; the catalogue may be asked about their table, in quotes."""
        return TABLE in self.text.replace(f"'{TABLE}'", "")


@contextmanager
def plans() -> Iterator[list[Planned]]:
    """Collect every statement that is run in the block, explained on the connection it is for.

    On the same connection, because only there are the temporary tables of a purge.
    """
    ran: list[Planned] = []

    def explain(connection: Connection, _cursor: object, text: str, parameters: Any, *others: object) -> None:
        many = others[-1]
        if text.lstrip().upper().startswith(_EXPLAINABLE) and not many:
            read = _on_postgresql if connection.dialect.name == "postgresql" else _on_sqlite
            ran.append(Planned(text, tuple(read(connection.connection.dbapi_connection, text, parameters))))

    event.listen(Engine, "before_cursor_execute", explain)
    try:
        yield ran
    finally:
        event.remove(Engine, "before_cursor_execute", explain)


def _on_sqlite(connection: Any, text: str, parameters: Any) -> Iterator[str]:
    names = {TABLE, *re.findall(rf"\b{TABLE} AS (\w+)", text)}
    for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {text}", parameters).fetchall():
        words = step.split()
        # What is false from the start is found out before the first row.
        if words[0] == "SCAN" and words[1] in names and "WHERE 0 = 1" not in text:
            yield step


def _on_postgresql(connection: Any, text: str, parameters: Any) -> Iterator[str]:
    """Scanning a small table is right even where there is an index; what counts is whether there is one."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {text}", parameters)
        ((plan,),) = cursor.fetchall()
        cursor.execute("SET LOCAL enable_seqscan = on")
    found = json.loads(plan) if isinstance(plan, str) else plan
    for node in _nodes(found[0]["Plan"]):
        if node.get("Relation Name") == TABLE and _reads_all(node):
            yield node["Node Type"]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def _reads_all(node: dict[str, Any]) -> bool:
    """Whether a node reads a table by itself, with nothing that bounds where it looks."""
    return node["Node Type"].endswith("Scan") and not (
        "Index Cond" in node or node["Node Type"] in {"Bitmap Heap Scan", "Tid Scan"}
    )
