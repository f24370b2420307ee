"""The settings there are, with their defaults."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from cleveragents.domain.adaptive import USUAL
from cleveragents.domain.safeguards import Mode
from cleveragents.settings.values import (
    AbsolutePath,
    Address,
    Count,
    Duration,
    DurationOrAuto,
    DurationOrNone,
    MetricsFile,
    Names,
    Port,
    PurgeLimit,
    Rate,
    ReturnRate,
    ShortDuration,
    StoreName,
    StoreNames,
    TimeOfDay,
)

PREFIX = "CLEVERAGENTS_"
TABLES = ("database", "cleanup", "sweep", "log")


def default_database_url() -> str:
    return f"sqlite:///{user_data_path('cleveragents', appauthor=False) / 'sessions.db'}"


class Settings(BaseSettings):
    """Every setting, under its name in the environment; in files `cleanup_x` is `x` in `[cleanup]`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", validate_default=False)

    database_url: str = Field(default_factory=default_database_url)
    database_busy_timeout: Duration = timedelta(seconds=5)
    database_secure_delete: bool = False
    format: Literal["rich", "plain", "json", "yaml"] | None = None
    log_format: Literal["text", "json"] = "text"
    cleanup_enabled: bool = True
    cleanup_stale_after: DurationOrAuto = timedelta(days=30)
    cleanup_auto_least: Duration = USUAL.least
    cleanup_auto_most: Duration = USUAL.most
    cleanup_return_rate: ReturnRate = USUAL.return_rate
    cleanup_empty_after: Duration = timedelta(minutes=30)
    cleanup_orphaned_after: Duration = timedelta(hours=24)
    cleanup_keep_last: Count | None = None
    cleanup_mode: Mode = Mode.PURGE
    cleanup_max_purge: PurgeLimit | None = None
    cleanup_archive: bool = True
    cleanup_archive_folder: AbsolutePath | None = None
    cleanup_archive_retention: Duration = timedelta(days=90)
    cleanup_unarchived_tables: Names = ()
    cleanup_plan_max_age: Duration = timedelta(days=7)
    cleanup_max_lock: ShortDuration | None = None
    cleanup_chunk: Count | None = None
    cleanup_pause: ShortDuration | None = None
    cleanup_rate: Rate | None = None
    cleanup_give_back: bool = True
    cleanup_store: StoreName | None = None
    cleanup_store_books: AbsolutePath | None = None
    stores: StoreNames = Field(default_factory=dict)
    sweep_every: Duration = timedelta(hours=24)
    sweep_at: TimeOfDay | None = None
    sweep_jitter: DurationOrNone = timedelta(minutes=10)
    sweep_grace: DurationOrNone = timedelta(seconds=5)
    sweep_lease: Duration = timedelta(minutes=1)
    sweep_stop_file: AbsolutePath | None = None
    sweep_metrics_port: Port | None = None
    sweep_metrics_address: Address = "127.0.0.1"
    sweep_metrics_file: MetricsFile | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what `load_settings` layered: pydantic's own sources do not say where a value stood."""
        return (init_settings,)
