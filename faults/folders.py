"""Trouble with the archive folder, and with any file in it: nothing is deleted, nothing is left behind."""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from boundaries import Boundaries, is_of_a_file
from children import in_child
from kills import check_folder
from population import DAY, DOOMED, LEFT_OVER, add, settle, whole
from running import NOW, Operator
from scenes import CONTENT, LEDGER, Kept, Rows, Scenes, difference
from tally import BrokenError, Tally, require

from cleveragents.domain.errors import ArchiveUnwritableError, CleverAgentsError
from cleveragents.domain.session import Session

_LATER = timedelta(hours=1)
_LARGE = "large"
_TEXT_BYTES = 300_000
_NOBODY = 65534


@dataclass(frozen=True, slots=True)
class _Start:
    kept: Kept
    before: Rows
    archive_bytes: int


def disturb_folders(tally: Tally, scenes: Scenes, seed: int) -> None:
    scene = scenes.fresh()
    operator = Operator(scene)
    try:
        settle(operator)
        add(operator, [whole(_large_session(), [_incompressible(seed)])])
        kept, before = scene.keep(), scene.rows()
        # Once in peace: what a child imports late may not be readable to whom it becomes.
        archive = operator.at(NOW).purge().archive
        start = _Start(kept, before, archive.file_bytes if archive else 0)
        _fill_the_disk(tally, operator, start)
        _fail_every_operation(tally, operator, start)
        _take_the_folder(tally, operator, start)
        _mount_over_it(tally, operator, start)
    finally:
        scene.close()


