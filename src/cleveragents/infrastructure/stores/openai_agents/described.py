"""What `agents store check` says of a database of the OpenAI Agents SDK."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cleveragents.domain.stored import Recognised
from cleveragents.infrastructure.stores.openai_agents.tables import GENERATIONS, RESERVATIONS, Tables


def described(tables: Tables, zones: Sequence[str]) -> Recognised:
    used = [f"{tables.sessions}.updated_at", *(f"{name}.created_at" for name in tables.of_branches)]
    clock = _clock(tables, zones)
    return Recognised(
        layout=_layout(tables),
        last_accessed=f"{'the latest of ' if used[1:] else ''}{_listed(used, 'and')}, {clock}",
        emptiness=f"no row in {tables.messages}, as pop_item leaves it",
        orphans=f"rows of {_listed((tables.messages, *tables.of_branches), 'or')} whose session is gone",
        belongs=(tables.messages, *tables.of_branches),
        left_alone=tables.left_alone,
        advice=tuple(_advice(tables, zones)),
    )


def _layout(tables: Tables) -> str:
    if not tables.of_branches:
        return "SQLAlchemySession" if tables.is_sqlalchemy else "SQLiteSession, AsyncSQLiteSession"
    if GENERATIONS in tables.left_alone:
        return "AdvancedSQLiteSession, 0.20 and later"
    version = "0.19" if RESERVATIONS in tables.left_alone else "before 0.19"
    return f"AdvancedSQLiteSession, {version}"


def _clock(tables: Tables, zones: Sequence[str]) -> str:
    if not zones:
        return "in UTC, to the second"
    if tables.has_zone:
        return "with their time zone"
    if len(zones) == 1:
        return f"local times of {zones[0]}"
    return f"local times of {_listed(zones, 'or')}, whichever is later"


def _advice(tables: Tables, zones: Sequence[str]) -> Iterator[str]:
    if not tables.is_indexed_by_age:
        yield (
            f"{tables.sessions} has no index on updated_at: whoever asks for old sessions reads all of them "
            "(a scan does so in any case)."
        )
    if len(zones) > 1 and not tables.has_zone:
        yield "Some roles have a time zone of their own; ?timezone=NAME says which one the library's has."


def _listed(names: Sequence[str], word: str) -> str:
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} {word} {names[-1]}"
