"""Every failure a user can meet: what happened, what to do next, and the exit code that says so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar, Self


class CleverAgentsError(Exception):
    """The root of the tree. A subclass owns its stable `code`, its exit code and its hints."""

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, detail: str = "", hints: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail
        self.hints = tuple(hints)

    def retold(self, message: str, *hints: str) -> Self:
        """The same error in other words, with further hints."""
        told = type(self).__new__(type(self))
        told.__dict__.update(self.__dict__)
        told.args = (message,)
        told.message = message
        told.hints = (*self.hints, *hints)
        return told


# --- exit 2: the words of the command, or the settings, cannot be taken -------------------------


class UsageError(CleverAgentsError):
    code = "usage"
    exit_code = 2


class InvalidDurationError(UsageError):
    code = "invalid_duration"

    def __init__(self, text: str, why: str) -> None:
        super().__init__(
            f"{text!r} is not a duration: {why}.",
            hints=["Write a whole number and a unit: 90s, 30m (minutes), 24h, 30d or 2w."],
        )


class InvalidPolicyError(UsageError):
    code = "invalid_policy"


class InvalidValueError(UsageError):
    """A session, a message or a filter that may not exist as asked for."""

    code = "invalid_value"


class InvalidSettingsError(UsageError):
    code = "invalid_settings"


class ExtraMissingError(UsageError):
    """What was asked for needs a package that comes only with one of this project's extras."""

    code = "extra_missing"

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f"{what} need a package that is not installed. Nothing was changed.",
            hints=[f"pip install 'cleveragents[{extra}]'"],
        )


# --- exit 3 and 4: what was named is not there, or is there twice ------------------------------


class SessionNotFoundError(CleverAgentsError):
    code = "session_not_found"
    exit_code = 3

    def __init__(self, asked_for: str, where: str = "") -> None:
        super().__init__(
            f"No session {where} has the id {asked_for!r}."
            if where
            else f"No session has the id {asked_for!r} or an id that starts with it.",
            hints=["Give its whole id."] if where else ["agents session list"],
        )


class FileMissingError(CleverAgentsError):
    code = "file_not_found"
    exit_code = 3

    def __init__(self, path: object) -> None:
        super().__init__(f"There is no file or folder {str(path)!r}.")


class StoreMissingError(CleverAgentsError):
    code = "store_missing"
    exit_code = 3

    def __init__(self, store: str) -> None:
        super().__init__(f"There is nothing at {store}.", hints=["agents store list"])


class RunNotFoundError(CleverAgentsError):
    code = "run_not_found"
    exit_code = 3

    def __init__(self, asked_for: str) -> None:
        super().__init__(
            f"No purge in the ledger has the id {asked_for!r} or an id that starts with it.",
            hints=["agents cleanup log", "agents cleanup archives"],
        )


class NoArchiveError(CleverAgentsError):
    """A purge that kept no archive, or whose archive is gone."""

    code = "no_archive"
    exit_code = 3


class AmbiguousRunError(CleverAgentsError):
    code = "ambiguous_run"
    exit_code = 4

    def __init__(self, asked_for: str, matches: Sequence[str]) -> None:
        super().__init__(
            f"{asked_for!r} is the beginning of several run ids.",
            detail=f"It matches {', '.join(matches)}.",
            hints=["Give more characters of the id."],
        )


class AmbiguousSessionError(CleverAgentsError):
    code = "ambiguous_session"
    exit_code = 4

    def __init__(self, asked_for: str, matches: Sequence[str], *, more: bool) -> None:
        shown = ", ".join(matches) + (", …" if more else "")
        super().__init__(
            f"{asked_for!r} is the beginning of several session ids.",
            detail=f"It matches {shown}.",
            hints=["Give more characters of the id."],
        )
        self.matches = tuple(matches)


class SessionExistsError(CleverAgentsError):
    code = "session_exists"
    exit_code = 4

    def __init__(self, session_id: str) -> None:
        super().__init__(
            f"A session with the id {session_id!r} exists already; it was left as it is.",
            hints=["Import it under another id with --new-id."],
        )


