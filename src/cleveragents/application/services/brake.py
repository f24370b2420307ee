"""What stops a purge, or would."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import datetime

from cleveragents.application.services.preflight import Preflight
from cleveragents.application.services.run_recorder import RunRecorder
from cleveragents.domain.brakes import refusal
from cleveragents.domain.errors import ReadOnlyDatabaseError
from cleveragents.domain.plan import Plan
from cleveragents.domain.report import CleanupReport, Outcome
from cleveragents.domain.safeguards import Mode, Safeguards


class Brake:
    def __init__(self, recorder: RunRecorder, safeguards: Safeguards, preflight: Preflight) -> None:
        self._recorder = recorder
        self._safeguards = safeguards
        self._preflight = preflight

    @property
    def allows_only_reports(self) -> bool:
        return not self._safeguards.enabled or self._safeguards.mode is Mode.REPORT

    def hold(self, report: CleanupReport, *, ignore_clock: bool, at_once: int | None = None) -> CleanupReport:
        """The report with what stands in the purge's way.

        Raises PurgeRefusedError where what the report found may not be purged, or does not fit on the
        disk: `at_once` is how many sessions go in one transaction, None means all.
        """
        safeguards = replace(self._safeguards, ignore_clock=ignore_clock)
        past = self._recorder.circumstances()
        if error := refusal(report.found, safeguards, past):
            raise error
        hazards, short = self._preflight.look(report, at_once=at_once)
        if short is not None:
            raise short
        return replace(report, preflight=(*hazards, *self._preflight.cascades(past)))

    def preview(self, report: CleanupReport, *, at_once: int | None = None) -> CleanupReport:
        """The report, saying whether the purge would be refused, and what stands in its way."""
        hazards, short = self._preflight.look(report, at_once=at_once)
        try:
            past = self._recorder.circumstances()
        except ReadOnlyDatabaseError:  # whoever may look at sessions only, may look
            return replace(report, preflight=hazards)
        report = replace(report, preflight=(*hazards, *self._preflight.cascades(past)))
        error = refusal(report.found, self._safeguards, past) or short
        if error is None:
            return report
        remedy = f" {shlex.join(error.remedy)} would allow it." if error.remedy else ""
        return replace(report, held_back=f"{error.message}{remedy}")

    def only_report(self, report: CleanupReport, *, at_once: int | None = None) -> CleanupReport:
        outcome = Outcome.REPORTED if self._safeguards.enabled else Outcome.DISABLED
        return replace(self.preview(report, at_once=at_once), outcome=outcome)

    def check(self, plan: Plan, now: datetime) -> None:
        """Raise PlanRefusedError for a plan that is too old, or another database's."""
        plan.require_fresh(now, self._safeguards.plan_max_age)
        plan.require_database(self._recorder.fingerprint())
