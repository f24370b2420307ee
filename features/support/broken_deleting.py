"""Adapters that delete or restore what they should not, one for each check that has to find it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import ClassVar

from cleveragents.domain.report import SkipReason
from cleveragents.domain.stored import Chosen, id_of_key, key_of_id
from support.broken_adapters import Adapter, Around, ParlourLayout, breaks

ALL_THAT_IS_OLD = "DELETE FROM talks WHERE spoken < strftime('%s', 'now') - 30 * 86400"

# --- purges -------------------------------------------------------------------------------------


@breaks("a purge takes exactly what was selected", "leaves the messages")
class Leaving(ParlourLayout):
    parts = ParlourLayout.parts[1:]


@breaks("a purge of named sessions takes no other", "takes all that is old along")
@breaks("a purge that is stopped between chunks is exact", "takes all that is old along")
@breaks("a plan never takes one more", "takes all that is old along")
class Greedy(Around):
    @contextmanager
    def deleting(self, chosen, dangling_before, **how):
        with self.inner.deleting(chosen, dangling_before, **how) as deleted:
            yield deleted
        self.adapter.execute(ALL_THAT_IS_OLD)


@breaks("a rehearsal changes nothing", "commits it")
class Committing(Around):
    @contextmanager
    def deleting(self, chosen, dangling_before, *, rehearsal, max_lock):  # noqa: ARG002 - it does not care
        with self.inner.deleting(chosen, dangling_before, rehearsal=False, max_lock=max_lock) as deleted:
            yield deleted


@breaks("what is used after the choice is kept", "looks what the versions are instead of comparing them")
class Agreeing(Around):
    def copy(self, chosen, writer, dangling_before):
        return self.inner.copy(self.anew(chosen), writer, dangling_before)

    def anew(self, chosen) -> Iterator[Chosen]:
        ids = {each.session_id for each in chosen}
        now = datetime.now(UTC)
        found = [Chosen(each.session_id, each.version) for each in self.inner.sessions(now)]
        return iter([each for each in found if each.session_id in ids])


@breaks("what is used after its copy is kept", "deletes it as it is by then")
class Late(Agreeing):
    def copy(self, chosen, writer, dangling_before):
        return self.inner.copy(chosen, writer, dangling_before)

    @contextmanager
    def deleting(self, chosen, dangling_before, **how):
        self.inner._copied = None  # noqa: SLF001 - it forgets what it copied
        with self.inner.deleting(self.anew(chosen), dangling_before, **how) as deleted:
            yield deleted


@breaks("what is edited after its copy is kept", "compares nothing but counts")
class Careless(Around):
    @contextmanager
    def deleting(self, chosen, dangling_before, **how):
        self.inner._copied = None  # noqa: SLF001 - it forgets what it copied
        with self.inner.deleting(chosen, dangling_before, **how) as deleted:
            yield deleted


@breaks("an error in the middle rolls all back", "commits before it says what it did")
class Hasty(Around):
    @contextmanager
    def deleting(self, chosen, dangling_before, **how):
        with self.inner.deleting(chosen, dangling_before, **how) as deleted:
            pass
        yield deleted


@breaks("a run can be stopped", "does not hear it")
class Deaf(Adapter):
    def stop(self):
        pass


@breaks("a purge in chunks comes to its end", "can copy only once")
class Once(Around):
    copies = 0

    def copy(self, chosen, writer, dangling_before):
        self.copies += 1
        if self.copies == 1:
            return self.inner.copy(chosen, writer, dangling_before)
        return dict.fromkeys([each.session_id for each in chosen], SkipReason.CHANGED)


@breaks("what dangles goes when it is old enough", "does not look how old it is")
class Ageless(ParlourLayout):
    def dangling(self, before):  # noqa: ARG002 - it does not look
        return super().dangling(datetime(9000, 1, 1, tzinfo=UTC))


# --- restores -----------------------------------------------------------------------------------


@breaks("a restore gives back what was", "loses the last message")
class Losing(Around):
    def take(self, table, columns, rows, *, dangling):
        kept = list(rows)[: -1 if table == "remarks" else None]
        return self.inner.take(table, columns, iter(kept), dangling=dangling)


@breaks("one session comes back alone", "brings all back")
class Generous(Around):
    def take(self, table, columns, rows, *, dangling):
        whole = list(rows)
        if table == "talks":
            self.every = [id_of_key(row[columns.index("talk_id")]) for row in whole]
        return self.inner.take(table, columns, iter(whole), dangling=dangling)

    def putting_back(self, session_ids):  # noqa: ARG002 - it does not care
        return self.inner.putting_back(self.every)


@breaks("a restore overwrites nothing", "makes room for what comes back")
class Overwriting(Generous):
    def obstacles(self, session_ids):
        for session_id in session_ids:
            self.adapter.execute("DELETE FROM remarks WHERE talk_id = ?", *key_of_id(session_id))
            self.adapter.execute("DELETE FROM talks WHERE talk_id = ?", *key_of_id(session_id))
        return {}


@breaks("a second purge can be undone too", "can restore only once")
class Tired(Around):
    restored: ClassVar[set[str]] = set()

    def putting_back(self, session_ids):
        coming = [each for each in session_ids if each not in self.restored]
        self.restored.update(coming)
        return self.inner.putting_back(coming)