class MessagesLeftError(CleverAgentsError):
    """A removed session left messages behind that a new one of its id would inherit."""

    code = "messages_left"
    exit_code = 4

    def __init__(self, session_id: str) -> None:
        super().__init__(
            f"Messages of a removed session with the id {session_id!r} are still there; nothing was changed.",
            hints=[
                "Remove them: agents db check --mend, then agents cleanup --only dangling",
                "(they go when they are older than --orphaned-after).",
                "Or import it under another id with --new-id.",
            ],
        )


# --- exit 5: a safety brake --------------------------------------------------------------------


class PurgeRefusedError(CleverAgentsError):
    """A brake stopped a purge; `remedy` holds the words which, added to the command, would allow it."""

    exit_code = 5

    def __init__(
        self, message: str, *, detail: str = "", remedy: Sequence[str] = (), hints: Sequence[str] = ()
    ) -> None:
        super().__init__(message, detail=detail, hints=hints)
        self.remedy = tuple(remedy)


class TooManyError(PurgeRefusedError):
    code = "too_many"


class ClockRefusedError(PurgeRefusedError):
    code = "clock"


class LockBudgetError(PurgeRefusedError):
    """A transaction would keep those who write waiting for longer than is allowed."""

    code = "lock_budget"

    @property
    def fitting_chunk(self) -> int | None:
        """How many sessions may go at once; None where no smaller number would do."""
        return int(self.remedy[1]) if self.remedy else None


class LockBudgetSpentError(LockBudgetError):
    """It did so, and was rolled back."""

    def __init__(self, limit: timedelta) -> None:
        super().__init__(
            f"The transaction held the database's write lock for {limit.total_seconds():g} s, the longest "
            "that is allowed, and was not done. It was rolled back."
        )


class UnarchivedTablesError(PurgeRefusedError):
    """Deleting would take rows of other programs' tables, which no archive keeps."""

    code = "unarchived_tables"


class NotEnoughSpaceError(PurgeRefusedError):
    """What it would write for the time being does not fit on the disk."""

    code = "not_enough_space"


class PlanRefusedError(PurgeRefusedError):
    code = "plan_refused"


# --- exit 7: somebody else holds the lock ----------------------------------------------------


class DatabaseLockedError(CleverAgentsError):
    code = "database_locked"
    exit_code = 7

    def __init__(self, waited: str) -> None:
        super().__init__(
            f"Another process holds the database's write lock; gave up after {waited}. Nothing was changed.",
            hints=[
                "Try again when the other process is done.",
                "Wait longer with CLEVERAGENTS_DATABASE_BUSY_TIMEOUT=60s.",
            ],
        )


class RunAtWorkError(CleverAgentsError):
    code = "run_at_work"
    exit_code = 7

    def __init__(self) -> None:
        super().__init__(
            "Another run deletes chunk by chunk in this database right now. Nothing was changed.",
            hints=["Try again when it is done: agents cleanup log shows its chunks."],
        )


class LeaseLostError(CleverAgentsError):
    """A sweep went on for longer than its lease, or its process was paused; another host may have it now."""

    code = "lease_lost"
    exit_code = 7

    def __init__(self) -> None:
        super().__init__(
            "The lease of this sweep has expired or is another host's; the transaction was rolled back.",
            hints=["agents cleanup status"],
        )


class SweepAtWorkError(CleverAgentsError):
    code = "sweep_at_work"
    exit_code = 7

    def __init__(self, holder: str = "") -> None:
        super().__init__(
            f"Another process sweeps this database{f' ({holder})' if holder else ''}. Nothing was changed.",
            hints=["agents cleanup status"],
        )


class SweepsStoppedError(CleverAgentsError):
    """Somebody does not want sweeps."""

    code = "sweeps_stopped"
    exit_code = 7


