"""Folders of JSON files, one for each session, as a kind of store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from pathlib import Path

from cleveragents.domain.retention import Reason
from cleveragents.infrastructure.stores.files.adapter import FilesAdapter
from cleveragents.infrastructure.stores.json_folder.layout import JsonFolder


class JsonFolderKind:
    title = "A folder of JSON files"
    unasked: Collection[Reason] = ()

    def usual_places(self) -> Sequence[str]:
        """None: programs of many names write such folders."""
        return ()

    def open(self, location: str, *, busy_timeout: timedelta) -> FilesAdapter:
        del busy_timeout  # nobody locks files
        return FilesAdapter(Path(location), JsonFolder)


KIND = JsonFolderKind()
