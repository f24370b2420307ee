"""What the sweeps of this process did, counted for Prometheus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from cleveragents.domain.report import CleanupReport, SkipReason
from cleveragents.domain.retention import Reason
from cleveragents.domain.sweep import Sweep, SweepOutcome

Series = tuple[str, frozenset[tuple[str, str]]]
"""One line of an export: its name and its labels."""

_DURATIONS = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400)
_LOCKS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_OUTCOMES = [outcome for outcome in SweepOutcome if outcome is not SweepOutcome.BEGUN]
_CREATED = "_created"


class CountedSweeps(Collector):
    """Series are few, whatever the sessions are like: labels take known words only, and all from the start.

    `before` is what earlier processes counted: those that sweep once and end would else never get past one.
    """

    def __init__(self, before: Mapping[Series, float]) -> None:
        self._before = before
        self._own = CollectorRegistry()
        self._sweeps = self._counter("sweeps", "Sweeps that ended, by outcome.", "outcome", _OUTCOMES)
        self._scanned = self._counter("scanned_sessions", "Sessions that sweeps looked at.")
        self._purged = self._counter("purged_sessions", "Sessions that sweeps deleted.")
        self._by_reason = self._counter(
            "purged_sessions_by_reason",
            "The same by reason; one with several reasons counts under each.",
            "reason",
            Reason,
        )
        self._skipped = self._counter(
            "skipped_sessions",
            "Sessions that changed between the scan and the purge and were left, by reason.",
            "reason",
            SkipReason,
        )
        self._messages = self._counter(
            "purged_messages", "Messages that sweeps deleted, dangling ones with them."
        )
        self._logical = self._counter("purged_logical_bytes", "Content that sweeps deleted.")
        self._physical = self._counter(
            "purged_physical_bytes", "How much smaller sweeps made the database on the disk."
        )
        self._failures = self._counter(
            "sweep_failures", "Sweeps that failed, and times that nobody could find out whether one is due."
        )
        self.unwritten = self._counter("metrics_file_failures", "Times that the file could not be written.")
        self._durations = self._histogram("sweep_duration_seconds", "How long sweeps took.", _DURATIONS)
        self._locks = self._histogram(
            "sweep_lock_seconds", "The longest that each purge kept those who write waiting.", _LOCKS
        )

    def swept(self, sweep: Sweep, report: CleanupReport | None) -> None:
        self._sweeps.labels(sweep.outcome.value).inc()
        self._durations.observe(sweep.duration_ms / 1000)
        self._scanned.inc(sweep.scanned)
        self._purged.inc(sweep.sessions)
        self._messages.inc(sweep.messages)
        self._logical.inc(sweep.content_bytes)
        # Others may have made it larger meanwhile.
        self._physical.inc(max(sweep.freed_bytes, 0))
        if sweep.outcome is SweepOutcome.FAILED:
            self._failures.inc()
        if report is not None and report.has_deleted:
            self._purged_as(report)

    def failed(self) -> None:
        self._failures.inc()

    def collect(self) -> Iterator[Metric]:
        for family in self._own.collect():
            family.samples = [
                sample._replace(value=sample.value + self._before.get(_series(sample.name, sample.labels), 0))
                for sample in family.samples
                if not sample.name.endswith(_CREATED)
            ]
            yield family

    def _purged_as(self, report: CleanupReport) -> None:
        self._locks.observe(report.purged.lock_held.total_seconds())
        for reason, sessions in report.purged.by_reason.items():
            self._by_reason.labels(reason.value).inc(sessions)
        for why, sessions in report.purged.skipped_by_reason.items():
            self._skipped.labels(why.value).inc(sessions)

    def _counter(self, name: str, what: str, label: str = "", words: Iterable[StrEnum] = ()) -> Counter:
        labels = [label] if label else []
        counter = Counter(name, what, labels, namespace="cleveragents", registry=self._own)
        for word in words:
            counter.labels(word.value)
        return counter

    def _histogram(self, name: str, what: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(name, what, namespace="cleveragents", buckets=buckets, registry=self._own)


def counted_before(path: Path) -> dict[Series, float]:
    """What a file says that was written by an earlier process; raises OSError, ValueError or LookupError."""
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        return {}
    return {
        _series(sample.name, sample.labels): sample.value
        for family in text_string_to_metric_families(text)
        if family.type in {"counter", "histogram"}
        for sample in family.samples
    }


def _series(name: str, labels: Mapping[str, str]) -> Series:
    return name, frozenset(labels.items())
