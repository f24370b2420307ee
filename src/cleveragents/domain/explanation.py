"""The verdict for one session, taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cleveragents.domain.retention import Protection, Reason, RetentionPolicy, Verdict
from cleveragents.domain.session import Session

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOutcome:
    """One threshold applied to one session; `applies` is false where the rule is not about it."""

    reason: Reason
    applies: bool
    threshold: timedelta
    selects: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The verdict for one session now, and each rule that was asked."""

    session: Session
    verdict: Verdict
    policy: RetentionPolicy
    as_of: datetime
    rules: tuple[RuleOutcome, ...]
    eligible_at: datetime | None
    """When it becomes a candidate if nobody touches it; None where no rule ever selects it."""

    @property
    def age(self) -> timedelta:
        return self.as_of - self.session.last_accessed_at


def explain(
    session: Session, verdict: Verdict, policy: RetentionPolicy, now: datetime, *, is_orphan: bool
) -> Explanation:
    applies = {
        Reason.STALE: True,
        Reason.EMPTY: session.message_count == 0,
        Reason.ORPHANED: is_orphan,
    }
    rules = tuple(
        RuleOutcome(
            reason=reason,
            applies=applies[reason] and reason in policy.reasons,
            threshold=policy.threshold(reason, session.stale_after),
            selects=reason in verdict.reasons,
        )
        for reason in Reason
    )
    return Explanation(
        session=session,
        verdict=verdict,
        policy=policy,
        as_of=now,
        rules=rules,
        eligible_at=_eligible_at(session, verdict, rules),
    )


def _eligible_at(session: Session, verdict: Verdict, rules: tuple[RuleOutcome, ...]) -> datetime | None:
    """The first moment at which a rule selects it, unless a protection has no foreseeable end."""
    lasting = verdict.protections - {Protection.LEASED, Protection.FUTURE}
    thresholds = [rule.threshold for rule in rules if rule.applies]
    if lasting or not thresholds or not verdict.in_scope:
        return None
    try:
        moment = session.last_accessed_at + min(thresholds) + _INSTANT
    except OverflowError:  # dated near the year 9999
        return None
    if session.lease_expires_at is not None:
        moment = max(moment, session.lease_expires_at)
    return max(moment, session.created_at)
