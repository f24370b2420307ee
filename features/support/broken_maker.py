"""A maker that has its troubles, for whoever runs the checks from a shell."""

from __future__ import annotations

from datetime import timedelta

from cleveragents.conformance import Maker
from support import broken_telling  # noqa: F401 - it registers what it breaks
from support.broken_adapters import BROKEN, ParlourMaker, maker_of


class Unlucky(ParlourMaker):
    kind = maker_of(BROKEN["it tells ages: takes its times for those of another zone"]).kind

    def append(self, location, session_id):
        raise RuntimeError(f"the library is closed,\nand {session_id} at {location} with it")

    def edit(self, location, session_id):
        return Maker.edit(self, location, session_id)

    def leave_dangling(self, location, age: timedelta):
        return Maker.leave_dangling(self, location, age)


MAKER = Unlucky()
