"""What is known of one store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cleveragents.cli.answer import Answer, Note
from cleveragents.cli.text import bytes_shown, counted, shown
from cleveragents.cli.views.layout import facts, or_dash, sentence
from cleveragents.cli.views.preflight import preflight_data, preflight_notes
from cleveragents.cli.views.store_list import book_data
from cleveragents.domain.duration import format_duration

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cleveragents.domain.store_catalogue import CheckedStore

_NEEDS_A_LOOK = 6
_NAMED = 20


def checked(store: CheckedStore) -> Answer:
    notes = (*_notes(store), *preflight_notes(store.inspected.hazards))
    unreadable = len(store.found.unreadable)
    return Answer(
        data=_data(store),
        draw=lambda rich: _drawn(store, rich=rich),
        notes=notes,
        status="warn" if notes else "ok",
        exit_code=_NEEDS_A_LOOK if unreadable else 0,
    )


def _data(store: CheckedStore) -> dict[str, Any]:
    recognised, found = store.recognised, store.found
    return {
        "store": f"{store.kind.name}:{store.location}",
        "kind": store.kind.name,
        "title": store.kind.title,
        "package": store.kind.package,
        "version": store.kind.version,
        "recognised": True,
        "layout": recognised.layout,
        "schema_version": recognised.schema_version,
        "last_accessed": recognised.last_accessed,
        "emptiness": recognised.emptiness,
        "orphans": recognised.orphans,
        "belongs": list(recognised.belongs),
        "left_alone": list(recognised.left_alone),
        "protection": recognised.protected,
        "least_age": format_duration(recognised.least_age) if recognised.least_age else None,
        "unasked": list(store.unasked),
        "advice": list(recognised.advice),
        "thresholds": {name: format_duration(value) for name, value in _thresholds(store)},
        "sessions": found.scanned,
        "undated": found.kept.undated,
        "unreadable": [{"name": each.name, "why": each.why} for each in found.unreadable],
        "candidates": found.candidates,
        "by_reason": {reason.value: count for reason, count in found.by_reason.items()},
        "protected": {protection.value: count for protection, count in found.protected.items()},
        "dangling_messages": found.dangling_messages,
        "dangling_bytes": found.dangling_bytes,
        "size_bytes": store.inspected.size_bytes,
        "preflight": preflight_data(store.inspected.hazards),
        "hanging_tables": list(store.hanging_tables),
        "book": book_data(store.book),
    }


def _thresholds(store: CheckedStore) -> Iterator[tuple[str, Any]]:
    policy = store.policy
    yield "stale_after", policy.stale_after
    yield "empty_after", policy.empty_after
    yield "orphaned_after", policy.orphaned_after


def _drawn(store: CheckedStore, *, rich: bool) -> Iterator[RenderableType]:
    yield sentence(f"{store.kind.name}:{store.location} can be cleaned.", "bold" if rich else "")
    yield facts(_how(store))
    yield sentence("")
    yield facts(_what(store))


def _how(store: CheckedStore) -> Iterator[tuple[str, str]]:
    recognised = store.recognised
    least = recognised.least_age
    yield "Recognised as", recognised.layout
    yield "Schema version", or_dash(recognised.schema_version)
    yield "Last accessed", recognised.last_accessed
    yield "Empty", recognised.emptiness
    yield "Orphaned", recognised.orphans
    yield "Protected", or_dash(recognised.protected)
    yield "Goes with a session", ", ".join(recognised.belongs)
    yield "Left alone", ", ".join(recognised.left_alone) or "-"
    yield "Least age", f"{format_duration(least)}: its clock is uncertain" if least else "-"
    yield "Only when asked for", ", ".join(store.unasked) or "-"
    yield "Tables that hang on it", ", ".join(store.hanging_tables) or "-"
    book = store.book
    runs = "unknown runs" if book.runs is None else counted(book.runs, "run")
    yield "Book", f"{book.location} ({runs if book.is_there else 'none yet'})"
    yield "Archives", book.archive_folder


def _what(store: CheckedStore) -> Iterator[tuple[str, str]]:
    found = store.found
    thresholds = ", ".join(
        f"{name.replace('_', ' ')} {format_duration(value)}" for name, value in _thresholds(store)
    )
    yield "Sessions", f"{found.scanned:,} ({bytes_shown(store.inspected.size_bytes)} in all)"
    yield "Of unknown age", f"{found.kept.undated:,} (always kept)"
    yield "Candidates", f"{found.candidates:,} ({thresholds})"
    protected = [f"{protection.value} {count:,}" for protection, count in found.protected.items() if count]
    yield "Protected now", ", ".join(protected) or "none"
    yield "Dangling messages", f"{found.dangling_messages:,}"
    yield "Unreadable", f"{len(found.unreadable):,}"


def _notes(store: CheckedStore) -> Iterator[Note]:
    for each in store.recognised.advice:
        yield Note(shown(each), "warn")
    for unreadable in store.found.unreadable[:_NAMED]:
        yield Note(shown(f"{unreadable.name} was left as it is: {unreadable.why}"), "warn")
    if len(store.found.unreadable) > _NAMED:
        yield Note(f"And {len(store.found.unreadable) - _NAMED:,} more.", "warn")
    if store.hanging_tables:
        tables = ", ".join(store.hanging_tables)
        yield Note(shown(f"A purge is refused unless unarchived_tables names: {tables}."), "warn")
