"""The archive folder and its files as another program would look at them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import zstandard

from support.driver import Driver

ENDING = ".jsonl.zst"


def folder_of(driver: Driver) -> Path:
    """Where this scenario's archives are kept."""
    container = driver.container()
    try:
        return Path(container.archive_folder())
    finally:
        container.store().close()


def files_of(driver: Driver) -> dict[str, bytes]:
    """Every file in the archive folder, by name."""
    folder = folder_of(driver)
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def only_archive(driver: Driver) -> Path:
    (path,) = folder_of(driver).glob(f"*{ENDING}")
    return path


def purges(driver: Driver) -> list[dict[str, Any]]:
    """The purges in the ledger, oldest first."""
    runs = driver.ask("cleanup log --all")["runs"]
    return [run for run in reversed(runs) if run["outcome"] == "purged"]


def lines_of(path: Path) -> list[Any]:
    """An archive's lines, read without any code of ours."""
    return [json.loads(line) for line in _content_of(path).splitlines()]


def counted(path: Path) -> Counter[str]:
    """How many rows stand in each section of an archive."""
    rows: Counter[str] = Counter()
    section = ""
    for line in lines_of(path):
        if isinstance(line, dict):
            section = line.get("section", "")
        else:
            rows[section] += 1
    return rows


def manifest_of(path: Path) -> dict[str, Any]:
    manifest = lines_of(path)[-1]["manifest"]
    assert isinstance(manifest, dict)
    return manifest


def sha256_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _rewrite(path: Path) -> None:
    """Change one text inside and pack it again, as a careful forger would."""
    changed = _content_of(path).replace(b"xxxxx", b"yyyyy")
    path.write_bytes(zstandard.ZstdCompressor().compress(changed))


def _forge(path: Path) -> None:
    """Change texts, the sum in the manifest with them, and keep the file's size."""
    size = path.stat().st_size
    lines = _content_of(path).replace(b"xxxxx", b"yyyyy").splitlines(keepends=True)
    marker = json.loads(lines[-1])
    marker["manifest"]["sha256"] = hashlib.sha256(b"".join(lines[:-1])).hexdigest()
    forged = b"".join([*lines[:-1], json.dumps(marker).encode() + b"\n"])
    packed = zstandard.ZstdCompressor(level=19).compress(forged)
    padding = size - len(packed) - 8
    assert padding >= 0, "the forgery is larger than what it replaces"
    # A frame that readers skip.
    path.write_bytes(packed + b"\x50\x2a\x4d\x18" + padding.to_bytes(4, "little") + bytes(padding))


def _content_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True).read()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut short": _truncate,
    "changed by one bit": _flip,
    "rewritten with other texts": _rewrite,
    "forged with all its sums": _forge,
    "emptied": lambda path: path.write_bytes(b""),
    "longer than it was": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "really a letter": lambda path: path.write_text("Dear reader"),
}


def leave_behind(driver: Driver, what: str) -> str:
    """Put what an interrupted run leaves into the archive folder; returns the file's name."""
    folder = folder_of(driver)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    endings = {"an unfinished archive": f"{ENDING}.part", "a stranger's file": ".txt"}
    path = folder / f"01KV5JE8G00000000000000000{endings[what]}"
    path.write_bytes(b"(\xb5/\xfd half of it")
    return path.name
