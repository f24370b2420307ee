"""Claude Code's folder: transcripts, and beside them what is kept for each of their sessions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cleveragents.domain.errors import StoreNotRecognisedError
from cleveragents.domain.report import Unreadable
from cleveragents.domain.stored import Recognised, StoredSession
from cleveragents.infrastructure.stores.claude_code.listing import (
    BESIDE,
    DEBUG,
    PROJECTS,
    TRANSCRIPT,
    UUID,
    Listing,
    listed,
)
from cleveragents.infrastructure.stores.claude_code.live import sessions_in_use
from cleveragents.infrastructure.stores.claude_code.transcripts import (
    NotATranscriptError,
    Transcript,
    read_transcript,
)
from cleveragents.infrastructure.stores.clocks import epoch_seconds
from cleveragents.infrastructure.stores.files.content import version_of
from cleveragents.infrastructure.stores.files.layout import Pieces
from cleveragents.infrastructure.stores.files.root import NotPlainError, Root, Stamp

_FOR_EVER = datetime.max.replace(tzinfo=UTC)
_NANOSECONDS = 1_000_000_000
_NO_TRANSCRIPT = (
    "There is no transcript at all, so nobody can tell which companions are orphaned: all of them are kept."
)


class ClaudeCodeFolder:
    """A session goes by its id alone: what is kept beside transcripts tells not of which project it is."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unreadable: list[Unreadable] = []

    @property
    def unreadable(self) -> Sequence[Unreadable]:
        return self._unreadable

    def require(self, root: Root) -> None:
        try:
            with root.folder(PROJECTS):
                return
        except OSError as error:
            raise StoreNotRecognisedError(
                f"{str(self._path)!r} is not Claude Code's folder: it has no folder {PROJECTS!r} of its own. "
                "Nothing was changed.",
                detail=error.strerror or "",
                hints=["Claude Code's folder is ~/.claude, or what CLAUDE_CONFIG_DIR says."],
            ) from error

    def recognised(self, root: Root) -> Recognised:
        self.require(root)
        found = listed(root)
        return Recognised(
            layout=f"Claude Code's folder: {_transcripts_told(root, found)}",
            last_accessed="the latest timestamp in the transcript, or modification of a file of the session",
            emptiness="a transcript without a message of a user or an assistant; only with --only empty",
            orphans="companions of a session that has no transcript in any project",
            belongs=(
                f"{PROJECTS}/*/ID{TRANSCRIPT}",
                f"{PROJECTS}/*/ID/",
                *(f"{folder}/ID*" for folder in BESIDE),
                f"{DEBUG}/ID.txt",
            ),
            left_alone=("all that is not named after a session's id", "sessions-index.json"),
            protected="sessions that a running process names in sessions/; transcripts go only with --only",
            advice=() if found.transcripts else (_NO_TRANSCRIPT,),
        )

    def sessions(self, root: Root, now: datetime) -> Iterator[StoredSession]:
        found = listed(root)
        in_use = self.in_use(root)
        self._unreadable = found.unreadable
        for session_id in found.ids():
            if session_id in found.unreadable_ids:
                continue
            session = self._session(root, found, session_id, in_use=session_id in in_use, now=now)
            if session is not None:
                yield session

    def in_use(self, root: Root) -> Collection[str]:
        return sessions_in_use(root)

    def pieces(self, root: Root) -> Pieces:
        return listed(root).pieces

    def belongs(self, session_id: str, path: str) -> bool:
        parts = path.split("/")
        if UUID.fullmatch(session_id) is None:
            return False
        if parts[0] in {*BESIDE, DEBUG}:
            named = parts[1] if parts[1:] else ""
        else:
            named = parts[2] if parts[0] == PROJECTS and parts[2:] else ""
        return named.startswith(session_id) and not named[len(session_id) :][:1].isalnum()

    def _session(
        self, root: Root, found: Listing, session_id: str, *, in_use: bool, now: datetime
    ) -> StoredSession | None:
        """None where it is gone meanwhile, or where something of it cannot be understood, which is named."""
        stamps: list[Stamp] = []
        transcripts: list[Transcript] = []
        path, why = "", ""
        try:
            for path in found.pieces(session_id):
                stamps += root.walk(path)
                if path in found.transcripts.get(session_id, ()):
                    transcripts.append(read_transcript(root, path, now))
        except FileNotFoundError:
            return None
        except NotATranscriptError as error:
            why = str(error)
        except NotPlainError as error:
            path, why = error.filename, error.strerror or ""
        except OSError as error:
            why = f"cannot be read: {error.strerror}"
        if why:
            self._unreadable.append(Unreadable(path, why))
            return None
        return _stored(found, session_id, stamps, transcripts, in_use=in_use)


def _stored(
    found: Listing,
    session_id: str,
    stamps: Sequence[Stamp],
    transcripts: Sequence[Transcript],
    *,
    in_use: bool,
) -> StoredSession:
    touched = [epoch_seconds(stamp.mtime_ns / _NANOSECONDS) for stamp in stamps]
    told = [moment for each in transcripts for moment in (each.oldest, each.newest) if moment is not None]
    # Where the transcript is gone nobody knows how many messages there were, but empty is something else.
    companions = found.companions.get(session_id, ())
    is_sure = bool(transcripts) or found.is_known_to_be_orphaned(session_id)
    projects = [path.split("/")[1] for path in found.pieces(session_id) if path.startswith(f"{PROJECTS}/")]
    return StoredSession(
        session_id=session_id,
        created_at=min(told or touched),
        last_accessed_at=max([*told, *touched]) if is_sure else None,
        message_count=sum(each.messages for each in transcripts) if transcripts else len(companions),
        content_bytes=sum(stamp.size for stamp in stamps),
        version=version_of(stamps),
        name=projects[-1].encode(errors="replace").decode() if projects else None,
        # Nothing has that id, so that what is left of a session counts as orphaned.
        parent_session_id=None if transcripts else f"{session_id}{TRANSCRIPT}",
        in_use_until=_FOR_EVER if in_use else None,
    )


def _transcripts_told(root: Root, found: Listing) -> str:
    stamps = [stamp for paths in found.transcripts.values() for path in paths for stamp in _there(root, path)]
    if not stamps:
        return "no transcripts"
    size = sum(stamp.size for stamp in stamps)
    days = sorted(epoch_seconds(stamp.mtime_ns / _NANOSECONDS).date().isoformat() for stamp in stamps)
    return f"{len(stamps):,} transcripts with {size:,} bytes, written last from {days[0]} to {days[-1]}"


def _there(root: Root, path: str) -> Iterator[Stamp]:
    try:
        yield root.stamp(path)
    except OSError:
        return
