"""Metrics as Prometheus and node exporter read them, from a running watch and from a file."""

from __future__ import annotations

import socket
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from support.driver import Driver

_PATIENCE_SECONDS = 30
_LOOPBACK = "127.0.0.1"
Metrics = dict[str, float]


def of_file(path: Path) -> Metrics:
    return _read(path.read_text(encoding="utf-8"))


def of_port(port: int, address: str = _LOOPBACK) -> Metrics:
    with urllib.request.urlopen(f"http://{address}:{port}/metrics", timeout=5) as answer:
        return _read(answer.read().decode())


def watching(driver: Driver, words: str) -> tuple[Any, int]:
    """Start a watch that shows its metrics; returns it and its port."""
    port = free_port()
    return driver.start(f"{words} --metrics-port {port}"), port


def once_swept(process: Any, port: int) -> Metrics:
    """The metrics as soon as they tell of the last success of any process."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "the metrics never told of a sweep that succeeded"
        try:
            metrics = of_port(port)
        except urllib.error.URLError:
            metrics = {}
        if "cleveragents_last_success_timestamp_seconds" in metrics:
            return metrics
        time.sleep(0.05)


def once_written(process: Any, path: Path) -> None:
    """Wait until the file tells of the last success of any process."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not path.exists() or "cleveragents_last_success_timestamp_seconds" not in of_file(path):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "the file never told of a sweep that succeeded"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind((_LOOPBACK, 0))
        port: int = taken.getsockname()[1]
        return port


def other_addresses() -> list[str]:
    """Addresses of this host beside the usual one of its loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))  # nothing is sent
            outward = [asking.getsockname()[0]]
        except OSError:
            outward = []
    return ["127.0.0.2", *outward]


def is_shown_at(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=5).close()
    except OSError:
        return False
    return True


def _read(text: str) -> Metrics:
    return {
        _written(sample.name, sample.labels): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def _written(name: str, labels: dict[str, str]) -> str:
    inside = ",".join(f'{label}="{value}"' for label, value in sorted(labels.items()))
    return f"{name}{{{inside}}}" if inside else name
