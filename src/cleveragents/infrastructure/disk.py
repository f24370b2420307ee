"""How much room there is on this host's disks."""

from __future__ import annotations

import shutil
from pathlib import Path

from cleveragents.domain.space import Room


class LocalDisk:
    def room_at(self, folder: Path) -> Room:
        """A folder that is not there yet will be on the disk of the nearest one above it that is."""
        present = next((path for path in (folder, *folder.parents) if path.exists()), Path("/"))
        return Room(device=present.stat().st_dev, free_bytes=shutil.disk_usage(present).free)
