"""How the sweeps of one database stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from cleveragents.application.services.sweep_plan import SweepPlan
from cleveragents.domain.ports import Clock, Files, SessionStore
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.domain.safeguards import Safeguards
from cleveragents.domain.sweep_status import SweepStatus

_RECENT = 20


class StatusService:
    def __init__(  # noqa: PLR0913 - what it looks at
        self,
        store: SessionStore,
        clock: Clock,
        files: Files,
        *,
        plan: SweepPlan,
        safeguards: Safeguards,
        size: Callable[[], int],
        stop_file: Path | None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._files = files
        self._plan = plan
        self._safeguards = safeguards
        self._size = size
        self._stop_file = stop_file

    def status(self, policy: RetentionPolicy) -> SweepStatus:
        """Look at the last sweeps and at what is eligible now; changes nothing."""
        now, missing = self._clock.now(), self._store.is_missing()
        is_stopped = self._stop_file is not None and self._files.is_there(self._stop_file)
        with self._store.looking() as look:
            found = look(policy, now, listed=0)
        with self._store.reading() as work:
            archives = work.ledger.archives()
            status = SweepStatus(
                database=self._store.displayed_url,
                as_of=now,
                policy=policy,
                safeguards=self._safeguards,
                schedule=self._plan.schedule,
                stop_file=str(self._stop_file) if is_stopped else None,
                turn=work.sweeps.turn(),
                past=work.sweeps.past(),
                last_success=work.sweeps.last_success(),
                last_failure=work.sweeps.last_failure(),
                recent=work.sweeps.newest(_RECENT),
                found=found,
                archives=len(archives),
                archives_bytes=sum(archive.file_bytes for archive in archives),
                database_bytes=0 if missing else self._size(),
                database_missing=missing,
            )
        if status.stop_file or status.turn.pause or missing:
            return status
        return replace(status, next_at=max(self._plan.due_for_anybody(status.past, now), now))
