"""What the ledger remembers, and whether somebody edited it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from cleveragents.domain.errors import ArchiveRefusedError, LedgerTamperedError, NoArchiveError
from cleveragents.domain.ports import Archives, Ledger, SessionStore
from cleveragents.domain.run import Attempt, LedgerHead, Run, RunOutcome, tampering

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
            problems += _unlisted(work.ledger)
        elsewhere, verified = [], 0
        for archive in archives:
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


def _unlisted(ledger: Ledger) -> Iterator[str]:
    """Say where the list of archives is not what the runs say that they wrote, and removed."""
    finished_at = {run.run_id: run.finished_at for run in ledger.all_runs()}
    for run in ledger.all_runs():
        if run.archive_hash is None or run.outcome is not RunOutcome.PURGED:
            continue
        archive = ledger.archive_of(run.run_id)
        if archive is None:
            yield f"the archive of run {run.run_id} was taken off the list"
        elif (archive.file_name, archive.sha256) != (run.archive, run.archive_hash):
            yield f"the archive of run {run.run_id} is not the one that the run wrote"
        elif archive.expired_run_id is not None:
            removed_at = finished_at.get(archive.expired_run_id)
            if removed_at is None or removed_at <= run.finished_at:
                yield f"the archive of run {run.run_id} is said to be expired by a run that did not do so"


def _tampered(problems: Sequence[str]) -> LedgerTamperedError:
    more = f"; and {len(problems) - _NAMED:,} more" if len(problems) > _NAMED else ""
    return LedgerTamperedError(
        "The ledger is not as it was written.",
        detail=f"{'; '.join(problems[:_NAMED])}{more}.",
        hints=["Compare it with a backup of the database, and with the archives: agents cleanup archives"],
    )
