"""The composition root: settings, then gateways, then services. Nothing else wires anything."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from dependency_injector import containers, providers
from platformdirs import user_data_path

from cleveragents.application.services.archive_keeper import ArchiveKeeper
from cleveragents.application.services.brake import Brake
from cleveragents.application.services.chunked_purge import Wait
from cleveragents.application.services.cleanup_service import CleanupService
from cleveragents.application.services.database_service import DatabaseService
from cleveragents.application.services.ledger_service import LedgerService
from cleveragents.application.services.plan_service import PlanService
from cleveragents.application.services.policy_service import PolicyService
from cleveragents.application.services.preflight import Preflight
from cleveragents.application.services.restore_service import RestoreService
from cleveragents.application.services.run_recorder import RunRecorder
from cleveragents.application.services.session_service import SessionService
from cleveragents.application.services.space_giver import SpaceGiver
from cleveragents.domain.adaptive import AutoThreshold
from cleveragents.domain.pace import Pace
from cleveragents.domain.ports import Clock, Inspection
from cleveragents.domain.ports.adapters import StoreKind
from cleveragents.domain.progress import UNWATCHED, Progress
from cleveragents.domain.retention import Reason, RetentionPolicy
from cleveragents.domain.run import StartedFrom
from cleveragents.domain.safeguards import Safeguards
from cleveragents.infrastructure.archive.folder import ArchiveFolder
from cleveragents.infrastructure.clock import SystemClock
from cleveragents.infrastructure.database.engine import ConnectionOptions
from cleveragents.infrastructure.database.inspecting import SqlInspection
from cleveragents.infrastructure.database.maintenance import SqlSchema
from cleveragents.infrastructure.database.store import SqlSessionStore
from cleveragents.infrastructure.database.vacuuming import SqlVacuum
from cleveragents.infrastructure.disk import LocalDisk
from cleveragents.infrastructure.files import LocalFiles
from cleveragents.infrastructure.ids import UlidFactory
from cleveragents.infrastructure.origin import origin
from cleveragents.settings.fields import Settings
from cleveragents.settings.loading import load_settings

FOREIGN_EMPTY_AFTER = timedelta(hours=24)
"""Unless it is set: other systems make a session long before they write its first message."""

if TYPE_CHECKING:
    from cleveragents.application.services.coordination import Coordination
    from cleveragents.application.services.demo_service import DemoService
    from cleveragents.application.services.expiry_service import ExpiryService
    from cleveragents.application.services.expiry_warner import ExpiryWarner
    from cleveragents.application.services.forecast_service import ForecastService
    from cleveragents.application.services.store_catalogue import StoreCatalogue
    from cleveragents.application.services.threshold_service import ThresholdService
    from cleveragents.application.services.transfer_service import TransferService
    from cleveragents.application.services.vacuum_service import VacuumService
    from cleveragents.infrastructure.stores.adapted_store import AdaptedStore
    from cleveragents.infrastructure.stores.opening import Opening


def _store(settings: Settings) -> Iterator[SqlSessionStore]:
    with closing(SqlSessionStore(settings.database_url, _connection_options(settings))) as store:
        yield store


def _connection_options(settings: Settings) -> ConnectionOptions:
    return ConnectionOptions(
        busy_timeout=settings.database_busy_timeout, secure_delete=settings.database_secure_delete
    )


def _opening(settings: Settings, kinds: Mapping[str, StoreKind], clock: Clock) -> Opening:
    # Late: few programs clean another one's store.
    from cleveragents.infrastructure.stores.kinds import Kinds
    from cleveragents.infrastructure.stores.opening import Opening

    return Opening(
        Kinds(settings.database_url, kinds),
        settings.stores,
        books=_books(settings),
        clock=clock,
        options=_connection_options(settings),
    )


def _store_to_clean(
    settings: Settings, own: Callable[[], SqlSessionStore], opening: Callable[[], Opening]
) -> Iterator[SqlSessionStore | AdaptedStore]:
    """The store that cleanups are about: our own, or the one that was asked for."""
    if settings.cleanup_store is None:
        yield own()
        return
    with opening().opened(settings.cleanup_store) as store:
        yield store


def _store_catalogue(
    settings: Settings, opening: Opening, pinned_after: timedelta, clock: Clock
) -> StoreCatalogue:
    from cleveragents.application.services.store_catalogue import StoreCatalogue
    from cleveragents.infrastructure.stores.catalogue import InstalledStores

    stores = InstalledStores(
        opening,
        inspection_of=partial(_inspection, pinned_after=pinned_after),
        archives_of=partial(_archive_folder, settings),
    )
    return StoreCatalogue(stores, clock)


def _books(settings: Settings) -> Path:
    return settings.cleanup_store_books or user_data_path("cleveragents", appauthor=False) / "stores"


def _inspection(store: SqlSessionStore | AdaptedStore, pinned_after: timedelta) -> Inspection:
    return SqlInspection(store, pinned_after) if isinstance(store, SqlSessionStore) else store.adapter


def _size_of_store(store: SqlSessionStore | AdaptedStore) -> int:
    if isinstance(store, SqlSessionStore):
        return SqlVacuum(store).look().size_bytes
    return store.adapter.inspect().size_bytes


def _demo_store() -> Iterator[SqlSessionStore]:
    """A database in a new folder for each demo, which stays for a look around; no other is ever touched."""
    folder = mkdtemp(prefix="cleveragents-demo-")
    with closing(SqlSessionStore(f"sqlite:///{folder}/sessions.db", ConnectionOptions())) as store:
        yield store


def _policy(
    settings: Settings,
    places: Mapping[str, str],
    opening: Callable[[], Opening],
    thresholds: Callable[[], ThresholdService] | None,
) -> RetentionPolicy:
    """The policy that the settings make; a threshold that is to be worked out is, here and once."""
    stale_after, choice = settings.cleanup_stale_after, None
    if not isinstance(stale_after, timedelta):
        stale_after = settings.cleanup_auto_most
        if thresholds is not None:
            choice = thresholds().choose(_auto_threshold(settings))
            stale_after = choice.stale_after
    empty_after, reasons = settings.cleanup_empty_after, frozenset(Reason)
    if settings.cleanup_store is not None:
        meant = opening().meant(settings.cleanup_store)
        reasons -= set(meant.kind.unasked)
        if places["cleanup_empty_after"] == "default" and not meant.is_own:
            empty_after = FOREIGN_EMPTY_AFTER
    return RetentionPolicy(
        stale_after=stale_after,
        choice=choice,
        reasons=reasons,
        empty_after=empty_after,
        orphaned_after=settings.cleanup_orphaned_after,
        keep_last=settings.cleanup_keep_last,
    )


def _auto_threshold(settings: Settings) -> AutoThreshold:
    return AutoThreshold(
        least=settings.cleanup_auto_least,
        most=settings.cleanup_auto_most,
        return_rate=settings.cleanup_return_rate,
    )


def safeguards_of(settings: Settings) -> Safeguards:
    return Safeguards(
        enabled=settings.cleanup_enabled,
        mode=settings.cleanup_mode,
        max_purge=settings.cleanup_max_purge,
        archive=settings.cleanup_archive,
        archive_retention=settings.cleanup_archive_retention,
        unarchived_tables=settings.cleanup_unarchived_tables,
        plan_max_age=settings.cleanup_plan_max_age,
        give_back=settings.cleanup_give_back,
    )


def pace_of(settings: Settings, store: SqlSessionStore | AdaptedStore) -> Pace:
    longest = None if isinstance(store, SqlSessionStore) else store.adapter.longest_lock
    return Pace(
        chunk=settings.cleanup_chunk,
        max_lock=settings.cleanup_max_lock or longest,
        pause=settings.cleanup_pause,
        rate=settings.cleanup_rate,
    )


def _archive_folder(settings: Settings, store: SqlSessionStore | AdaptedStore) -> Path:
    return settings.cleanup_archive_folder or _archives_beside(store)


def _archives_beside(store: SqlSessionStore | AdaptedStore) -> Path:
    """A folder beside an embedded database, or the user's own for those of servers."""
    if store.url.get_backend_name() == "sqlite":
        return Path(f"{store.url.database}.archives")
    # By name: the copies of a server's database that share a folder would meet each other's archives.
    return user_data_path("cleveragents", appauthor=False) / "archives" / (store.url.database or "postgres")


