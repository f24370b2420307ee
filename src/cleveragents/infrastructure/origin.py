"""Who runs this program, and where."""

from __future__ import annotations

import getpass
import socket

from cleveragents import __version__
from cleveragents.domain.run import Origin, StartedFrom


def origin(started_from: StartedFrom) -> Origin:
    return Origin(
        who=_storable(_user()),
        host=_storable(socket.gethostname()),
        started_from=started_from,
        version=__version__,
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        return "unknown"


def _storable(text: str) -> str:
    return text.encode(errors="replace").decode().replace("\0", "")
