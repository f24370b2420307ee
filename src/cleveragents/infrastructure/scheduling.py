"""A timer on a scheduler's thread."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread

from apscheduler.executors.base import BaseExecutor, run_job
from apscheduler.job import Job
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger

_ONLY_JOB = "look"
_LONGEST_WAIT = 60.0


class ScheduledTimer:
    """However late a call is, because the host slept or the thread was busy, it is made once.

    It is made as well where the host's clock was set back meanwhile. A call at work keeps no process from
    ending.
    """

    def __init__(self) -> None:
        self._scheduler: _Scheduler | None = None
        self._process = 0
        """Threads do not come along where a process forks."""

    def start(self, call: Callable[[], timedelta]) -> None:
        if self._scheduler is not None and self._process == os.getpid():
            return
        self._process = os.getpid()
        scheduler = self._scheduler = _Scheduler(
            timezone=UTC,
            executors={"default": _OwnThread()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

        def again() -> None:
            wait = call()
            if scheduler is self._scheduler:
                scheduler.plan(again, wait)

        scheduler.start()
        scheduler.plan(again, timedelta(0))

    def stop(self) -> None:
        scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            scheduler.shutdown(wait=False)


class _Scheduler(BackgroundScheduler):  # type: ignore[misc] # it has no types
    """Has one job, and knows by a clock that nobody sets when it is due."""

    _due = 0.0

    def plan(self, call: Callable[[], None], wait: timedelta) -> None:
        self._due = time.monotonic() + wait.total_seconds()
        moment = DateTrigger(datetime.now(UTC) + wait, UTC)
        self.add_job(call, moment, id=_ONLY_JOB, replace_existing=True)

    def _process_jobs(self) -> float:
        job, now = self.get_job(_ONLY_JOB), datetime.now(UTC)
        if job is not None and time.monotonic() >= self._due and job.next_run_time > now:
            self.modify_job(_ONLY_JOB, next_run_time=now)
        wait: float | None = super()._process_jobs()
        left = self._due - time.monotonic()
        longest = left if left > 0 else _LONGEST_WAIT
        return longest if wait is None else min(wait, longest)


class _OwnThread(BaseExecutor):  # type: ignore[misc] # it has no types
    """A thread for each call, which ends with the process, where a pool's would be waited for."""

    def _do_submit_job(self, job: Job, run_times: list[datetime]) -> None:
        Thread(target=self._call, args=(job, run_times), name="cleveragents-sweep", daemon=True).start()

    def _call(self, job: Job, run_times: list[datetime]) -> None:
        # It raises nothing that the job raises.
        self._run_job_success(job.id, run_job(job, None, run_times, self._logger.name))
