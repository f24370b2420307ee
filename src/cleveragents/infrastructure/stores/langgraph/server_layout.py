"""The tables of LangGraph's PostgresSaver, which keeps content apart from the checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    column,
    false,
    func,
    select,
    table,
    true,
    tuple_,
    union_all,
)

from cleveragents.infrastructure.stores.langgraph.layouts import CHECKPOINT, THREAD, Checkpointer, is_before
from cleveragents.infrastructure.stores.langgraph.uuid6 import is_uuid6
from cleveragents.infrastructure.stores.sql.layout import DanglingRows, Part

BLOB = ("thread_id", "checkpoint_ns", "channel", "version")


class PostgresSaver(Checkpointer):
    writes = "checkpoint_writes"
    sizes: ClassVar[dict[str, tuple[str, ...]]] = {
        "checkpoints": ("checkpoint", "metadata"),
        "checkpoint_blobs": ("blob",),
        "checkpoint_writes": ("blob",),
    }
    # In the order in which a run that saves a checkpoint locks them, so that neither waits for the other.
    parts = (
        Part(table="checkpoint_blobs", keys=THREAD),
        Part(table="checkpoints", keys=THREAD),
        Part(table="checkpoint_writes", keys=THREAD),
    )
    _title = "LangGraph's PostgresSaver, versions 1 to 3"
    _orphans = "checkpoint_writes without their checkpoint, checkpoint_blobs that no checkpoint refers to"
    _left_alone = (
        "store",
        "store_vectors",
        "checkpoint_migrations",
        "checkpoint_blobs of threads of which nothing else is left, whose age is unknown",
    )

    def size(self, own: ColumnElement[Any]) -> ColumnElement[int]:
        return func.coalesce(func.pg_column_size(own), 0)

    def dangling(self, before: datetime) -> Sequence[DanglingRows]:
        # Blobs first: how old they are, writes may tell that go with them.
        return [self._blobs(before), *super().dangling(before)]

    def _blobs(self, before: datetime) -> DanglingRows:
        """Blobs that no checkpoint of their thread and namespace refers to.

        A blob has no time. It is as old as the youngest that its thread has beside it: a checkpoint, or else
        a write. Where there is neither, or an id of another form, nobody knows: it is kept. So it is where a
        checkpoint of the thread does not tell what it refers to.
        """
        blobs = table("checkpoint_blobs", *map(column, (*BLOB, "blob")))
        # All of them at once: asked of each blob, it would be asked of each checkpoint of its thread too.
        unreferred = _blobs_of(old := _old_threads(before)).except_(_referred_by(old))
        return DanglingRows(
            rows=blobs,
            is_dangling=tuple_(*(blobs.c[name] for name in BLOB)).in_(unreferred),
            size=self.size(blobs.c.blob),
        )


def _blobs_of(threads: CTE) -> Select[Any]:
    own = table("checkpoint_blobs", *map(column, BLOB)).alias("of_old")
    return select(*own.c).select_from(own.join(threads, threads.c.thread_id == own.c.thread_id))


def _referred_by(threads: CTE) -> Select[Any]:
    """The blobs that a checkpoint of the threads refers to."""
    own = table("checkpoints", *map(column, (*CHECKPOINT, "checkpoint"))).alias("referring")
    # The server may look at the versions before it looks whose they are.
    told = case((_tells_versions(own), _versions(own)))
    versions = func.jsonb_each_text(told).table_valued("key", "value").lateral("version_of")
    source = own.join(threads, threads.c.thread_id == own.c.thread_id).join(versions, true())
    return select(own.c.thread_id, own.c.checkpoint_ns, versions.c.key, versions.c.value).select_from(source)


def _old_threads(before: datetime) -> CTE:
    """The threads of which all that has a time is old, and every checkpoint tells what it refers to."""
    own = table("checkpoints", *map(column, (*CHECKPOINT, "checkpoint"))).alias("dated")
    writes = table("checkpoint_writes", *map(column, CHECKPOINT)).alias("dated_write")
    of_checkpoints = select(own.c.thread_id, own.c.checkpoint_id, _tells_versions(own).label("is_plain"))
    of_writes = select(writes.c.thread_id, writes.c.checkpoint_id, true())
    dated = union_all(of_checkpoints, of_writes).subquery("dated_row")
    is_old = and_(is_uuid6(dated.c.checkpoint_id), is_before(dated.c.checkpoint_id, before), dated.c.is_plain)
    old = select(dated.c.thread_id).group_by(dated.c.thread_id).having(func.bool_and(is_old))
    return old.cte("old_thread")


def _versions(own: FromClause) -> ColumnElement[Any]:
    return own.c.checkpoint.op("->")("channel_versions")


def _tells_versions(own: FromClause) -> ColumnElement[bool]:
    return func.coalesce(func.jsonb_typeof(_versions(own)) == "object", false())