# Imported late: few programs need these, and every command loads this module.


def _coordination(**parts: Any) -> Coordination:
    from cleveragents.application.services.coordination import Coordination

    return Coordination(**parts)


def _expiry_service(**parts: Any) -> ExpiryService:
    from cleveragents.application.services.expiry_service import ExpiryService

    return ExpiryService(**parts)


def _expiry_warner(**parts: Any) -> ExpiryWarner:
    from cleveragents.application.services.expiry_warner import ExpiryWarner

    return ExpiryWarner(**parts)


def _threshold_service(**parts: Any) -> ThresholdService:
    from cleveragents.application.services.threshold_service import ThresholdService

    return ThresholdService(**parts)


def _demo_service(**parts: Any) -> DemoService:
    from cleveragents.application.services.demo_service import DemoService

    return DemoService(**parts)


def _forecast_service(**parts: Any) -> ForecastService:
    from cleveragents.application.services.forecast_service import ForecastService

    return ForecastService(**parts)


def _vacuum_service(**parts: Any) -> VacuumService:
    from cleveragents.application.services.vacuum_service import VacuumService

    return VacuumService(**parts)


def _transfer_service(**parts: Any) -> TransferService:
    from cleveragents.application.services.transfer_service import TransferService

    return TransferService(**parts)


