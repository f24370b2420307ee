"""The tables of LangGraph's checkpointers: a session is a thread, which has no row of its own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    and_,
    case,
    column,
    exists,
    false,
    func,
    not_,
    select,
    table,
    true,
    tuple_,
    union_all,
)

from cleveragents.domain.stored import Recognised, StoredSession
from cleveragents.infrastructure.database.functions import whole_sum
from cleveragents.infrastructure.stores.langgraph.uuid6 import bytewise, first_at, is_uuid6, moment_of
from cleveragents.infrastructure.stores.sql.expressions import written
from cleveragents.infrastructure.stores.sql.layout import DanglingRows, Part, SqlLayout

THREAD = ("thread_id",)
CHECKPOINT = ("thread_id", "checkpoint_ns", "checkpoint_id")
BLOB = ("thread_id", "checkpoint_ns", "channel", "version")


class Checkpointer(SqlLayout):
    """What SqliteSaver and PostgresSaver have in common.

    Nothing of a thread is decoded. Its messages are its checkpoints, in all namespaces: those of the graphs
    in its graph too. `sizes` names, for each table, the columns that hold content.
    """

    locks_tables = True
    writes: ClassVar[str]
    sizes: ClassVar[dict[str, tuple[str, ...]]]

    def __init__(self, schema_version: str = "") -> None:
        self._schema_version = schema_version

    @abstractmethod
    def size(self, own: ColumnElement[Any]) -> ColumnElement[int]:
        """How many bytes a column holds, found out without reading them."""

    def recognised(self, connection: Connection) -> Recognised:
        del connection
        return Recognised(
            layout=self._title,
            schema_version=self._schema_version,
            last_accessed="the time in a thread's greatest checkpoint_id, a UUIDv6, in all namespaces",
            emptiness="never: a thread is there as long as it has checkpoints",
            orphans=self._orphans,
            belongs=tuple(part.table for part in self.parts),
            left_alone=self._left_alone,
            protected="threads with a checkpoint_id of another form, whose age is unknown",
        )

    _title: ClassVar[str]
    _orphans: ClassVar[str]
    _left_alone: ClassVar[tuple[str, ...]] = ("store",)

    def sessions(self, taken: FromClause | None) -> Select[Any]:
        threads, *others = [
            self._per_thread(name, taken)
            for name in sorted(self.sizes, key=lambda name: name != "checkpoints")
        ]
        source: Any = threads
        shown: list[Any] = [threads.c.thread_id.label("k0"), *threads.c]
        for number, other in enumerate(others):
            source = source.outerjoin(other, other.c.thread_id == threads.c.thread_id)
            shown += [
                func.coalesce(other.c[name], 0).label(f"{name}_{number}")
                for name in ("rows", "content_bytes", "written")
            ]
        if taken is None:
            return select(*shown).select_from(source)
        return select(*shown, taken.c.place).select_from(
            source.join(taken, threads.c.thread_id == taken.c.k0)
        )

    def _per_thread(self, name: str, taken: FromClause | None) -> FromClause:
        own = table(name, *map(column, {*CHECKPOINT, *self.sizes[name]})).alias(f"one_of_{name}")
        content = sum(
            (self.size(own.c[each]) for each in self.sizes[name][1:]), self.size(own.c[self.sizes[name][0]])
        )
        columns = [
            own.c.thread_id,
            func.count().label("rows"),
            whole_sum(content).label("content_bytes"),
            written(own.c.thread_id).label("written"),
        ]
        if name == "checkpoints":
            columns += [
                func.min(own.c.checkpoint_id).label("first_id"),
                func.max(own.c.checkpoint_id).label("last_id"),
                whole_sum(case((is_uuid6(own.c.checkpoint_id), 0), else_=1)).label("other_ids"),
            ]
        counted = select(*columns).group_by(own.c.thread_id)
        if taken is not None:
            counted = counted.select_from(own.join(taken, own.c.thread_id == taken.c.k0))
        return counted.subquery(f"of_{name}")

    def session_of(self, row: Row[Any], now: datetime) -> StoredSession:
        del now
        is_dated = not row.other_ids
        values = row._mapping  # noqa: SLF001 - it is SQLAlchemy's name for it
        sizes = [value for name, value in values.items() if name.startswith("content_bytes")]
        version = [value for name, value in values.items() if name not in {"k0", "thread_id", "place"}]
        return StoredSession(
            session_id=self.id_of(row),
            created_at=moment_of(row.first_id) if is_dated else None,
            last_accessed_at=moment_of(row.last_id) if is_dated else None,
            message_count=row.rows,
            content_bytes=sum(sizes),
            version="|".join(map(str, version)),
        )

    def dangling(self, before: datetime) -> Sequence[DanglingRows]:
        """Writes without their checkpoint: a run that goes on after its thread was deleted leaves them.

        A run may save a write before the checkpoint that it belongs to, so such a write dangles only
        where its checkpoint was begun long ago.
        """
        (size,) = self.sizes[self.writes]
        writes = table(self.writes, *map(column, (*CHECKPOINT, size)))
        own = table("checkpoints", *map(column, CHECKPOINT)).alias("its_checkpoint")
        has_checkpoint = (
            exists().where(*(own.c[name] == writes.c[name] for name in CHECKPOINT)).correlate(writes)
        )
        is_old = and_(is_uuid6(writes.c.checkpoint_id), _is_before(writes.c.checkpoint_id, before))
        return [
            DanglingRows(
                rows=writes, is_dangling=and_(is_old, not_(has_checkpoint)), size=self.size(writes.c[size])
            )
        ]


class SqliteSaver(Checkpointer):
    writes = "writes"
    sizes: ClassVar[dict[str, tuple[str, ...]]] = {
        "checkpoints": ("checkpoint", "metadata"),
        "writes": ("value",),
    }
    parts = (Part(table="writes", keys=THREAD), Part(table="checkpoints", keys=THREAD))
    _title = "LangGraph's SqliteSaver, versions 1 to 3"
    _orphans = "writes without their checkpoint"

    def size(self, own: ColumnElement[Any]) -> ColumnElement[int]:
        # What a BLOB's length is stands before it, so that nothing of it is read.
        return func.coalesce(func.length(own), 0)


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


def _is_before(checkpoint_id: ColumnElement[Any], before: datetime) -> ColumnElement[bool]:
    return bytewise(checkpoint_id) < first_at(before)


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
    is_old = and_(
        is_uuid6(dated.c.checkpoint_id), _is_before(dated.c.checkpoint_id, before), dated.c.is_plain
    )
    old = select(dated.c.thread_id).group_by(dated.c.thread_id).having(func.bool_and(is_old))
    return old.cte("old_thread")


def _versions(own: FromClause) -> ColumnElement[Any]:
    return own.c.checkpoint.op("->")("channel_versions")


def _tells_versions(own: FromClause) -> ColumnElement[bool]:
    return func.coalesce(func.jsonb_typeof(_versions(own)) == "object", false())
