"""One deleting transaction: files are moved aside one by one, and go together at its end or come back."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from errno import EACCES, EBUSY, EPERM, EXDEV
from itertools import islice

from cleveragents.domain.errors import LockBudgetSpentError
from cleveragents.domain.report import SkipReason
from cleveragents.domain.stored import Chosen
from cleveragents.infrastructure.stores.files.content import (
    ChangedError,
    digest_of,
    is_in_use,
    stamps_as_chosen,
    stamps_of,
)
from cleveragents.infrastructure.stores.files.layout import Pieces
from cleveragents.infrastructure.stores.files.moving import move
from cleveragents.infrastructure.stores.files.recovery import PURGE, put_back, undo
from cleveragents.infrastructure.stores.files.root import Root, Stamp
from cleveragents.infrastructure.stores.files.side_folder import SideFolder

_AT_ONCE = 2_000
"""Sessions whose files are looked at, then noted, then moved; each is looked at again before it is moved."""
_NOT_OURS_TO_MOVE = {EACCES, EPERM, EBUSY, EXDEV}
_BLOCK = 512


class Removal:
    """`check` raises what stops it; `digest` gives what is known of a session's content, or a blank."""

    def __init__(  # noqa: PLR0913 - what it does it with, and how far it may go
        self,
        root: Root,
        pieces: Pieces,
        *,
        in_use: Collection[str],
        check: Callable[[], None],
        digest: Callable[[Chosen], str],
        max_lock: timedelta | None,
    ) -> None:
        self._root = root
        self._pieces = pieces
        self._in_use = in_use
        self._check = check
        self._digest = digest
        self._max_lock = max_lock
        self._side: SideFolder | None = None
        self.began = time.monotonic()
        self.skipped: dict[str, SkipReason] = {}
        self.sessions = 0
        self.physical_bytes = 0

    def rehearse(self, chosen: Iterable[Chosen]) -> None:
        """Look at every session as a removal does; nothing is moved, so that nobody misses anything."""
        for each in chosen:
            self._look(each)

    def take(self, chosen: Iterable[Chosen]) -> None:
        remaining = iter(chosen)
        while batch := list(islice(remaining, _AT_ONCE)):
            seen = [(each, stamps) for each in batch if (stamps := self._look(each))]
            if seen:
                self._take(seen)

    def commit(self) -> None:
        """From here on it is done, whatever happens; what cannot be removed now is by the next run."""
        if self._side is None:
            return
        self._side.finish()
        try:
            self._side.remove(with_files=True)
        except OSError:
            pass
        finally:
            self._side.close()

    def roll_back(self) -> None:
        if self._side is None:
            return
        try:
            undo(self._root, self._side)
            self._side.remove(with_files=False)
        finally:
            self._side.close()

    def _look(self, chosen: Chosen) -> list[Stamp]:
        """The files of a session that is as it was chosen, and copied; none where it is not."""
        self._check()
        self._stay_within_budget()
        try:
            stamps = self._stamps_of_unused(chosen)
        except ChangedError as changed:
            self.skipped[chosen.session_id] = changed.why
            return []
        self._count(1, stamps)
        return stamps

    def _stamps_of_unused(self, chosen: Chosen) -> list[Stamp]:
        stamps = stamps_as_chosen(self._root, self._pieces(chosen.session_id), chosen)
        known = self._digest(chosen)
        if known and digest_of(self._root, stamps) != known:
            raise ChangedError(SkipReason.CHANGED)
        if chosen.session_id in self._in_use:
            raise ChangedError(SkipReason.LEASED)
        return stamps

    def _take(self, seen: Sequence[tuple[Chosen, list[Stamp]]]) -> None:
        if self._side is None:
            self._side = SideFolder.made(self._root, PURGE)
            self.began = time.monotonic()
        side = self._side
        numbered = [
            (each, stamps, [(side.number(), piece) for piece in self._pieces(each.session_id)])
            for each, stamps in seen
        ]
        side.note(["moved", *move_] for _, _, moves in numbered for move_ in moves)
        for chosen, stamps, moves in numbered:
            self._check()
            self._stay_within_budget()
            why = self._move(side, stamps, moves)
            if why is not None:
                self._count(-1, stamps)
                self.skipped[chosen.session_id] = why

    def _move(
        self, side: SideFolder, stamps: Sequence[Stamp], moves: Sequence[tuple[str, str]]
    ) -> SkipReason | None:
        """Move what a session consists of; where it is not what was seen, put all back and say why."""
        moved: list[tuple[str, str]] = []
        why = None
        try:
            if stamps_of(self._root, [piece for _, piece in moves]) != stamps:
                return SkipReason.USED
            for number, piece in moves:
                move(self._root, piece, side.path_of(number))
                moved.append((number, piece))
            # Nobody finds them any more; whoever had found them before has them open.
            if not self._is_as_seen(side, stamps, moves):
                why = SkipReason.USED
        except (ChangedError, FileNotFoundError):
            why = SkipReason.USED
        except OSError as error:
            if error.errno not in _NOT_OURS_TO_MOVE:
                raise
            why = SkipReason.LOCKED
        if why is not None:
            for number, piece in reversed(moved):
                put_back(self._root, side, number, piece)
        return why

    def _is_as_seen(
        self, side: SideFolder, stamps: Sequence[Stamp], moves: Sequence[tuple[str, str]]
    ) -> bool:
        now = stamps_of(self._root, [side.path_of(number) for number, _ in moves])
        if [stamp.mark for stamp in now] != [stamp.mark for stamp in stamps]:
            return False
        return not any(self._is_in_use(stamp.path) for stamp in now if not stamp.is_folder)

    def _is_in_use(self, path: str) -> bool:
        try:
            with self._root.opened(path) as descriptor:
                return is_in_use(descriptor)
        except PermissionError:
            return False  # nobody can tell; without an archive nothing of it is read

    def _count(self, number: int, stamps: Iterable[Stamp]) -> None:
        self.sessions += number
        self.physical_bytes += number * sum(stamp.blocks for stamp in stamps) * _BLOCK

    def _stay_within_budget(self) -> None:
        limit = self._max_lock
        if limit is not None and time.monotonic() - self.began > limit.total_seconds():
            raise LockBudgetSpentError(limit)


def existing(pieces: Pieces, session_ids: Iterable[str]) -> Iterator[str]:
    return (each for each in session_ids if pieces(each))