def _fill_the_disk(tally: Tally, operator: Operator, start: _Start) -> None:
    size = start.archive_bytes
    for limit in (0, 1, 20, 1_000, size // 4, size // 2, size - 5_000, size - 200):
        with tally.trying("disks full", f"files of at most {limit} bytes"), _starting(operator, start):

            def with_little_room(most: int = limit) -> str:
                resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
                return _refusal_of(operator)

            refusal = in_child(with_little_room).answer
            allowed = {"archive_unwritable", "disk_full"}
            require(refusal in allowed, f"it ended with {refusal!r}")
            require(operator.scene.backend == "sqlite" or refusal == "archive_unwritable", refusal)


def _fail_every_operation(tally: Tally, operator: Operator, start: _Start) -> None:
    labels: list[str] = []
    operator.scene.put_back(start.kept)
    with _watching(operator, labels.append):
        operator.at(NOW).purge()
    places = [place for place, label in enumerate(labels) if is_of_a_file(label)]
    for place in places:
        for code in (errno.EIO, errno.ENOSPC):
            told = f"{errno.errorcode[code]} at boundary {place}, {labels[place]!r}"
            with tally.trying("failing file operations", told):
                _fail_at(operator, start, place, code)


def _fail_at(operator: Operator, start: _Start, place: int, code: int) -> None:
    operator.scene.put_back(start.kept)
    passed = 0

    def reached(label: str) -> None:
        nonlocal passed
        passed += 1
        if passed == place + 1:
            raise OSError(code, os.strerror(code), label)

    try:
        with _watching(operator, reached):
            operator.at(NOW).purge()
    except CleverAgentsError as error:
        require(error.exit_code == 1, f"{error.code} has exit code {error.exit_code}")
        _check_nothing_happened(operator, start)
    _check_next_run(operator)


def _take_the_folder(tally: Tally, operator: Operator, start: _Start) -> None:
    folder = operator.scene.archives
    with tally.trying("missing folders", "made, for its owner alone"):
        operator.scene.put_back(start.kept)
        shutil.rmtree(folder)
        operator.at(NOW).purge()
        mode = stat.S_IMODE(folder.stat().st_mode)
        require(mode == 0o700, f"the folder was made with mode {mode:o}")
        require(_held_back(operator) == 0, "the purge took too little")
    with tally.trying("files in its place", "a file is where the folder should be"):
        operator.scene.put_back(start.kept)
        shutil.rmtree(folder)
        folder.write_bytes(b"a file")
        refusal = _refusal_of(operator)
        require(refusal == ArchiveUnwritableError.code, f"it ended with {refusal!r}")
        wrong = difference(
            {table: start.before[table] for table in (*CONTENT, *LEDGER)}, operator.scene.rows()
        )
        require(not wrong, f"it was refused, and yet {wrong}")
        require(folder.read_bytes() == b"a file", "the file is not what it was")
        folder.unlink()
        operator.scene.put_back(start.kept)
        _check_next_run(operator)
    if operator.scene.backend == "postgresql" and os.getuid() == 0:
        return  # whom a child becomes may not reach the server's socket
    with tally.trying("read-only folders", "mode 500, and nobody of importance"), _starting(operator, start):
        require(
            in_child(lambda: _refusal_as_nobody(operator)).answer == ArchiveUnwritableError.code, "no refusal"
        )


def _refusal_as_nobody(operator: Operator) -> str:
    folder = operator.scene.archives
    if os.getuid() == 0:
        for path in (operator.scene.folder, *operator.scene.folder.iterdir(), *folder.iterdir()):
            os.chown(path, _NOBODY, _NOBODY)
        operator.scene.folder.parent.chmod(0o711)
        folder.chmod(0o500)
        os.setgid(_NOBODY)
        os.setuid(_NOBODY)
    else:
        folder.chmod(0o500)
    try:
        return _refusal_of(operator)
    finally:
        folder.chmod(0o700)


def _mount_over_it(tally: Tally, operator: Operator, start: _Start) -> None:
    """A small file system, and one that is read-only, where this user may mount any."""
    folder = operator.scene.archives
    for options, told in (("size=64k", "disks full"), ("ro", "read-only file systems")):
        operator.scene.put_back(start.kept)
        with _mounted(str(folder), options) as is_mounted:
            if not is_mounted:
                tally.notes.append(f"{told} were not tried: this user may not mount")
                continue
            with tally.trying(told, f"a tmpfs with {options}"):
                require(_refusal_of(operator) == ArchiveUnwritableError.code, "it was not refused")
                wrong = difference(
                    {table: start.before[table] for table in (*CONTENT, *LEDGER)}, operator.scene.rows()
                )
                require(not wrong, f"it was refused, and yet {wrong}")
                require(not list(folder.iterdir()), f"left behind: {list(folder.iterdir())}")


@contextmanager
def _mounted(folder: str, options: str) -> Iterator[bool]:
    command = ["mount", "-t", "tmpfs", "-o", options, "faults", folder]
    try:
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own words
    except FileNotFoundError:
        yield False
        return
    try:
        yield not done.returncode
    finally:
        if not done.returncode:
            subprocess.run(["umount", folder], check=True)  # noqa: S603, S607 - our own words


@contextmanager
def _starting(operator: Operator, start: _Start) -> Iterator[None]:
    """Start afresh; afterwards nothing may have happened, and the next run does everything."""
    operator.scene.put_back(start.kept)
    yield
    operator.scene.wait_until_alone()
    _check_nothing_happened(operator, start)
    _check_next_run(operator)


@contextmanager
def _watching(operator: Operator, reached: Callable[[str], None]) -> Iterator[None]:
    with Boundaries(reached).watched(str(operator.scene.archives)):
        yield


def _refusal_of(operator: Operator) -> str:
    try:
        operator.at(NOW).purge()
    except CleverAgentsError as error:
        return error.code if error.exit_code == 1 else f"{error.code}, exit code {error.exit_code}"
    return "no refusal"


def _check_nothing_happened(operator: Operator, start: _Start) -> None:
    found = operator.scene.rows()
    wrong = difference({table: start.before[table] for table in (*CONTENT, *LEDGER)}, found)
    require(not wrong, f"it was refused, and yet {wrong}")
    # What an earlier run left is removed before anything can fail, or by the next run.
    there, known = operator.scene.archive_files().keys(), start.kept.archives.keys()
    require(known - {LEFT_OVER} <= there <= known | _parts_in(there), f"the folder holds {sorted(there)}")


def _parts_in(names: object) -> set[str]:
    return {name for name in names if str(name).endswith(".part")}  # type: ignore[attr-defined]


def _check_next_run(operator: Operator) -> None:
    operator.at(NOW + _LATER).purge()
    require(_held_back(operator) == 0, "the next run took too little")
    check_folder(operator)


def _held_back(operator: Operator) -> int:
    left = {row[0] for row in operator.scene.rows(["sessions"])["sessions"]}
    if left & {"today", "pinned", "ancestor"} != {"today", "pinned", "ancestor"}:
        raise BrokenError("a session is lost that no policy selects")
    return len((DOOMED | {_LARGE}) & left)


def _large_session() -> Session:
    at = NOW - 70 * DAY
    return Session(session_id=_LARGE, created_at=at, last_accessed_at=at)


def _incompressible(seed: int) -> str:
    choose = random.Random(seed)  # noqa: S311 - the same text each time, not a secret
    return "".join(
        choose.choices("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", k=_TEXT_BYTES)
    )
