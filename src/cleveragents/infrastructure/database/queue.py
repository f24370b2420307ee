"""The chosen sessions in the order in which chunks delete them: children before their parents.

Deleted the other way round, a run that stops between two chunks would leave orphans. Sessions that are
each other's ancestors, and those below them, have no such order: they go together, at the end.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, select, text

from cleveragents.domain.report import Findings
from cleveragents.domain.retention import Reason
from cleveragents.infrastructure.database.functions import octets, whole_sum
from cleveragents.infrastructure.database.rows import session_messages
from cleveragents.infrastructure.database.scanning import tallied
from cleveragents.infrastructure.database.temporary import (
    chosen,
    count_rows_of,
    dangling_queue,
    drop,
    fill,
    kin,
    left_behind,
    of_one_chunk,
    queue,
    rows_in,
)

_KIN = (
    "INSERT INTO cleanup_kin WITH RECURSIVE below (session_id, depth) AS ("
    " SELECT DISTINCT parent.session_id, 0 FROM sessions AS child"
    " JOIN cleanup_chosen AS picked ON picked.session_id = child.parent_session_id"
    " JOIN sessions AS parent ON parent.session_id = picked.session_id"
    " WHERE child.parent_session_id IS NOT NULL AND NOT EXISTS"
    " (SELECT 1 FROM cleanup_chosen AS above WHERE above.session_id = parent.parent_session_id)"
    " UNION ALL"
    " SELECT child.session_id, below.depth + 1 FROM below"
    " JOIN sessions AS child ON child.parent_session_id = below.session_id"
    " JOIN cleanup_chosen AS picked ON picked.session_id = child.session_id"
    ") SELECT session_id, depth FROM below"
)
_TANGLED = (
    "INSERT INTO cleanup_kin SELECT child.session_id, -1 FROM sessions AS child"
    " JOIN cleanup_chosen AS above ON above.session_id = child.parent_session_id"
    " JOIN cleanup_chosen AS picked ON picked.session_id = child.session_id"
    " WHERE child.parent_session_id IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM cleanup_kin AS known WHERE known.session_id = child.session_id)"
)
_QUEUE = (
    "INSERT INTO cleanup_queue SELECT"
    " row_number() OVER (ORDER BY coalesce(kin.depth, 0) DESC, picked.session_id), picked.*"
    " FROM cleanup_chosen AS picked LEFT JOIN cleanup_kin AS kin ON kin.session_id = picked.session_id"
)


class Queue:
    def __init__(self, connection: Connection) -> None:
        """Line up what was chosen, and the dangling messages that were found, after it."""
        self._connection = connection
        kin.create(connection, checkfirst=False)
        connection.execute(text(_KIN))
        self._tangled = connection.execute(text(_TANGLED)).rowcount
        count_rows_of(connection, kin)
        queue.create(connection, checkfirst=False)
        connection.execute(text(_QUEUE))
        count_rows_of(connection, queue)
        fill(connection, dangling_queue, select(left_behind))
        self._length = rows_in(connection, queue)
        self._taken = self._before = 0
        self._last_message, self._message_before = ("", 0), ("", 0)

    def take(self, most: int | None) -> Findings | None:
        """Narrow down what is chosen to the next ones; None when all were taken."""
        drop(self._connection, *of_one_chunk)
        self._before, self._message_before = self._taken, self._last_message
        if most is None:
            return self._take_all()
        if self._taken < self._length:
            return self._take_sessions(most)
        return self._take_dangling(most)

    def put_back(self) -> None:
        """Have the next `take` begin where the last one began."""
        self._taken, self._last_message = self._before, self._message_before

    def _take_sessions(self, most: int) -> Findings:
        begin_of_tangle = self._length - self._tangled
        end = self._taken + most
        if self._taken >= begin_of_tangle:
            end = self._length
        elif end > begin_of_tangle:
            end = begin_of_tangle
        left_behind.create(self._connection, checkfirst=False)
        return self._choose_up_to(min(end, self._length))

    def _take_all(self) -> Findings:
        dangling = self._take_dangling(None) or Findings()
        drop(self._connection, chosen)
        return replace(
            self._choose_up_to(self._length),
            dangling_messages=dangling.dangling_messages,
            dangling_bytes=dangling.dangling_bytes,
        )

    def _choose_up_to(self, end: int) -> Findings:
        columns = (queue.c[column.name] for column in chosen.c)
        fill(self._connection, chosen, select(*columns).where(queue.c.place.between(self._taken + 1, end)))
        self._taken = end
        tally = tallied(self._connection, chosen)
        return Findings(
            candidates=tally.candidates,
            by_reason={reason: tally.by_reason[reason] for reason in Reason},
            messages=tally.messages,
            content_bytes=tally.content_bytes,
        )

    def _take_dangling(self, most: int | None) -> Findings | None:
        """So many messages: there is no session that would have to stay whole."""
        connection = self._connection
        session_id, sequence = self._last_message
        key = dangling_queue.c
        is_next = (key.session_id > session_id) | ((key.session_id == session_id) & (key.sequence > sequence))
        keys = select(dangling_queue).where(is_next).order_by(key.session_id, key.sequence).limit(most)
        chosen.create(connection, checkfirst=False)
        fill(connection, left_behind, keys)
        last = connection.execute(
            select(left_behind)
            .order_by(left_behind.c.session_id.desc(), left_behind.c.sequence.desc())
            .limit(1)
        ).first()
        if last is None:
            return None
        self._last_message = (last.session_id, last.sequence)
        is_taken = (session_messages.c.session_id == left_behind.c.session_id) & (
            session_messages.c.sequence == left_behind.c.sequence
        )
        size = select(whole_sum(octets(session_messages.c.content))).select_from(left_behind)
        content_bytes = connection.scalar(size.join(session_messages, is_taken))
        return Findings(dangling_messages=rows_in(connection, left_behind), dangling_bytes=content_bytes or 0)
