"""Each value in force, where it came from, and what it does now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rich.text import Text

from cleveragents.cli.answer import Answer, Note
from cleveragents.cli.text import counted, shown
from cleveragents.cli.views.layout import facts, sentence, table
from cleveragents.cli.views.threshold import threshold_data, threshold_notes
from cleveragents.domain.policy_document import policy_document
from cleveragents.domain.policy_review import Effect, EffectiveValue, PolicyReview

if TYPE_CHECKING:
    from rich.console import RenderableType

_FLAGS = {
    "only": "--only",
    "actors": "--actor",
    "sources": "--source",
    "namespaces": "--namespace",
    "names": "--name",
}
_NOT_SET = {
    "keep_last": "none",
    "max_purge": "over half, if over 1,000",
    "max_lock": "as long as it takes",
    "chunk": "all in one",
    "pause": "none",
    "rate": "none",
}


def reviewed(review: PolicyReview) -> Answer:
    notes = _notes(review)
    found = review.found
    return Answer(
        data={
            "as_of": review.as_of,
            "database_missing": review.database_missing,
            "scanned": found.scanned,
            "candidates": found.candidates,
            "kept": {
                "protected": found.kept.protected,
                "recent": found.kept.recent,
                "filtered": found.kept.filtered,
            },
            "protected": {protection.value: number for protection, number in found.protected.items()},
            "values": [_record(value) for value in review.values],
            "policy": policy_document(review.policy),
            "auto_threshold": threshold_data(review.policy),
        },
        draw=lambda rich: _drawn(review, rich=rich),
        status="warn" if any(note.level == "warn" for note in notes) else "ok",
        notes=notes,
    )


def _record(value: EffectiveValue) -> dict[str, Any]:
    plain = list(value.value) if isinstance(value.value, tuple) else value.value
    return {"name": value.name, "value": plain, "source": _source(value), "effect": dict(value.effect)}


def _source(value: EffectiveValue) -> str:
    return value.place or _FLAGS[value.name]


def _drawn(review: PolicyReview, *, rich: bool) -> Iterator[RenderableType]:
    drawn = table(("Setting", ("Value", "shrinks"), ("From", "shrinks"), ("Now", "shrinks")), (), rich=rich)
    for value in review.values:
        cells = (value.name, _value_shown(value), _source(value), _effect_shown(value.effect))
        drawn.add_row(*(Text(shown(cell), overflow="fold") for cell in cells))
    yield drawn
    yield sentence("")
    found = review.found
    are = "is" if found.candidates == 1 else "are"
    yield sentence(
        f"{counted(found.candidates, 'session')} of {found.scanned:,} {are} selected now.",
        "bold" if rich else "",
    )
    yield facts((("Kept", _parts(_kept(review))), ("Protected", _parts(_protected(review)))))


def _value_shown(value: EffectiveValue) -> str:
    match value.value:
        case None:
            return _NOT_SET[value.name]
        case bool():
            return "yes" if value.value else "no"
        case tuple():
            return ", ".join(value.value)
        case _:
            return str(value.value)


def _effect_shown(effect: Effect) -> str:
    return ", ".join(said for name, amount in effect.items() if (said := _said(name, amount)))


def _said(name: str, amount: int | bool) -> str:  # noqa: FBT001 - an effect is a number or a yes or no
    match name:
        case "deletes":
            return "a purge deletes" if amount else "nothing is deleted"
        case "refuses_now":
            return "a purge is refused" if amount else ""
        case "dangling_messages":
            return counted(amount, "dangling message") if amount else ""
        case "allows":
            return f"allows {counted(amount, 'session')}"
        case _:
            return f"{name} {counted(amount, 'session')}"


def _kept(review: PolicyReview) -> Mapping[str, int]:
    kept = review.found.kept
    return {
        "used recently": kept.recent,
        "protected": kept.protected,
        "outside the filters": kept.filtered,
    }


def _protected(review: PolicyReview) -> Mapping[str, int]:
    return {protection.value: number for protection, number in review.found.protected.items()}


def _parts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {what}" for what, number in counts.items() if number) or "0"


def _notes(review: PolicyReview) -> tuple[Note, ...]:
    notes = [*threshold_notes(review.policy)]
    notes += [Note(concern.text, "warn" if concern.is_warning else "info") for concern in review.concerns]
    if review.database_missing:
        notes.append(
            Note("There is no database yet, so there was nothing to look at; none was created.", "warn")
        )
    return tuple(notes)
