"""A timer on a scheduler's thread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

_ONLY_JOB = "look"


class ScheduledTimer:
    """However late a call is, because the host slept or the thread was busy, it is made once."""

    def __init__(self) -> None:
        self._scheduler: BackgroundScheduler | None = None

    def start(self, call: Callable[[], timedelta]) -> None:
        if self._scheduler is not None:
            return
        scheduler = self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

        def again() -> None:
            wait = call()
            if scheduler is self._scheduler:
                plan(datetime.now(UTC) + wait)

        def plan(moment: datetime) -> None:
            scheduler.add_job(again, DateTrigger(moment, UTC), id=_ONLY_JOB, replace_existing=True)

        scheduler.start()
        plan(datetime.now(UTC))

    def stop(self) -> None:
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            scheduler.shutdown(wait=False)
