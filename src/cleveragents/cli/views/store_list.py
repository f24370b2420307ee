"""The kinds of store that are installed, and the stores that are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cleveragents.cli.answer import Answer, Note
from cleveragents.cli.text import bytes_shown, counted, shown
from cleveragents.cli.views.layout import sentence, table

if TYPE_CHECKING:
    from rich.console import RenderableType

    from cleveragents.domain.errors import CleverAgentsError
    from cleveragents.domain.store_catalogue import Book, Catalogue, FoundStore, ListedKind

_NEEDS_A_LOOK = 6
_KINDS = ("Kind", "Title", ("Package", "shrinks"))
_STORES = (
    "Store",
    "Name",
    ("Layout", "shrinks"),
    ("Size", "right"),
    ("Runs", "right"),
    ("Book", "shrinks"),
)


def listed(catalogue: Catalogue) -> Answer:
    return Answer(
        data={
            "kinds": [_kind(each) for each in catalogue.kinds],
            "unknown": [_store(each) for each in catalogue.unknown],
        },
        draw=lambda rich: _drawn(catalogue, rich=rich),
        notes=tuple(_notes(catalogue)),
        status="warn" if catalogue.needs_a_look else "ok",
        exit_code=_NEEDS_A_LOOK if catalogue.needs_a_look else 0,
    )


def _kind(listed: ListedKind) -> dict[str, Any]:
    kind = listed.kind
    return {
        "kind": kind.name,
        "title": kind.title,
        "package": kind.package,
        "version": kind.version,
        "error": problem(kind.error),
        "stores": [_store(each) for each in listed.stores],
    }


def _store(store: FoundStore) -> dict[str, Any]:
    recognised = store.recognised
    return {
        "store": f"{store.kind}:{store.location}",
        "name": store.name,
        "found_in": store.found_in.value,
        "missing": store.is_missing,
        "recognised": recognised is not None,
        "layout": recognised.layout if recognised else None,
        "schema_version": recognised.schema_version if recognised else None,
        "size_bytes": store.size_bytes,
        "book": book_data(store.book) if store.book else None,
        "error": problem(store.error),
    }


def book_data(book: Book) -> dict[str, Any]:
    return {
        "location": book.location,
        "exists": book.is_there,
        "runs": book.runs,
        "archive_folder": book.archive_folder,
    }


def problem(error: CleverAgentsError | None) -> dict[str, Any] | None:
    if error is None:
        return None
    return {"code": error.code, "message": error.message, "suggestions": list(error.hints)}


def _drawn(catalogue: Catalogue, *, rich: bool) -> Iterator[RenderableType]:
    yield table(_KINDS, map(_kind_row, catalogue.kinds), rich=rich)
    yield sentence("")
    stores = [*(store for kind in catalogue.kinds for store in kind.stores), *catalogue.unknown]
    yield table(_STORES, map(_store_row, stores), rich=rich)
    yield sentence("")
    yield sentence("Look into one with agents store check, clean it with agents cleanup --store.")


def _kind_row(listed: ListedKind) -> tuple[str, ...]:
    kind = listed.kind
    package = f"{kind.package} {kind.version}".strip() or "-"
    return kind.name, "cannot be loaded" if kind.error and not kind.title else kind.title, package


def _store_row(store: FoundStore) -> tuple[str, ...]:
    book = store.book
    return (
        f"{store.kind}:{store.location}",
        store.name or "-",
        _layout(store),
        "-" if store.size_bytes is None else bytes_shown(store.size_bytes),
        "-" if book is None or book.runs is None else f"{book.runs:,}",
        "-" if book is None else book.location if book.is_there else "none yet",
    )


def _layout(store: FoundStore) -> str:
    if store.is_missing:
        return "nothing there"
    return store.recognised.layout if store.recognised else "not recognised"


def _notes(catalogue: Catalogue) -> Iterator[Note]:
    for listed in catalogue.kinds:
        if listed.kind.error is not None:
            yield _note(listed.kind.error.message)
        yield from (_told(store) for store in listed.stores if store.error is not None)
    yield from (_told(store) for store in catalogue.unknown)
    total = sum(1 for listed in catalogue.kinds for store in listed.stores if store.recognised)
    if total > 1:
        yield Note(f"{counted(total, 'store')} can be cleaned.")


def _told(store: FoundStore) -> Note:
    what = store.name or f"{store.kind}:{store.location}"
    return _note(f"{what}: {store.error.message if store.error else ''}")


def _note(text: str) -> Note:
    return Note(shown(text), "warn")
