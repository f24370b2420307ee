"""How the sweeps of a database stand, as gauges for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from cleveragents import __version__
from cleveragents.domain.safeguards import Mode
from cleveragents.domain.sweep_status import SweepStatus

_DISABLED = "disabled"
_MODES = (*(mode.value for mode in Mode), _DISABLED)


class Standing(Collector):
    """What the last look at the database found, whichever host swept; what nobody knows is not exported."""

    def __init__(self) -> None:
        self._status: SweepStatus | None = None
        self._is_reachable: bool | None = None

    def seen(self, status: SweepStatus) -> None:
        self._status, self._is_reachable = status, not status.database_missing

    def unreachable(self) -> None:
        self._is_reachable = False

    def collect(self) -> Iterator[Metric]:
        yield _labelled("build_info", "The version of the program.", {__version__: 1}, label="version")
        if self._is_reachable is not None:
            yield _gauge(
                "database_reachable",
                "Whether the last look at the database succeeded; the other gauges are those of the last "
                "that did.",
                self._is_reachable,
            )
        if self._status is not None:
            yield from _sweeps(self._status)
            yield from _sizes(self._status)


def _sweeps(status: SweepStatus) -> Iterator[Metric]:
    mode = status.safeguards.mode.value if status.safeguards.enabled else _DISABLED
    modes = {each: float(each == mode) for each in _MODES}
    yield _labelled("mode", "Whether sweeps may delete: 1 for the mode in force.", modes, label="mode")
    yield _gauge("sweeps_paused", "Whether a pause or the stop file is there.", _is_paused(status))
    yield _gauge(
        "sweep_interval_seconds", "How often this process sweeps.", status.schedule.every.total_seconds()
    )
    yield _gauge(
        "consecutive_failures",
        "Sweeps that failed since the last success.",
        status.past.failures,
    )
    if status.last_success is not None:
        yield _moment(
            "last_success", "When the last sweep that succeeded began.", status.last_success.started_at
        )
    if status.last_failure is not None:
        yield _moment(
            "last_failure", "When the last sweep that failed began.", status.last_failure.started_at
        )
    if status.next_at is not None:
        yield _moment("next_sweep", "When the next sweep is due, without jitter.", status.next_at)


def _sizes(status: SweepStatus) -> Iterator[Metric]:
    yield _gauge("backlog_sessions", "Sessions that are eligible now.", status.found.candidates)
    yield _gauge("sessions", "Sessions in the database.", status.found.scanned)
    yield _gauge("dangling_messages", "Dangling messages in the database.", status.found.dangling_messages)
    yield _gauge("database_bytes", "Size of the database on the disk.", status.database_bytes)
    yield _gauge("archives", "Archives that the ledger knows.", status.archives)
    yield _gauge("archives_bytes", "Size of those archives.", status.archives_bytes)


def _is_paused(status: SweepStatus) -> bool:
    return bool(status.stop_file or status.turn.pause)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"cleveragents_{name}", what, value=float(value))


def _moment(name: str, what: str, moment: datetime) -> Metric:
    return _gauge(f"{name}_timestamp_seconds", what, moment.timestamp())


def _labelled(name: str, what: str, values: dict[str, float], *, label: str) -> Metric:
    family = GaugeMetricFamily(f"cleveragents_{name}", what, labels=[label])
    for word, value in values.items():
        family.add_metric([word], value)
    return family
