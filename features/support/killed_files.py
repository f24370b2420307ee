"""A command that is killed before one of the things that it does to files in a foreign store."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

from support.driver import Driver

_DEEDS = ("rename", "link", "unlink", "mkdir", "rmdir", "fsync", "fwalk", "sync")
_MANY = 400


def killed_at_every_deed(driver: Driver, folder: Path, words: str) -> Iterator[int]:
    """Run a command on the same folder again and again, killed before its first, second, … deed.

    Yields the number of the deed each time, for a look at what is there then; the last run is not killed.
    """
    kept = folder.with_name(f"{folder.name}.kept")
    data = driver.folder / "data"
    books = data.with_name("data.kept")
    data.mkdir(exist_ok=True)
    _copy(folder, kept)
    _copy(data, books)
    for number in range(1, _MANY):
        if not _is_killed(driver, words, number):
            return
        yield number
        for original, copy in ((folder, kept), (data, books)):
            shutil.rmtree(original)
            _copy(copy, original)
    raise AssertionError(f"{words} does more than {_MANY} things to files")


def _copy(folder: Path, copy: Path) -> None:
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy, symlinks=True)


def _is_killed(driver: Driver, words: str, number: int) -> bool:
    child = os.fork()
    if not child:
        code = 70
        try:
            with _dying_at(number):
                driver.run(words)
            code = driver.exit_code or 0
        finally:
            os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in {0, -signal.SIGKILL}, f"deed {number}: exit code {code}"
    return code != 0


def _dying_at(number: int) -> Any:
    """Only what is told by a descriptor counts: that is how the files of foreign stores are reached."""
    done = 0

    def counting(deed: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **options: Any) -> Any:
            nonlocal done
            if deed.__name__ in {"fsync", "sync"} or {"dir_fd", "src_dir_fd"} & options.keys():
                done += 1
                if done == number:
                    os.kill(os.getpid(), signal.SIGKILL)
            return deed(*arguments, **options)

        return counted

    return patch.multiple(os, **{deed: counting(getattr(os, deed)) for deed in _DEEDS})
