"""Reviewing the policy and the safeguards in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cleveragents.application.services.run_recorder import RunRecorder
from cleveragents.domain.brakes import unkept_tables
from cleveragents.domain.duration import LONGEST
from cleveragents.domain.pace import Pace
from cleveragents.domain.policy_concerns import concerns_about
from cleveragents.domain.policy_review import FILTERS, Match, PolicyReview
from cleveragents.domain.ports import Clock, Look, SessionStore
from cleveragents.domain.report import Findings
from cleveragents.domain.retention import RetentionPolicy, SessionFilter
from cleveragents.domain.safeguards import Safeguards

_NO_LATER = datetime.max.replace(tzinfo=UTC)


class PolicyService:
    """`places` says where each setting's value came from."""

    def __init__(  # noqa: PLR0913 - it reviews what many parts are told
        self,
        store: SessionStore,
        clock: Clock,
        recorder: RunRecorder,
        *,
        safeguards: Safeguards,
        pace: Pace,
        places: Mapping[str, str],
        archive_folder: Path,
    ) -> None:
        self._store = store
        self._clock = clock
        self._recorder = recorder
        self._safeguards = safeguards
        self._pace = pace
        self._places = places
        self._archive_folder = archive_folder

    def review(self, policy: RetentionPolicy) -> PolicyReview:
        """Scan under the policy and say what each value of it does now; changes nothing."""
        as_of, missing = self._clock.now(), self._store.is_missing()
        unkept = unkept_tables(self._safeguards, self._recorder.circumstances())
        with self._store.looking() as look:
            found = look(policy, as_of, listed=0)
            review = PolicyReview(
                policy=policy,
                safeguards=self._safeguards,
                pace=self._pace,
                archive_folder=str(self._archive_folder),
                places=self._places,
                as_of=as_of,
                found=found,
                matches=tuple(_matches(look, policy, as_of)),
                keep_last_keeps_all=_keep_last_keeps_all(look, policy, as_of, found),
                unkept_tables=unkept,
                database_missing=missing,
            )
        return replace(review, concerns=concerns_about(review))


def _matches(look: Look, policy: RetentionPolicy, now: datetime) -> Iterator[Match]:
    """How many sessions each kind of filter leaves in, and each of several values of one kind."""
    for kind in FILTERS:
        wanted: tuple[str, ...] = getattr(policy.narrowed_to, kind)
        for values in dict.fromkeys([*([wanted] if wanted else []), *((value,) for value in wanted)]):
            narrowed = replace(policy, narrowed_to=SessionFilter(**{kind: values}))
            found = look(narrowed, now, listed=0)
            yield Match(kind=kind, wanted=values, sessions=found.scanned - found.kept.filtered)


def _keep_last_keeps_all(look: Look, policy: RetentionPolicy, now: datetime, found: Findings) -> bool:
    """Whether even after every threshold nothing would be selected, and it is for `keep_last` alone."""
    if policy.keep_last is None or found.candidates:
        return False
    try:
        in_the_end = now + 2 * LONGEST
    except OverflowError:
        in_the_end = _NO_LATER
    without = replace(policy, keep_last=None)
    return (
        look(policy, in_the_end, listed=0).candidates == 0
        and look(without, in_the_end, listed=0).candidates > 0
    )
