"""The product as its users run it: the real container, with a clock that goes where it is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from dependency_injector import providers
from scenes import Scene

from cleveragents.application.services.ledger_service import Log
from cleveragents.container import Container
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.restored import RestoreReport
from cleveragents.domain.retention import RetentionPolicy

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
POLICY = RetentionPolicy()


@dataclass(slots=True)
class Clock:
    moment: datetime = NOW

    def now(self) -> datetime:
        return self.moment


@dataclass(slots=True)
class Operator:
    """Whoever runs commands on one scene, at one moment after another."""

    scene: Scene
    clock: Clock = field(default_factory=Clock)
    busy_timeout: timedelta = timedelta(seconds=5)
    _made: dict[str, Container] = field(default_factory=dict)

    @contextmanager
    def container(self, **settings: Any) -> Iterator[Container]:
        """A container without open connections, before and after; it is made once, which saves much time."""
        key = repr(settings)
        if key not in self._made:
            self._made[key] = self._container(settings)
        made = self._made[key]
        try:
            yield made
        finally:
            made.store().close()

    def at(self, moment: datetime) -> Self:
        self.clock.moment = moment
        return self

    def purge(
        self, policy: RetentionPolicy = POLICY, *, ignore_clock: bool = False, **settings: Any
    ) -> CleanupReport:
        with self.container(**settings) as made:
            return made.cleanup_service().purge(policy, listed=None, ignore_clock=ignore_clock)

    def rehearse(self) -> CleanupReport:
        with self.container() as made:
            return made.cleanup_service().rehearse(POLICY)

    def restore(self, run_id: str, session_ids: Sequence[str] = ()) -> RestoreReport:
        with self.container() as made:
            return made.restore_service().restore(run_id, session_ids=session_ids, dry_run=False)

    def verified_log(self) -> Log:
        with self.container() as made:
            return made.ledger_service().verified_log(None)

    def log(self) -> Log:
        with self.container() as made:
            return made.ledger_service().log(None)

    def _container(self, settings: dict[str, Any]) -> Container:
        made = Container()
        flags = {
            "database_url": self.scene.url,
            "database_busy_timeout": self.busy_timeout,
            "cleanup_archive_folder": str(self.scene.archives),
            **settings,
        }
        made.flags.override(providers.Object(flags))
        made.clock.override(providers.Object(self.clock))
        return made
