"""The command `agents`, also as `python -m cleveragents`."""

from __future__ import annotations

import sys

from cleveragents.cli.app import run


def main() -> None:
    # The container's library loads FastAPI wherever it is installed, which takes as long as a short
    # command; no command needs it.
    sys.modules["fastapi.params"] = None  # type: ignore[assignment]
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
