"""Adapters that tell what is not so, one for each check that has to find it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from support.broken_adapters import Adapter, Around, ParlourLayout, ParlourMaker, breaks

LOOKS = iter(range(1_000_000))


@breaks("it says what it recognised", "says nothing of what is empty")
class Silent(ParlourLayout):
    def recognised(self, connection):
        return replace(super().recognised(connection), emptiness=" ")


@breaks("it finds nothing where nothing is", "makes a store where there is none")
class Making(Adapter):
    def is_missing(self):
        ParlourMaker().make(f"sqlite:///{self.url.database}", [])
        return False


@breaks("it refuses what it does not know", "takes any tables for its own")
class Trusting(Adapter):
    def layout(self, connection):  # noqa: ARG002 - it does not look
        return ParlourLayout()


@breaks("it names each session that its library lists", "overlooks some")
class Overlooking(ParlourLayout):
    def sessions(self, taken):
        from sqlalchemy import text

        return super().sessions(taken).where(text("guest <> 'fresh'"))


@breaks("it tells ages", "takes its times for those of another zone")
class Elsewhere(ParlourLayout):
    def session_of(self, row, now):
        told = super().session_of(row, now)
        return replace(told, last_accessed_at=told.last_accessed_at - timedelta(hours=3))


@breaks("it tells what is empty", "counts the session itself as a message")
class Counting(ParlourLayout):
    def session_of(self, row, now):
        told = super().session_of(row, now)
        return replace(told, message_count=told.message_count + 1)


@breaks("the policy selects what the rules say", "tells another age at each look")
class Fickle(Around):
    def sessions(self, now):
        is_odd = next(LOOKS) % 2
        for told in self.inner.sessions(now):
            yield replace(told, last_accessed_at=now) if is_odd else told


@breaks("a look changes nothing", "makes the index that it would like to have")
class Helping(Adapter):
    def inspect(self):
        self.execute("CREATE INDEX IF NOT EXISTS talks_by_age ON talks (spoken)")
        return super().inspect()


@breaks("a version changes with its session", "has one version for ever")
class Unchanging(ParlourLayout):
    def session_of(self, row, now):
        return replace(super().session_of(row, now), version="1")


@breaks("it tells who is there", "finds nobody")
class Blind(Around):
    def present(self, session_ids):  # noqa: ARG002 - it does not look
        return iter(())


@breaks("it knows its own files", "knows none")
class Forgetful(Adapter):
    def owns(self, path):  # noqa: ARG002 - it does not look
        return False