class DatabaseBusyError(CleverAgentsError):
    """Two transactions were in each other's way, and this one gave way."""

    code = "database_busy"
    exit_code = 7

    def __init__(self, *, detail: str) -> None:
        super().__init__(
            "Another transaction was in the way, so this one was ended. Nothing was changed.",
            detail=detail,
            hints=["Run it again."],
        )


# --- exit 1: the database, a file or the run itself -------------------------------------------


class DatabaseError(CleverAgentsError):
    code = "database_error"


class DatabaseUnavailableError(DatabaseError):
    code = "database_unavailable"


class NotADatabaseError(DatabaseError):
    code = "not_a_database"


class StoreNotRecognisedError(DatabaseError):
    """A foreign store is not of a layout that is known, so nothing of it may be guessed."""

    code = "store_not_recognised"


class StoreKindError(CleverAgentsError):
    """A kind of store, which may be another package's, failed where it should have answered."""

    code = "store_kind"

    def __init__(self, kind: str, error: Exception) -> None:
        super().__init__(
            f"The kind of store {kind!r} failed: {type(error).__name__}: {error}",
            hints=["python -m cleveragents.conformance shows whether it keeps to what is asked of a kind."],
        )


class SchemaOutdatedError(DatabaseError):
    code = "schema_outdated"


class SchemaTooNewError(DatabaseError):
    code = "schema_too_new"


class ReadOnlyDatabaseError(DatabaseError):
    code = "read_only"


class DiskFullError(DatabaseError):
    code = "disk_full"


class OutcomeUnknownError(DatabaseError):
    code = "outcome_unknown"

    def __init__(self) -> None:
        super().__init__(
            "The connection broke while the transaction was being committed: "
            "either all of it happened or nothing did, and only the database knows.",
            hints=["Look again when the server is back: agents cleanup --dry-run"],
        )


class LedgerBehindError(OutcomeUnknownError):
    """A foreign store has committed a purge, and the ledger, which lies elsewhere, does not have it yet."""

    code = "ledger_behind"
    exit_code = 6

    def __init__(self, run_id: str, why: str) -> None:
        CleverAgentsError.__init__(
            self,
            f"Run {run_id} was committed in the store, but its entry could not be written to the ledger.",
            detail=why,
            hints=["Its archive is kept. The next purge of this store enters it: agents cleanup --store …"],
        )


class PurgeMismatchError(DatabaseError):
    """What the database deleted is not what was chosen; the transaction was rolled back."""

    code = "purge_mismatch"


class DocumentRefusedError(CleverAgentsError):
    """A session document that is truncated, altered, unknown, or not a session at all."""

    code = "document_refused"


class ArchiveRefusedError(CleverAgentsError):
    """An archive that is truncated, altered, or not the one that the ledger knows."""

    code = "archive_refused"


class ArchiveUnwritableError(CleverAgentsError):
    """The archive could not be written, so nothing was deleted."""

    code = "archive_unwritable"


class PurgeUnprovenError(CleverAgentsError):
    """A purge was committed, but what it deleted is there again, or nobody could look."""

    code = "purge_unproven"
    exit_code = 6


class ExpiryHookError(CleverAgentsError):
    """A hook that was to warn of sessions before they become eligible failed."""

    code = "expiry_hook"


class LedgerTamperedError(CleverAgentsError):
    code = "ledger_tampered"


class FileUnreadableError(CleverAgentsError):
    code = "file_unreadable"


class FileUnwritableError(CleverAgentsError):
    code = "file_unwritable"


class MetricsPortError(CleverAgentsError):
    """Metrics cannot be shown where they were asked for."""

    code = "metrics_port"

    def __init__(self, address: str, port: int, why: str) -> None:
        super().__init__(
            f"Metrics cannot be shown at {address}:{port}: {why}. No sweep was begun.",
            hints=["Name a port that is free with --metrics-port, and one of this host's addresses."],
        )


class InterruptedRunError(CleverAgentsError):
    code = "interrupted"
    exit_code = 130

    def __init__(
        self, message: str = "Interrupted; the transaction was rolled back and nothing was changed."
    ) -> None:
        super().__init__(message)
