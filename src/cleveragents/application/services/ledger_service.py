"""What the ledger remembers, and whether somebody edited it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cleveragents.domain.errors import ArchiveRefusedError, LedgerTamperedError, NoArchiveError
from cleveragents.domain.ports import Archives, SessionStore
from cleveragents.domain.run import Attempt, LedgerHead, Run, tampering

_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """Runs and attempts, newest first.

    `verified_runs` and `verified_archives` count what was verified, None where that was not asked for;
    `archives_elsewhere` are the names of archive files that are not on this host.
    """

    head: LedgerHead
    runs: Sequence[Run]
    attempts: Sequence[Attempt]
    verified_runs: int | None = None
    verified_archives: int | None = None
    archives_elsewhere: Sequence[str] = ()


class LedgerService:
    def __init__(self, store: SessionStore, archives: Archives) -> None:
        self._store = store
        self._archives = archives

    def log(self, limit: int | None) -> Log:
        with self._store.reading() as work:
            return Log(
                head=work.ledger.head(),
                runs=work.ledger.newest_runs(limit),
                attempts=work.ledger.newest_attempts(limit),
            )

    def verified_log(self, limit: int | None) -> Log:
        """The same, after verifying every run and every archive that is on this host.

        Raises LedgerTamperedError where the ledger, or an archive, is not as it was written.
        """
        log = self.log(limit)
        with self._store.reading() as work:
            problems = list(tampering(work.ledger.all_runs(), work.ledger.head()))
            archives = work.ledger.archives()
            hashes = {run.run_id: run.archive_hash for run in work.ledger.all_runs() if run.archive_hash}
        elsewhere, verified = [], 0
        for archive in archives:
            if hashes.get(archive.run_id) != archive.sha256:
                problems.append(f"the archive of run {archive.run_id} is not the one that the run wrote")
            try:
                self._archives.reader(archive).verify()
                verified += 1
            except NoArchiveError:
                elsewhere.append(archive.file_name)
            except ArchiveRefusedError as error:
                problems.append(error.message)
        if problems:
            raise _tampered(problems)
        return replace(
            log, verified_runs=log.head.runs, verified_archives=verified, archives_elsewhere=elsewhere
        )


def _tampered(problems: Sequence[str]) -> LedgerTamperedError:
    more = f"; and {len(problems) - _NAMED:,} more" if len(problems) > _NAMED else ""
    return LedgerTamperedError(
        "The ledger is not as it was written.",
        detail=f"{'; '.join(problems[:_NAMED])}{more}.",
        hints=["Compare it with a backup of the database, and with the archives: agents cleanup archives"],
    )
