"""Showing metrics on a port and in a file, beside the sweeps and never in their way."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry, start_http_server, write_to_textfile

from cleveragents.domain.errors import CleverAgentsError, InterruptedRunError, MetricsPortError
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.sweep import Sweep
from cleveragents.domain.sweep_status import SweepStatus
from cleveragents.infrastructure.metrics.counted import CountedSweeps, Series, counted_before
from cleveragents.infrastructure.metrics.standing import Standing

logger = logging.getLogger(__name__)

_BETWEEN_LOOKS = 60.0
_SHARE_OF_TIME = 100
"""Looking counts all sessions: it may take one part in so many of the time."""
_PATIENCE = 1.0
_FOR_ANYBODY = 0o644


class MetricsExporter:
    """Is told of sweeps, and looks at the database now and then, for other hosts sweep it too.

    A scrape only reads what is in memory. `look` finds out how sweeps stand.
    """

    def __init__(
        self, look: Callable[[], SweepStatus], *, port: int | None, address: str, file: Path | None
    ) -> None:
        self._look = look
        self._port = port
        self._address = address
        self._file = file
        self._counted = CountedSweeps(_before(file))
        self._standing = Standing()
        self._registry = CollectorRegistry()
        self._registry.register(self._counted)
        self._registry.register(self._standing)
        self._is_time = threading.Event()
        self._is_over = threading.Event()

    def swept(self, sweep: Sweep, report: CleanupReport | None) -> None:
        self._counted.swept(sweep, report)
        self._is_time.set()

    def failed(self, error: Exception) -> None:  # noqa: ARG002 - an observer's signature
        self._counted.failed()
        self._is_time.set()

    @contextmanager
    def beside_watch(self) -> Iterator[None]:
        """Export while the block sweeps; raises MetricsPortError before it begins."""
        with self._serving():
            # The end of the process shall not wait for a look at a database that does not answer.
            looking = threading.Thread(target=self._keep_looking, name="cleveragents-metrics", daemon=True)
            looking.start()
            try:
                yield
            finally:
                self._is_over.set()
                self._is_time.set()
                looking.join(_PATIENCE)
                self._write()

    @contextmanager
    def beside_one_sweep(self) -> Iterator[None]:
        """Write the file when the block is over, whatever became of it."""
        try:
            yield
        finally:
            self._refresh()

    @contextmanager
    def _serving(self) -> Iterator[None]:
        if self._port is None:
            yield
            return
        try:
            server, _ = start_http_server(self._port, addr=self._address, registry=self._registry)
        except OSError as error:
            raise MetricsPortError(self._address, self._port, error.strerror or str(error)) from error
        logger.info("Metrics are shown", extra={"address": self._address, "port": self._port})
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()

    def _keep_looking(self) -> None:
        while True:
            self._is_time.clear()
            if self._is_over.is_set():
                return
            began = time.monotonic()
            self._refresh()
            self._is_time.wait(max(_BETWEEN_LOOKS, _SHARE_OF_TIME * (time.monotonic() - began)))

    def _refresh(self) -> None:
        try:
            self._standing.seen(self._look())
        except InterruptedRunError:
            # A sweep is being rolled back: what was known before is more than what is known now.
            return
        except CleverAgentsError as error:
            logger.info("The metrics know nothing new of the database", extra={"why": error.message})
            self._standing.unreachable()
        except Exception:
            # Whatever it is, it must show: gauges that stand still look like a database that does.
            logger.exception("Looking for the metrics met a defect")
            self._standing.unreachable()
        self._write()

    def _write(self) -> None:
        if self._file is None:
            return
        try:
            write_to_textfile(str(self._file), self._registry)
            # Node exporter runs as another user, and a service often lets nobody read what it makes.
            self._file.chmod(_FOR_ANYBODY)
        except OSError as error:
            self._counted.unwritten.inc()
            why = {"file": str(self._file), "why": error.strerror}
            logger.warning("The metrics file could not be written", extra=why)


def _before(file: Path | None) -> Mapping[Series, float]:
    try:
        return counted_before(file) if file else {}
    except (OSError, ValueError, LookupError) as error:
        why = {"file": str(file), "why": str(error)}
        logger.warning("The metrics file could not be read: counters begin anew", extra=why)
        return {}
