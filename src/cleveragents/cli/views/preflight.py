"""What stands in a purge's way, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cleveragents.cli.answer import Note
from cleveragents.cli.text import shown
from cleveragents.domain.preflight import Hazard


def preflight_data(hazards: Iterable[Hazard]) -> list[dict[str, str]]:
    return [
        {"code": hazard.code.value, "message": hazard.message, "mend": hazard.mend, "cost": hazard.cost}
        for hazard in hazards
    ]


def preflight_notes(hazards: Iterable[Hazard]) -> Iterator[Note]:
    for hazard in hazards:
        yield Note(shown(f"{hazard.message} {hazard.cost} To mend it: {hazard.mend}"), "warn")
