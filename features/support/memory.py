"""How much memory commands need at most, as the kernel remembers it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

from support.imports import unmeasured

# All commands have one process as their parent, which has loaded what they share: that takes longer than
# most of them. What they answer goes to a file, so that nobody need hold it.
_PROGRAM = """
import json, os, re, sys, tempfile
from pathlib import Path
import cleveragents.container
from cleveragents.cli.app import run

def peak_of(argv):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with tempfile.TemporaryFile() as answer:
            os.dup2(answer.fileno(), sys.stdout.fileno())
            code = run(argv)
            sys.stdout.flush()
        os.write(writer, re.search(rb"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_bytes())[1])
        os._exit(code)
    os.close(writer)
    with open(reader) as told:
        kilobytes = told.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code != 0:
        sys.exit(f"{argv} ended with {code}")
    return int(kilobytes) * 1024

print(json.dumps([peak_of(argv) for argv in json.loads(sys.argv[1])]))
"""


def peaks_of(command_lines: Sequence[Sequence[str]]) -> list[int]:
    """Run each command in a process of its own to a good end; returns their peaks in bytes."""
    finished = subprocess.run(  # noqa: S603 - the words are a scenario's
        [sys.executable, "-c", _PROGRAM, json.dumps(command_lines)],
        capture_output=True,
        encoding="utf-8",
        env=unmeasured(),
        timeout=300,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    peaks = json.loads(finished.stdout)
    assert len(peaks) == len(command_lines), peaks
    return list(peaks)
