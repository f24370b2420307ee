"""Policies that must not exist, because a program could take them for "everything"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from cleveragents.domain.adaptive import AutoThreshold, ReturnRate
from cleveragents.domain.retention import RetentionPolicy, SessionFilter

REFUSED: dict[str, Callable[[], object]] = {
    "a threshold of nothing": lambda: RetentionPolicy(stale_after=timedelta(0)),
    "a threshold below nothing": lambda: RetentionPolicy(empty_after=timedelta(seconds=-1)),
    "a threshold over a century": lambda: RetentionPolicy(orphaned_after=timedelta(days=36_501)),
    "no class at all": lambda: RetentionPolicy(reasons=frozenset(), dangling=False),
    "the newest 0 to keep": lambda: RetentionPolicy(keep_last=0),
    "a threshold below a second": lambda: RetentionPolicy(stale_after=timedelta(microseconds=1)),
    "more to keep than a number holds": lambda: RetentionPolicy(keep_last=2**63),
    "one text for a filter": lambda: SessionFilter(actors="team/planner"),
    "a blank filter": lambda: SessionFilter(actors=("a", " ")),
    "a return rate of nothing": lambda: ReturnRate(Decimal(0)),
    "a return rate over all": lambda: ReturnRate(Decimal("100.1")),
    "an auto threshold of nothing": lambda: AutoThreshold(least=timedelta(0)),
    "an auto threshold over a century": lambda: AutoThreshold(most=timedelta(days=36_501)),
    "auto bounds the wrong way round": lambda: AutoThreshold(least=timedelta(days=181)),
    "a filter that holds a NUL": lambda: SessionFilter(names=("a\0b",)),
}
