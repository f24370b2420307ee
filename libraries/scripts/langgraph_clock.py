"""The clock that LangGraph sees: it writes no time but the one in the ids of its checkpoints."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from langgraph.checkpoint.base import id as checkpoint_ids  # type: ignore[import-not-found]


@contextmanager
def clock_moved_back(seconds: int) -> Iterator[None]:
    now_in_nanoseconds, now = time.time_ns, dt.datetime

    class Earlier(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return now.now(tz) - dt.timedelta(seconds=seconds)

    dating = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("langgraph.") and getattr(module, "datetime", None) is now
    ]
    with ExitStack() as stack:
        # Ids never go back by themselves.
        stack.enter_context(patch.object(checkpoint_ids, "_last_v6_timestamp", None))
        nanoseconds = seconds * 1_000_000_000
        stack.enter_context(patch.object(time, "time_ns", lambda: now_in_nanoseconds() - nanoseconds))
        for module in dating:
            stack.enter_context(patch.object(module, "datetime", Earlier))
        yield
