"""Saving what a scan found, to be purged later, and reading it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cleveragents.application.services.cleanup_service import CleanupService
from cleveragents.application.services.run_recorder import RunRecorder
from cleveragents.domain.errors import UsageError
from cleveragents.domain.plan import Plan, PlanHead, write_plan
from cleveragents.domain.ports import Clock, Files, SessionStore
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.retention import RetentionPolicy


class PlanService:
    def __init__(
        self, store: SessionStore, clock: Clock, files: Files, cleanup: CleanupService, recorder: RunRecorder
    ) -> None:
        self._store = store
        self._clock = clock
        self._files = files
        self._cleanup = cleanup
        self._recorder = recorder

    def save(self, policy: RetentionPolicy, path: Path) -> CleanupReport:
        """Scan, and write every candidate to a plan; raises FileUnwritableError."""
        if self._store.owns(path):
            raise UsageError(f"{str(path)!r} is the database itself; a plan would replace it.")
        self._store.make_ready()
        report = self._cleanup.scan(policy, listed=None)
        head = PlanHead(
            created_at=report.as_of,
            fingerprint=self._recorder.fingerprint(),
            policy=policy,
            candidates=report.found.candidates,
        )
        self._files.write_whole(path, write_plan(head, report.found, report.found.sessions))
        return report

    @contextmanager
    def opened(self, path: Path) -> Iterator[Plan]:
        """A plan to be applied; raises FileMissingError, FileUnreadableError or PlanRefusedError."""
        now = self._clock.now()
        with self._files.lines_of(path) as lines:
            with self._recorder.recording_failures(now, self._recorder.new_id(now)):
                plan = Plan(lines)
            yield plan
