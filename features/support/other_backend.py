"""The kind of database that this run is not about, for what crosses from one to the other."""

from __future__ import annotations

import atexit
from functools import cache

from support.backends import Backend, start_backend


@cache
def other_backend(name: str) -> Backend:
    """Start it once for a whole run; it ends with the run."""
    backend = start_backend("postgresql" if name == "sqlite" else "sqlite")
    atexit.register(backend.stop)
    return backend
