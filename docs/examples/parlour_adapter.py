"""What makes Parlour's talks ours to clean."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    FromClause,
    Row,
    Select,
    and_,
    column,
    exists,
    func,
    inspect,
    not_,
    select,
    table,
)

from cleveragents.domain.errors import StoreNotRecognisedError
from cleveragents.domain.retention import Reason
from cleveragents.domain.stored import Recognised, StoredSession
from cleveragents.infrastructure.database.engine import parse_url
from cleveragents.infrastructure.stores.sql.adapter import SqlAdapter
from cleveragents.infrastructure.stores.sql.layout import DanglingRows, Part, SqlLayout

COLUMNS = {
    "talks": {"talk_id", "guest", "begun", "spoken"},
    "remarks": {"remark_id", "talk_id", "said", "text"},
}


class ParlourLayout(SqlLayout):
    parts = (
        Part(table="remarks", keys=("talk_id",)),
        Part(table="talks", keys=("talk_id",), is_session=True),
    )

    def recognised(self, connection: Connection) -> Recognised:
        del connection
        return Recognised(
            layout="Parlour 1",
            last_accessed="talks.spoken, in seconds since 1970",
            emptiness="no row in remarks",
            orphans="remarks whose talk is gone",
            belongs=("remarks", "talks"),
            left_alone=("numbers",),
        )

    def sessions(self, taken: FromClause | None) -> Select[Any]:
        talks = table("talks", *map(column, COLUMNS["talks"]))
        remarks = table("remarks", *map(column, COLUMNS["remarks"]))
        shown: list[Any] = [
            talks.c.talk_id.label("k0"),
            talks.c.guest,
            talks.c.begun,
            talks.c.spoken,
            func.count(remarks.c.remark_id).label("messages"),
            func.coalesce(func.sum(func.length(remarks.c.text)), 0).label("size"),
        ]
        source: FromClause = talks.outerjoin(remarks, remarks.c.talk_id == talks.c.talk_id)
        if taken is not None:
            source = source.join(taken, taken.c.k0 == talks.c.talk_id)
            shown.append(taken.c.place)
        return select(*shown).select_from(source).group_by(talks.c.talk_id)

    def session_of(self, row: Row[Any], now: datetime) -> StoredSession:
        del now
        return StoredSession(
            session_id=self.id_of(row),
            created_at=datetime.fromtimestamp(row.begun, UTC),
            last_accessed_at=datetime.fromtimestamp(row.spoken, UTC),
            message_count=row.messages,
            content_bytes=row.size,
            version=f"{row.spoken}|{row.messages}|{row.size}",
            actor_name=row.guest,
        )

    def dangling(self, before: datetime) -> Sequence[DanglingRows]:
        remarks = table("remarks", *map(column, COLUMNS["remarks"]))
        talks = table("talks", column("talk_id"))
        has_talk = exists().where(talks.c.talk_id == remarks.c.talk_id).correlate(remarks)
        is_dangling = and_(not_(has_talk), remarks.c.said < before.timestamp())
        return [DanglingRows(rows=remarks, is_dangling=is_dangling, size=func.length(remarks.c.text))]


class ParlourAdapter(SqlAdapter):
    def layout(self, connection: Connection) -> SqlLayout:
        found = inspect(connection)
        for name, known in COLUMNS.items():
            there = {each["name"] for each in found.get_columns(name)} if found.has_table(name) else set()
            if there != known:
                raise StoreNotRecognisedError(f"{self.displayed} is no file of Parlour 1.")
        return ParlourLayout()


class ParlourKind:
    title = "Parlour"
    unasked: Collection[Reason] = ()

    def usual_places(self) -> Sequence[str]:
        path = Path.home() / ".parlour" / "talks.db"
        return [f"sqlite:///{path}"] if path.exists() else []

    def open(self, location: str, *, busy_timeout: timedelta) -> ParlourAdapter:
        return ParlourAdapter(parse_url(location), busy_timeout)


KIND = ParlourKind()
