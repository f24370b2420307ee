"""Warning of sessions before they become eligible."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import TypeVar

from cleveragents.domain.errors import CleverAgentsError, ExpiryHookError
from cleveragents.domain.listing import ExpiringSession, end_of
from cleveragents.domain.ports import Clock, IdFactory, SessionStore
from cleveragents.domain.retention import RetentionPolicy

logger = logging.getLogger(__name__)

Hook = Callable[[Sequence[ExpiringSession]], object]
USUAL_NOTICE = timedelta(days=7)
CLAIMED_FOR = timedelta(minutes=10)
"""How long a hook may take for one batch before another host takes its sessions over."""
_BATCH = 100
_FORGOTTEN_AT_ONCE = 1_000
Item = TypeVar("Item")


class ExpiryWarner:
    def __init__(self, store: SessionStore, clock: Clock, ids: IdFactory) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids

    def warn(self, policy: RetentionPolicy, hook: Hook, *, warn_before: timedelta = USUAL_NOTICE) -> int:
        """Call `hook` with the sessions that become eligible within `warn_before`; returns how many.

        It gets batches of up to a hundred, the soonest first, and each session once for each reset of
        its clock, on whatever host and in whatever process. Used, pinned and removed sessions are left
        out until the last moment. Where it raises, its batch is not remembered, the batches before it
        are, and ExpiryHookError tells so. Where the process ends between the hook and the remembering,
        or the hook takes longer than ten minutes for a batch, those sessions are warned of again:
        at least once, not at most once.
        """
        now = self._clock.now()
        until = end_of(now, warn_before)
        self._forget_what_is_gone()
        with self._store.reading() as work:
            pending = work.warnings.pending(policy, now, until)
        warned = 0
        for batch in _batches(iter(pending)):
            warned += self._warn_of(batch, hook, warned)
        return warned

    def _warn_of(self, batch: Sequence[ExpiringSession], hook: Hook, before: int) -> int:
        now = self._clock.now()
        claim = self._ids.new_id(now)
        with self._store.writing() as work:
            claimed = work.warnings.claim(batch, claim, now, now + CLAIMED_FOR)
            is_interrupted = work.commit()
        if claimed:
            try:
                _go_on_unless(is_interrupted)
                hook(claimed)
            except BaseException as error:
                self._release(claim)
                if not isinstance(error, Exception):
                    raise
                raise _failed(error, before, len(claimed)) from error
            with self._store.writing() as work:
                work.warnings.settle(claim)
                is_interrupted = work.commit()
        _go_on_unless(is_interrupted)
        return len(claimed)

    def _release(self, claim: str) -> None:
        try:
            with self._store.writing() as work:
                work.warnings.release(claim)
                work.commit()
        except CleverAgentsError as failure:
            # It ends by itself.
            logger.info("A claim to warn could not be released", extra={"why": failure.message})

    def _forget_what_is_gone(self) -> None:
        """A few at a time, so that nobody waits for it."""
        while True:
            with self._store.reading() as work:
                gone = work.warnings.gone(_FORGOTTEN_AT_ONCE)
            if not gone:
                return
            with self._store.writing() as work:
                work.warnings.forget(gone)
                _go_on_unless(work.commit())


def _go_on_unless(is_interrupted: bool) -> None:  # noqa: FBT001 - what a commit returns
    """A Ctrl-C during a commit is held back until then, and shall still end the rest."""
    if is_interrupted:
        raise KeyboardInterrupt


def _failed(error: Exception, before: int, failed: int) -> ExpiryHookError:
    told = ExpiryHookError(
        f"The hook that warns of expiring sessions failed ({type(error).__name__}: {error}). It was told of "
        f"{before:,} sessions before; {failed:,} are not remembered as warned of and come again.",
    )
    logger.error(told.message)
    return told


def _batches(items: Iterator[Item]) -> Iterator[list[Item]]:
    while batch := list(islice(items, _BATCH)):
        yield batch
