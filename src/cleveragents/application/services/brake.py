"""What stops a purge, or would."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import datetime

from cleveragents.application.services.run_recorder import RunRecorder
from cleveragents.domain.brakes import refusal
from cleveragents.domain.errors import ReadOnlyDatabaseError
from cleveragents.domain.plan import Plan
from cleveragents.domain.report import CleanupReport, Outcome
from cleveragents.domain.safeguards import Mode, Safeguards


class Brake:
    def __init__(self, recorder: RunRecorder, safeguards: Safeguards) -> None:
        self._recorder = recorder
        self._safeguards = safeguards

    @property
    def allows_only_reports(self) -> bool:
        return not self._safeguards.enabled or self._safeguards.mode is Mode.REPORT

    def hold(self, report: CleanupReport, *, ignore_clock: bool) -> None:
        """Raise PurgeRefusedError where what the report found may not be purged."""
        safeguards = replace(self._safeguards, ignore_clock=ignore_clock)
        if error := refusal(report.found, safeguards, self._recorder.circumstances()):
            raise error

    def preview(self, report: CleanupReport) -> CleanupReport:
        """The report, saying whether the purge that it previews would be refused."""
        try:
            past = self._recorder.circumstances()
        except ReadOnlyDatabaseError:  # whoever may look at sessions only, may look
            return report
        error = refusal(report.found, self._safeguards, past)
        if error is None:
            return report
        return replace(report, held_back=f"{error.message} {shlex.join(error.remedy)} would allow it.")

    def only_report(self, report: CleanupReport) -> CleanupReport:
        outcome = Outcome.REPORTED if self._safeguards.enabled else Outcome.DISABLED
        return replace(self.preview(report), outcome=outcome)

    def check(self, plan: Plan, now: datetime) -> None:
        """Raise PlanRefusedError for a plan that is too old, or another database's."""
        plan.require_fresh(now, self._safeguards.plan_max_age)
        plan.require_database(self._recorder.fingerprint())
