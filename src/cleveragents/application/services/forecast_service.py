"""Looking ahead: what a moved clock would purge."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from cleveragents.domain.forecast import (
    USUAL_DAYS,
    Amount,
    Comparison,
    Forecast,
    Step,
    buckets_between,
    compared_with,
    measured,
    moments,
    step_for,
)
from cleveragents.domain.ports import Clock, SessionStore
from cleveragents.domain.retention import RetentionPolicy


class ForecastService:
    def __init__(self, store: SessionStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def forecast(
        self, policy: RetentionPolicy, *, days: int = USUAL_DAYS, by: Step | None = None
    ) -> Forecast:
        """Run the one selection at the moments to come and at other thresholds; changes nothing.

        Everything is read in one consistent view. `by` None means by day for a month or less, and by
        week beyond. Raises InvalidValueError for a forecast that is too long.
        """
        as_of, step = self._clock.now(), step_for(days, by)
        ends, thresholds = moments(as_of, days, step), compared_with(policy)
        missing = self._store.is_missing()
        with self._store.looking() as look:
            now = look(policy, as_of, listed=0)

            def at(moment: datetime) -> Amount:
                return Amount.of(now if moment == as_of else look(policy, moment, listed=0))

            def under(stale_after: timedelta) -> Amount:
                if stale_after == policy.stale_after:
                    return Amount.of(now)
                return Amount.of(look(replace(policy, stale_after=stale_after), as_of, listed=0))

            buckets = buckets_between(ends, measured(ends, at))
            amounts = measured(thresholds, under)
        return Forecast(
            policy=policy,
            as_of=as_of,
            days=days,
            by=step,
            scanned=now.scanned,
            eligible_now=Amount.of(now),
            buckets=buckets,
            comparisons=tuple(
                Comparison(stale_after=stale_after, amount=amount)
                for stale_after, amount in zip(thresholds, amounts, strict=True)
            ),
            database_missing=missing,
        )
