"""Holding a forecast against the purges that really follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dependency_injector import providers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleveragents.domain.forecast import Amount, Forecast, measured
from cleveragents.domain.report import CleanupReport
from cleveragents.domain.retention import RetentionPolicy
from cleveragents.domain.safeguards import Safeguards
from support.clock import START, StandingClock
from support.random_sessions import policies, stores
from support.sessions import SessionWithMessages

if TYPE_CHECKING:
    from support.driver import Driver

_TABLES = ("session_messages", "sessions", "dangling_sessions")
_QUIET = settings(
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
_steps_up = st.lists(st.sampled_from([0, 0, 0, 0, 0, 0, 0, 1, 5]), min_size=1, max_size=400)


class Observatory:
    """One database that is filled anew for each example, and a clock that each example moves."""

    def __init__(self, driver: Driver, examples: int) -> None:
        self._driver = driver
        self._broom = driver.another_connection()
        self._container = driver.container()
        safeguards = Safeguards(archive=False)
        self._container.safeguards.override(providers.Object(safeguards))
        driver.at_the_end(lambda: self._container.store().close())
        self._settings = settings(_QUIET, max_examples=examples)

    def purges_follow_forecasts(self) -> None:
        """Purges at the end of each bucket, and dry runs under each threshold, take what was forecast."""

        @self._settings
        @given(stores(START), policies, st.integers(1, 40), st.sets(st.integers(0, 9), max_size=2))
        def check(
            store: list[SessionWithMessages], policy: RetentionPolicy, days: int, lost: set[int]
        ) -> None:
            self._fill(store, lost)
            self._container.clock.override(providers.Object(clock := StandingClock()))
            forecast = self._container.forecast_service().forecast(policy, days=days)
            self._check_thresholds(forecast)
            for moment, expected in telling(moments_of(forecast)):
                clock.advance(moment - clock.now())
                # Some sessions are dated far in the future; what the clock's brake makes of that is not
                # the question here.
                purged = amount_of(self._container.cleanup_service().purge(policy, ignore_clock=True))
                assert purged == expected, f"{moment}: {purged} instead of {expected}"

        check()

    def _fill(self, store: Sequence[SessionWithMessages], lost: set[int]) -> None:
        for table in _TABLES:
            self._broom.execute(f"DELETE FROM {table}")
        with self._container.store().writing() as work:
            work.sessions.add_many((entry.session, entry.messages) for entry in store)
            work.commit()
        for number in lost:
            if number < len(store):
                self._driver.database.leave_messages_behind(store[number].session.session_id)

    def _check_thresholds(self, forecast: Forecast) -> None:
        for compared in forecast.comparisons:
            policy = replace(forecast.policy, stale_after=compared.stale_after)
            found = self._container.cleanup_service().scan(policy).found
            assert Amount.of(found) == compared.amount, compared


def moments_of(forecast: Forecast) -> list[tuple[datetime, Amount]]:
    """When to purge, and what should go then."""
    later = [(bucket.ends, bucket.amount) for bucket in forecast.buckets]
    return [(forecast.as_of, forecast.eligible_now), *later]


def telling(moments: list[tuple[datetime, Amount]]) -> list[tuple[datetime, Amount]]:
    """Without those in a row of moments for which nothing is forecast but the last of the row.

    What goes too early goes, and is noticed, in the purge at that one.
    """
    return [
        (moment, amount)
        for number, (moment, amount) in enumerate(moments)
        if moments[number : number + 2] == moments[-1:] or {amount, moments[number + 1][1]} != {Amount()}
    ]


def amount_of(report: CleanupReport) -> Amount:
    return Amount(
        sessions=report.purged.sessions,
        messages=report.purged.messages,
        content_bytes=report.logical_bytes,
        dangling_messages=report.purged.dangling_messages,
    )


def purged_as_forecast(driver: Driver, options: str, days: int) -> list[dict[str, int]]:
    """Run a forecast, then the purges it speaks of; returns what each took, and checks it."""
    forecast = driver.ask(f"cleanup forecast --days {days} {options}")
    names = forecast["eligible_now"].keys()
    expected = [(forecast["as_of"], forecast["eligible_now"])]
    expected += [(bucket["to"], {name: bucket[name] for name in names}) for bucket in forecast["buckets"]]
    taken = []
    for moment, amount in expected:
        driver.clock.advance(datetime.fromisoformat(moment) - driver.clock.now())
        taken.append(taken_by(driver.ask(f"cleanup --yes {options}")))
        assert taken[-1] == amount, f"{moment}: {taken[-1]} instead of {amount}"
    assert len(taken) == days + 1
    return taken


def taken_by(data: dict[str, object]) -> dict[str, object]:
    """The figures of a cleanup's answer under the names of a forecast."""
    logical = data["bytes"]
    assert isinstance(logical, dict)
    sessions = data["candidates"] if data["dry_run"] else data["purged"]
    return {
        "sessions": sessions,
        "messages": data["messages"],
        "bytes": logical["logical"],
        "dangling_messages": data["dangling_messages"],
    }


def measured_seldom(examples: int) -> None:
    """`measured` gives what asking everywhere gives, and asks little where nothing changes."""

    @settings(_QUIET, max_examples=examples)
    @given(_steps_up, st.booleans())
    def check(ups: list[int], shrinking: bool) -> None:  # noqa: FBT001 - hypothesis passes it by position
        figures = [sum(ups[: number + 1]) for number in range(len(ups))]
        if shrinking:
            figures.reverse()
        asked: list[int] = []

        def measure(place: int) -> Amount:
            asked.append(place)
            return Amount(sessions=figures[place])

        found = measured(range(len(figures)), measure)
        assert [amount.sessions for amount in found] == figures
        assert len(asked) == len(set(asked)), "asked twice"
        # Halving finds one change among n points with about log2(n) questions.
        changes = len(set(figures)) - 1
        assert len(asked) <= 2 + changes * (len(figures).bit_length() + 1), (len(asked), changes)

    check()


def day_of(moment: str, as_of: str) -> timedelta:
    return datetime.fromisoformat(moment) - datetime.fromisoformat(as_of)
