"""The command `agents`, also as `python -m cleveragents`."""

from __future__ import annotations

import sys

from cleveragents.cli.app import run


def main() -> None:
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
