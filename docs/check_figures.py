"""Fail where the tables and plots of the documentation are not those of the kept results."""

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent.parent / "benchmarks" / "document.py"

if __name__ == "__main__":
    sys.exit(subprocess.call([sys.executable, PROGRAM, "--check"]))  # noqa: S603 - our own program
