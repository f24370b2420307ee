"""A run in chunks as everybody tells it: its answer, the ledger, the archives."""

from __future__ import annotations

from typing import Any

from support import trust_archives as archives
from support.driver import Driver
from support.trust_ledger import runs_in

_ADDED_UP = {"sessions": ("purged",), "skipped": ("skipped_total",), "messages": ("messages",),
             "dangling_messages": ("dangling_messages",), "content_bytes": ("bytes", "logical")}  # fmt: skip


def entries_of(driver: Driver, run_id: str) -> list[dict[str, Any]]:
    """The ledger's entries of a run's chunks, oldest first."""
    return [run for run in reversed(runs_in(driver)) if run["run_id"].startswith(f"{run_id}.")]


def check_added_up(driver: Driver) -> None:
    """Hold the last answer against the ledger's entries of those chunks, and their archives."""
    data = driver.data
    chunks = data["chunks"]
    entries = entries_of(driver, data["run_id"])
    numbers = [entry["run_id"].partition(".")[2] for entry in entries]
    assert numbers == [f"{number:05}" for number in range(1, len(entries) + 1)], numbers
    assert len(entries) == chunks["before"] + chunks["done"], (numbers, chunks)
    own = entries[chunks["before"] :]
    for told, place in _ADDED_UP.items():
        value: Any = data
        for key in place:
            value = value[key]
        assert sum(entry[told] for entry in own) == value, (told, value, own)
    for reason, number in data["by_reason"].items():
        assert sum(entry["by_reason"][reason] for entry in own) == number, (reason, data)
    assert own[-1]["entry_hash"] == data["ledger_hash"], data
    _check_what_is_left(data, own)
    _check_archives(driver, data, own)


def _check_what_is_left(data: dict[str, Any], entries: list[dict[str, Any]]) -> None:
    """Each entry counts as candidates all that were left when its chunk began."""
    left = data["candidates"]
    for entry in entries:
        assert entry["candidates"] == left, (left, entry)
        left -= entry["sessions"] + entry["skipped"]
    assert (left == 0) == (data["chunks"]["stopped"] is None), (left, data["chunks"])


def _check_archives(driver: Driver, data: dict[str, Any], entries: list[dict[str, Any]]) -> None:
    told = [(each["file"], each["sha256"]) for each in data["archives"]]
    assert told == [
        (entry["archive"], entry["archive_hash"]) for entry in entries if entry["archive"] is not None
    ], told
    folder = archives.folder_of(driver)
    for entry in entries:
        if entry["archive"] is None:
            continue
        path = folder / entry["archive"]
        rows, manifest = archives.counted(path), archives.manifest_of(path)
        assert manifest["run_id"] == entry["run_id"], manifest
        assert rows["sessions"] - rows["still_alive"] == entry["sessions"], (rows, entry)
        assert rows["messages"] >= entry["messages"], (rows, entry)
        assert archives.sha256_of(path) == entry["archive_hash"], entry