class Container(containers.DeclarativeContainer):
    """Override providers on an instance, never on the class: class overrides leak into later containers."""

    flags: providers.Provider[Mapping[str, Any]] = providers.Object({})
    loaded_settings = providers.Singleton(load_settings, flags=flags)
    settings = loaded_settings.provided.settings

    clock = providers.Singleton(SystemClock)
    ids = providers.Singleton(UlidFactory)
    files = providers.Singleton(LocalFiles)
    disk = providers.Singleton(LocalDisk)
    own_store = providers.Resource(_store, settings)
    store_kinds: providers.Provider[Mapping[str, StoreKind]] = providers.Object({})
    """Kinds of store that a program adds, by name, beside those that installed packages bring."""
    opening = providers.Factory(_opening, settings, store_kinds, clock)
    store = providers.Resource(_store_to_clean, settings, own_store.provider, opening.provider)
    schema = providers.Factory(SqlSchema, own_store)

    threshold_service = providers.Factory(_threshold_service, store=store, clock=clock)
    places = loaded_settings.provided.places
    policy = providers.Factory(_policy, settings, places, opening.provider, threshold_service.provider)
    # For those who select nothing by it: they need not read the sessions' history for a stale threshold.
    policy_without_history = providers.Factory(_policy, settings, places, opening.provider, None)
    safeguards = providers.Factory(safeguards_of, settings)
    pace = providers.Factory(pace_of, settings, store)
    wait: providers.Provider[Wait] = providers.Object(time.sleep)
    progress: providers.Provider[Progress] = providers.Object(UNWATCHED)
    archive_folder = providers.Factory(_archive_folder, settings, store)
    archives = providers.Factory(ArchiveFolder, archive_folder)
    started_from: providers.Provider[StartedFrom] = providers.Object(StartedFrom.API)
    recorder = providers.Factory(
        RunRecorder, store=store, clock=clock, ids=ids, origin=providers.Factory(origin, started_from)
    )
    keeper = providers.Factory(
        ArchiveKeeper, store=store, archives=archives, recorder=recorder, safeguards=safeguards
    )
    pinned_after = providers.Object(timedelta(minutes=5))
    preflight = providers.Factory(
        Preflight,
        inspection=providers.Callable(_inspection, store, pinned_after),
        disk=disk,
        archive_folder=archive_folder,
        safeguards=safeguards,
    )
    cleanup_service = providers.Factory(
        CleanupService,
        store=store,
        clock=clock,
        keeper=keeper,
        recorder=recorder,
        brake=providers.Factory(Brake, recorder=recorder, safeguards=safeguards, preflight=preflight),
        space=providers.Factory(SpaceGiver, safeguards),
        pace=pace,
        wait=wait,
        progress=progress,
    )
    restore_service = providers.Factory(
        RestoreService,
        store=store,
        clock=clock,
        archives=archives,
        recorder=recorder,
        safeguards=safeguards,
        progress=progress,
    )
    ledger_service = providers.Factory(LedgerService, store=store, archives=archives)
    plan_service = providers.Factory(
        PlanService, store=store, clock=clock, files=files, cleanup=cleanup_service, recorder=recorder
    )
    forecast_service = providers.Factory(_forecast_service, store=store, clock=clock)
    policy_service = providers.Factory(
        PolicyService,
        store=store,
        clock=clock,
        recorder=recorder,
        safeguards=safeguards,
        pace=pace,
        places=loaded_settings.provided.places,
        archive_folder=archive_folder,
    )
    store_catalogue = providers.Factory(_store_catalogue, settings, opening, pinned_after, clock)
    session_service = providers.Factory(SessionService, store=own_store, clock=clock, ids=ids)
    expiry_service = providers.Factory(_expiry_service, store=own_store)
    expiry_warner = providers.Factory(_expiry_warner, store=store, clock=clock, ids=ids)
    coordination = providers.Factory(
        _coordination,
        store=store,
        clock=clock,
        sessions=session_service,
        cleanup=cleanup_service,
        policy=policy_without_history,
    )
    transfer_service = providers.Factory(
        _transfer_service, store=own_store, clock=clock, ids=ids, files=files
    )
    database_service = providers.Factory(DatabaseService, schema=schema)
    vacuum = providers.Factory(SqlVacuum, own_store)
    size_of_store = providers.Callable(_size_of_store, store)
    vacuum_service = providers.Factory(
        _vacuum_service,
        store=own_store,
        schema=schema,
        vacuum=vacuum,
        disk=disk,
        clock=clock,
        progress=progress,
    )

    demo_store = providers.Resource(_demo_store)
    demo_safeguards = providers.Factory(Safeguards)
    demo_recorder = providers.Factory(
        RunRecorder, store=demo_store, clock=clock, ids=ids, origin=providers.Factory(origin, started_from)
    )
    demo_keeper = providers.Factory(
        ArchiveKeeper,
        store=demo_store,
        archives=providers.Factory(ArchiveFolder, providers.Factory(_archives_beside, demo_store)),
        recorder=demo_recorder,
        safeguards=demo_safeguards,
    )
    demo_service = providers.Factory(
        _demo_service,
        store=demo_store,
        clock=clock,
        cleanup=providers.Factory(
            CleanupService,
            store=demo_store,
            clock=clock,
            keeper=demo_keeper,
            recorder=demo_recorder,
            brake=providers.Factory(
                Brake,
                recorder=demo_recorder,
                safeguards=demo_safeguards,
                preflight=providers.Factory(
                    Preflight,
                    inspection=providers.Factory(SqlInspection, demo_store, pinned_after),
                    disk=disk,
                    archive_folder=providers.Factory(_archives_beside, demo_store),
                    safeguards=demo_safeguards,
                ),
            ),
            space=providers.Factory(SpaceGiver, demo_safeguards),
            pace=providers.Factory(Pace),
            wait=wait,
            progress=progress,
        ),
        sessions=providers.Factory(SessionService, store=demo_store, clock=clock, ids=ids),
    )
