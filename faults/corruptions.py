"""Archives that are not what was written: each is refused, nothing changes, and `log --verify` notices."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import zstandard
from population import settle
from running import NOW, Operator
from scenes import CONTENT, LEDGER, Rows, Scenes, difference
from tally import BrokenError, Tally, require

from cleveragents.domain.errors import ArchiveRefusedError, LedgerTamperedError, NoArchiveError
from cleveragents.domain.run import Run

_LENGTHS = 120
_FLIPS = 200


@dataclass(frozen=True, slots=True)
class Harm:
    """What is done to an archive file."""

    kind: str
    told: str
    do: Callable[[Path], object]


def corrupt(tally: Tally, scenes: Scenes, seed: int) -> None:
    scene = scenes.fresh()
    operator = Operator(scene)
    try:
        settle(operator)
        before = scene.rows()
        older = _run(operator)
        operator.restore(older.run_id)
        run = _run(operator)
        _require_restorable(operator, run, before)
        kept, rows = scene.keep(), scene.rows((*CONTENT, *LEDGER))
        path = scene.archives / str(run.archive)
        content = path.read_bytes()
        for harm in _harms(content, scene.archives / str(older.archive), random.Random(seed)):  # noqa: S311 - to be repeated
            with tally.trying(harm.kind, harm.told):
                harm.do(path)
                _check_refused(operator, run, rows)
            _remove(path)
            path.write_bytes(content)
        with tally.trying("archives forged with their ledger", "content, manifest and cleanup_archives"):
            _forge(operator, path, run)
            _check_refused(operator, run, scene.rows((*CONTENT, *LEDGER)))
        scene.put_back(kept)
        with tally.trying("archives put back as they were", "the same bytes again"):
            _require_restorable(operator, run, before)
    finally:
        scene.close()


def _run(operator: Operator) -> Run:
    run = operator.at(NOW).purge().run
    if run is None:
        raise BrokenError("a purge left no entry in the ledger")
    return run


def _require_restorable(operator: Operator, run: Run, before: Rows) -> None:
    kept = operator.scene.keep()
    operator.verified_log()
    operator.restore(run.run_id)
    wrong = difference({table: before[table] for table in CONTENT[:2]}, operator.scene.rows())
    require(not wrong, f"an archive without harm: {wrong}")
    operator.scene.put_back(kept)


def _check_refused(operator: Operator, run: Run, rows: Rows) -> None:
    try:
        operator.restore(run.run_id)
    except (ArchiveRefusedError, NoArchiveError):
        pass
    else:
        raise BrokenError("it was restored")
    changed = difference(rows, operator.scene.rows())
    require(not changed, f"it was refused, and yet {changed}")
    try:
        log = operator.verified_log()
    except LedgerTamperedError:
        return
    require(run.archive in log.archives_elsewhere, "log --verify did not notice")


def _harms(content: bytes, other: Path, choose: random.Random) -> Iterator[Harm]:
    for length in sorted({len(content) * each // _LENGTHS for each in range(_LENGTHS)}):
        yield Harm("truncations", f"to {length} bytes", _writing(content[:length]))
    for offset in sorted(choose.sample(range(len(content)), min(_FLIPS, len(content)))):
        bit = choose.randrange(8)
        flipped = bytearray(content)
        flipped[offset] ^= 1 << bit
        yield Harm("flipped bits", f"bit {bit} at offset {offset}", _writing(bytes(flipped)))
    yield Harm("other corruptions", "another run's archive", _writing(other.read_bytes()))
    yield Harm("other corruptions", "twice in a row", _writing(content + content))
    yield Harm("other corruptions", "one byte more", _writing(content + b"\0"))
    yield Harm("other corruptions", "compressed anew", _writing(_compressed(_lines(content))))
    yield Harm("other corruptions", "a row less", _writing(_compressed(_without_a_row(content))))
    yield Harm("other corruptions", "only zeros", _writing(bytes(len(content))))
    yield Harm("other corruptions", "removed", _remove)
    yield Harm("other corruptions", "a folder in its place", _make_folder)
    yield Harm("other corruptions", "a link to nothing", _make_link)


def _writing(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _make_link(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.with_name("nothing"))


def _lines(content: bytes) -> list[bytes]:
    stream = zstandard.ZstdDecompressor().stream_reader(content, read_across_frames=True)
    return stream.read().splitlines(keepends=True)


def _without_a_row(content: bytes) -> list[bytes]:
    lines = _lines(content)
    row = next(place for place, line in enumerate(lines) if line.startswith(b"["))
    return [*lines[:row], *lines[row + 1 :]]


def _compressed(lines: list[bytes]) -> bytes:
    return zstandard.ZstdCompressor(level=1).compress(b"".join(lines))


def _forge(operator: Operator, path: Path, run: Run) -> None:
    """Change a text in an archive, and everything outside the chain of runs that would tell."""
    lines = _lines(path.read_bytes())
    *rows, ending = [line.replace(b"three", b"forge") for line in lines]
    manifest = json.loads(ending)["manifest"]
    manifest["sha256"] = hashlib.sha256(b"".join(rows)).hexdigest()
    forged = _compressed([*rows, json.dumps({"manifest": manifest}).encode() + b"\n"])
    path.write_bytes(forged)
    digest = hashlib.sha256(forged).hexdigest()
    operator.scene.execute(
        f"UPDATE cleanup_archives SET sha256 = '{digest}', file_bytes = {len(forged)} "
        f"WHERE run_id = '{run.run_id}'"
    )
