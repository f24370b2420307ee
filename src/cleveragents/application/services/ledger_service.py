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
        if self._store.is_missing():
            return replace(log, verified_runs=0, verified_archives=0)
        with self._store.reading() as work:
            problems = list(tampering(work.ledger.all_runs(), work.ledger.head()))
            archives = work.ledger.archives()
            problems += _wrong_in_list(work.ledger)
        elsewhere, verified = [], 0
        for archive in archives:
            try:
                manifest = self._archives.reader(archive).verify()
            except NoArchiveError:
                elsewhere.append(archive.file_name)
            except ArchiveRefusedError as error:
                problems.append(error.message)
            else:
                verified += 1
                if manifest.fingerprint != log.head.fingerprint:
                    problems.append(f"the archive {archive.file_name} is not one of this database")
        if problems:
            raise _tampered(problems)
        return replace(
            log, verified_runs=log.head.runs, verified_archives=verified, archives_elsewhere=elsewhere
        )


def _wrong_in_list(ledger: Ledger) -> Iterator[str]:
    """Say where the list of archives is not what the runs say that they wrote, and removed."""
    runs = {run.run_id: run for run in ledger.all_runs()}
    listed = {archive.run_id: archive for archive in ledger.every_archive()}
    for run_id in listed.keys() - runs.keys():
        yield f"the ledger has no run {run_id}, though it has its archive"
    for run in runs.values():
        if run.archive_hash is None or run.outcome != RunOutcome.PURGED:
            continue
        archive = listed.get(run.run_id)
        if archive is None:
            yield f"the archive of run {run.run_id} was taken off the list"
            continue
        if not archive.is_of(run):
            yield f"the archive of run {run.run_id} is not listed as the run wrote it"
        if archive.expired_run_id is None:
            continue
        remover = runs.get(archive.expired_run_id)
        if remover is None or remover.position <= run.position:
            yield f"the archive of run {run.run_id} is said to be expired by a run that did not do so"


def _tampered(problems: Sequence[str]) -> LedgerTamperedError:
    more = f"; and {len(problems) - _NAMED:,} more" if len(problems) > _NAMED else ""
    return LedgerTamperedError(
        "The ledger is not as it was written.",
        detail=f"{'; '.join(problems[:_NAMED])}{more}.",
        hints=["Compare it with a backup of the database, and with the archives: agents cleanup archives"],
    )
