"""The composition of what sweeps: apart, so that no other command has to load it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from dependency_injector import containers, providers

from cleveragents.application.services.chunked_purge import Wait
from cleveragents.application.services.expiry_warner import USUAL_NOTICE, ExpiryWarner, Hook
from cleveragents.application.services.status_service import StatusService
from cleveragents.application.services.sweep_book import SweepBook
from cleveragents.application.services.sweep_observers import LastSeen, Observers, Tally
from cleveragents.application.services.sweep_plan import SweepPlan
from cleveragents.application.services.sweep_service import SweepService, Warn
from cleveragents.application.services.sweeper import Sweeper
from cleveragents.container import Container, pace_of, safeguards_of
from cleveragents.domain.errors import ExtraMissingError
from cleveragents.domain.pace import Pace
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.domain.run import StartedFrom
from cleveragents.domain.safeguards import Mode, Safeguards
from cleveragents.domain.schedule import Schedule
from cleveragents.infrastructure.database.store import SqlSessionStore
from cleveragents.infrastructure.origin import origin
from cleveragents.infrastructure.scheduling import ScheduledTimer
from cleveragents.settings.fields import Settings

if TYPE_CHECKING:
    from cleveragents.infrastructure.stores.adapted_store import AdaptedStore

_MAX_LOCK = timedelta(seconds=5)
_LEASE_OUTLASTS_LOCK = 3


def _safeguards(settings: Settings, places: Mapping[str, str]) -> Safeguards:
    """Nobody looks at what a sweep is about to do, so it deletes only where somebody said that it may."""
    safeguards = safeguards_of(settings)
    return replace(safeguards, mode=Mode.REPORT) if places["cleanup_mode"] == "default" else safeguards


def _pace(settings: Settings, store: SqlSessionStore | AdaptedStore) -> Pace:
    pace = pace_of(settings, store)
    return replace(pace, max_lock=pace.max_lock or _MAX_LOCK)


def _lease(settings: Settings, pace: Pace) -> timedelta:
    """Longer than any transaction: on SQLite nobody, not even its holder, can renew it meanwhile."""
    return max(settings.sweep_lease, _LEASE_OUTLASTS_LOCK * (pace.max_lock or timedelta(0)))


def _schedule(settings: Settings) -> Schedule:
    return Schedule(every=settings.sweep_every, at=settings.sweep_at, jitter=settings.sweep_jitter)


def _stop_file(settings: Settings, store: SqlSessionStore | AdaptedStore) -> Path | None:
    if settings.sweep_stop_file is not None:
        return settings.sweep_stop_file
    is_embedded = store.url.get_backend_name() == "sqlite"
    return Path(f"{store.url.database}.stop") if is_embedded else None


def _narrowed(policy: RetentionPolicy, narrowed_as: RetentionPolicy | None) -> RetentionPolicy:
    """The policy of the settings, with the classes and filters of another."""
    if narrowed_as is None:
        return policy
    return replace(
        policy,
        narrowed_to=narrowed_as.narrowed_to,
        reasons=narrowed_as.reasons,
        dangling=narrowed_as.dangling,
    )


def _exporting(
    settings: Settings,
    observers: Observers,
    status: Callable[[], StatusService],
    policy: Callable[[], RetentionPolicy],
    *,
    once: bool,
) -> AbstractContextManager[None]:
    """What shows metrics while sweeps go on; one sweep is over before anybody could look at a port."""
    port = None if once else settings.sweep_metrics_port
    if port is None and settings.sweep_metrics_file is None:
        return nullcontext()
    try:
        from cleveragents.infrastructure.metrics.exporting import MetricsExporter
    except ModuleNotFoundError as error:
        raise ExtraMissingError("Metrics", "metrics") from error
    exporter = MetricsExporter(
        lambda: status().status(policy()),
        port=port,
        address=settings.sweep_metrics_address,
        file=settings.sweep_metrics_file,
    )
    observers.add(exporter)
    return exporter.beside_one_sweep() if once else exporter.beside_watch()


def _warning(warner: Callable[[], ExpiryWarner], hook: Hook | None, notice: timedelta) -> Warn:
    def warn(policy: RetentionPolicy) -> None:
        if hook is not None:
            warner().warn(policy, hook, warn_before=notice)

    return warn


def _wait(store: SqlSessionStore | AdaptedStore) -> Wait:
    return store.wait


class SweepContainer(containers.DeclarativeContainer):
    """What sweeps, made of what `core` makes; `sweep_container_of` puts the two together."""

    core = providers.DependenciesContainer()
    narrowed_as: providers.Provider[RetentionPolicy | None] = providers.Object(None)

    on_expiring: providers.Provider[Hook | None] = providers.Object(None)
    warn_before = providers.Object(USUAL_NOTICE)

    settings = core.loaded_settings.provided.settings
    policy = providers.Factory(_narrowed, core.policy, narrowed_as)
    schedule = providers.Factory(_schedule, settings)
    stop_file = providers.Factory(_stop_file, settings, core.store)
    plan = providers.Factory(SweepPlan, schedule)
    book = providers.Factory(
        SweepBook,
        store=core.store,
        clock=core.clock,
        ids=core.ids,
        files=core.files,
        origin=providers.Factory(origin, StartedFrom.SWEEP),
        stop_file=stop_file,
    )
    lease = providers.Factory(_lease, settings, core.pace)
    service = providers.Factory(
        SweepService,
        book=book,
        plan=plan,
        cleanup=core.cleanup_service.provider,
        policy=policy.provider,
        pace=core.pace,
        lease=lease,
        warn=providers.Factory(_warning, core.expiry_warner.provider, on_expiring, warn_before),
    )
    tally = providers.Singleton(Tally)
    last = providers.Singleton(LastSeen)
    observer = providers.Singleton(Observers, providers.List(tally, last))
    timer = providers.Factory(ScheduledTimer)
    sweeper = providers.Factory(
        Sweeper,
        service=service,
        store=core.store,
        clock=core.clock,
        timer=timer,
        grace=settings.sweep_grace,
        observer=observer,
    )
    status_service = providers.Factory(
        StatusService,
        store=core.store,
        clock=core.clock,
        files=core.files,
        plan=plan,
        safeguards=core.safeguards,
        size=core.size_of_store.provider,
        stop_file=stop_file,
    )
    exporting = providers.Callable(_exporting, settings, observer, status_service.provider, policy.provider)


def sweep_container_of(container: Container, narrowed_as: RetentionPolicy | None = None) -> SweepContainer:
    """Let a container's cleanups act as sweeps do, and make what starts them.

    They stand in the ledger as sweeps, only report unless the settings name a mode, never hold the write
    lock for longer than five seconds unless the settings say so, and can be stopped while they wait.
    """
    settings, places = container.settings, container.loaded_settings.provided.places
    container.started_from.override(StartedFrom.SWEEP)
    container.wait.override(providers.Factory(_wait, container.store))
    container.safeguards.override(providers.Factory(_safeguards, settings, places))
    container.pace.override(providers.Factory(_pace, settings, container.store))
    return SweepContainer(core=container, narrowed_as=providers.Object(narrowed_as))
