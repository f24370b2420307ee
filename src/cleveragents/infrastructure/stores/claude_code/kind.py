"""Claude Code's folder as a kind of store."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from datetime import timedelta
from pathlib import Path

from cleveragents.domain.retention import Reason
from cleveragents.infrastructure.stores.claude_code.layout import ClaudeCodeFolder
from cleveragents.infrastructure.stores.claude_code.listing import PROJECTS
from cleveragents.infrastructure.stores.files.adapter import FilesAdapter


class ClaudeCodeKind:
    title = "Claude Code"
    unasked: Collection[Reason] = frozenset({Reason.STALE, Reason.EMPTY})

    def usual_places(self) -> Sequence[str]:
        folder = Path(os.environ.get("CLAUDE_CONFIG_DIR") or "~/.claude").expanduser()
        return [str(folder)] if (folder / PROJECTS).is_dir() else []

    def open(self, location: str, *, busy_timeout: timedelta) -> FilesAdapter:
        del busy_timeout  # nobody locks files
        return FilesAdapter(Path(location), ClaudeCodeFolder)


KIND = ClaudeCodeKind()
