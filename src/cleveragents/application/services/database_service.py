"""The database's schema and health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cleveragents.domain.ports import CounterMismatch, Schema, SchemaStatus

_MISMATCHES_NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """What a full check found; `mended` counts the rows set right where that was asked for."""

    status: SchemaStatus
    problems: Sequence[str]
    counter_mismatches: Sequence[CounterMismatch]
    dangling_messages: int
    mended: int | None = None

    @property
    def is_healthy(self) -> bool:
        return not (self.problems or self.counter_mismatches or self.dangling_messages)


class DatabaseService:
    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    def current(self) -> SchemaStatus:
        return self._schema.status()

    def upgrade(self) -> tuple[SchemaStatus, SchemaStatus]:
        """Migrate to the schema of this version; returns the status before and after."""
        return self._schema.upgrade(), self._schema.status()

    def check(self, *, mend: bool = False) -> HealthReport:
        """Read the whole database and compare what it holds with what it says it holds.

        With `mend`, counters are set to what the messages say, and dangling messages are recorded so
        that the next cleanup removes them. No message is changed or removed by this.
        """
        self._schema.require_current()
        mended = self._schema.mend() if mend else None
        return HealthReport(
            status=self._schema.status(),
            problems=self._schema.integrity_problems(),
            counter_mismatches=self._schema.counter_mismatches(_MISMATCHES_NAMED),
            dangling_messages=self._schema.unrecorded_dangling_messages(),
            mended=mended,
        )
