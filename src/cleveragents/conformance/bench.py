"""One store on a bench: made by its library, cleaned by the product, looked at from both sides."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cleveragents.application.services.cleanup_service import CleanupService
from cleveragents.conformance.maker import Maker, Wanted
from cleveragents.container import Container
from cleveragents.domain.pace import Pace
from cleveragents.domain.ports import ArchiveWriter
from cleveragents.domain.ports.adapters import StoreAdapter, StoreRun
from cleveragents.domain.progress import UNWATCHED
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.restored import RestoreReport
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.domain.safeguards import PurgeLimit, Safeguards
from cleveragents.domain.stored import Chosen, StoredSession

NAME = "checked"
DAY = timedelta(days=1)
OLD = 40 * DAY
YOUNG = timedelta(hours=1)
_BUSY = timedelta(seconds=5)
_ALL = Safeguards(max_purge=PurgeLimit(100, is_percentage=True))
_SHARED_MEMORY = "-shm"

STALE = (
    Wanted(age=OLD, messages=3, hint="stale"),
    Wanted(age=OLD + DAY, messages=1, hint="a/b c%2F'x\"; ü 😀"),
    Wanted(age=OLD + 2 * DAY, messages=2, hint="-- stale"),
    Wanted(age=OLD + 3 * DAY, messages=1, hint=".."),
)
FRESH = (
    Wanted(age=YOUNG, messages=2, hint="fresh"),
    Wanted(age=YOUNG, messages=1, hint="a/b c"),
    Wanted(age=10 * DAY, messages=1, hint="recent"),
)


class Bench:
    """`ids` are those of the sessions that were made, by the beginning of what was wanted."""

    def __init__(self, maker: Maker, folder: Path) -> None:
        self.maker = maker
        self.place = folder / "store"
        self.place.mkdir()
        self.location = maker.place(self.place)
        self._folder = folder
        self.container = Container()
        self.container.flags.override(
            {
                "cleanup_store": f"{NAME}:{self.location}",
                "cleanup_store_books": str(folder / "books"),
                "cleanup_archive_folder": str(folder / "archives"),
            }
        )
        self.container.store_kinds.override({NAME: maker.kind})
        self.container.safeguards.override(_ALL)
        self.pace(Pace())
        self.stale: Sequence[str] = ()
        self.fresh: Sequence[str] = ()
        self.made_at = self.now

    # --- what the library does ------------------------------------------------------------------

    def fill(self) -> None:
        """Make sessions that a policy of thirty days takes, and some that it does not."""
        self.made_at = self.now
        self.stale = self.maker.make(self.location, STALE)
        self.fresh = self.maker.make(self.location, FRESH)

    def fill_empty(self) -> tuple[str, str]:
        """An empty session that is old enough to go, and one that is not."""
        old, young = self.maker.make(
            self.location,
            [Wanted(age=5 * DAY, messages=0, hint="empty"), Wanted(age=YOUNG, messages=0, hint="begun")],
        )
        return old, young

    def seen(self) -> Mapping[str, object]:
        """What the library tells of each session."""
        ids = self.maker.ids(self.location)
        return {session_id: self.maker.read(self.location, session_id) for session_id in ids}

    def files(self) -> Mapping[str, str]:
        """What stands in the store's folder, byte by byte."""
        found = [path for path in self.place.rglob("*") if path.is_file()]
        return {
            str(path.relative_to(self.place)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in found
            if path.stat().st_size and not path.name.endswith(_SHARED_MEMORY)
        }

    # --- what the adapter does ------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        return self.container.clock().now()

    def adapter(self) -> StoreAdapter:
        return self.maker.kind.open(self.location, busy_timeout=_BUSY)

    @contextmanager
    def running(self) -> Iterator[StoreRun]:
        with self.adapter().running(UNWATCHED) as run:
            yield run

    def stored(self) -> dict[str, StoredSession]:
        with self.running() as run:
            return {each.session_id: each for each in run.sessions(self.now)}

    def chosen(self, run: StoreRun) -> list[Chosen]:
        """The stale sessions as a run sees them now."""
        found = {each.session_id: each.version for each in run.sessions(self.now)}
        return [Chosen(each, found[each]) for each in sorted(self.stale)]

    @contextmanager
    def writing_archive(self) -> Iterator[ArchiveWriter]:
        with self.container.archives().writing(self.container.ids().new_id(self.now), "0" * 32) as writer:
            yield writer

    # --- what the product does ------------------------------------------------------------------

    def pace(self, pace: Pace) -> None:
        self.container.pace.override(pace)

    @property
    def policy(self) -> RetentionPolicy:
        """Thirty days, and for the rest as short as the store's clock allows."""
        least = max(DAY, self.adapter().recognise().least_age)
        return RetentionPolicy(empty_after=least, orphaned_after=least)

    @property
    def cleanup(self) -> CleanupService:
        return self.container.cleanup_service()

    def scan(self, policy: RetentionPolicy | None = None) -> CleanupReport:
        return self.cleanup.scan(policy or self.policy, listed=None)

    def purge(self, **how: Any) -> CleanupReport:
        return self.cleanup.purge(self.policy, **how)

    def restore(self, report: CleanupReport, *session_ids: str) -> RestoreReport:
        return self.container.restore_service().restore(
            report.run_id or "", session_ids=session_ids, dry_run=False
        )

    def new_path(self, name: str) -> Path:
        return self._folder / name

    def close(self) -> None:
        self.container.shutdown_resources()
        self.maker.dispose(self.location)
