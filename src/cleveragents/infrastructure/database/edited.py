"""Messages that another program changed in place after they were archived.

Our own writing moves a session's counters and times, which are guarded; another program's need not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

from sqlalchemy import Connection, insert, select, text

from cleveragents.domain.archive import Section
from cleveragents.domain.ports import ArchiveWriter
from cleveragents.infrastructure.database.archive_rows import as_array, lines
from cleveragents.infrastructure.database.present import as_it_is
from cleveragents.infrastructure.database.rows import session_messages
from cleveragents.infrastructure.database.temporary import archived, count_rows_of, edited

_AT_ONCE = 1_000
# A row that was written by a transaction that the archive's snapshot did not see. Only the youngest are
# asked: the numbers of transactions come round again, and very old rows keep theirs.
# A transaction that began after ours has an age below zero.
_IS_WRITTEN_SINCE = (
    "(age(message.xmin) BETWEEN -1000000 "
    "AND txid_current() - txid_snapshot_xmin(CAST(:moment AS txid_snapshot)) "
    "AND NOT txid_visible_in_snapshot(txid_current() - age(message.xmin), CAST(:moment AS txid_snapshot)))"
)
_WRITTEN_SINCE = (
    "INSERT INTO cleanup_edited SELECT archived.session_id FROM cleanup_archived AS archived "
    "WHERE EXISTS (SELECT 1 FROM session_messages AS message "
    f"WHERE message.session_id = archived.session_id AND {_IS_WRITTEN_SINCE})"
)
# Where it waits for an edit to commit, the server asks again of the edited row, and leaves it.
_DELETE_UNEDITED = (
    "DELETE FROM session_messages AS message USING cleanup_victims AS victim "
    f"WHERE message.session_id = victim.session_id AND NOT {_IS_WRITTEN_SINCE}"
)


def moment_of(connection: Connection) -> str:
    """By what `fill_edited` knows whether anything was written after this snapshot."""
    is_postgresql = connection.dialect.name == "postgresql"
    asked = "SELECT CAST(txid_current_snapshot() AS text)" if is_postgresql else "PRAGMA data_version"
    return str(connection.scalar(text(asked)))


def fill_edited(connection: Connection, writer: ArchiveWriter | None, moment: str) -> None:
    """Make the table of the archived sessions whose messages are not as they stand in the archive."""
    edited.create(connection, checkfirst=False)
    if writer is None:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(text(_WRITTEN_SINCE), {"moment": moment})
        count_rows_of(connection, edited)
    elif moment_of(connection) != moment:
        # Somebody wrote something; only a look at all of it tells whether these messages.
        found = _differing(_as_they_are(connection), writer.lines_of(Section.MESSAGES))
        rows = ({"session_id": session_id} for session_id in sorted(set(found)))
        while batch := list(islice(rows, _AT_ONCE)):
            connection.execute(insert(edited), batch)


def delete_unedited(connection: Connection, moment: str) -> int:
    """Delete the victims' messages on PostgreSQL, but none that was written since; returns how many."""
    return connection.execute(text(_DELETE_UNEDITED), {"moment": moment}).rowcount


def _as_they_are(connection: Connection) -> Iterator[bytes]:
    present = as_it_is(connection, session_messages)
    is_archived = archived.c.session_id == present.c["session_id"]
    statement = select(as_array(connection, present)).select_from(archived).join(present, is_archived)
    order = archived.c.session_id, present.c["sequence"]
    with lines(connection, statement.order_by(*order)) as found:
        yield from found


def _differing(ours: Iterator[bytes], theirs: Iterator[bytes]) -> Iterator[str]:
    """The session ids of the lines that stand in one only; both are in the order of their keys."""
    mine, other = next(ours, None), next(theirs, None)
    while mine is not None or other is not None:
        if mine == other:
            mine, other = next(ours, None), next(theirs, None)
            continue
        my_key, other_key = _key(mine), _key(other)
        if my_key <= other_key:
            yield my_key[1].decode(errors="surrogateescape")
            mine = next(ours, None)
        if other_key <= my_key:
            yield other_key[1].decode(errors="surrogateescape")
            other = next(theirs, None)


def _key(line: bytes | None) -> tuple[bool, bytes, int]:
    """What a message's line is ordered by; the end comes after everything."""
    if line is None:
        return True, b"", 0
    session_id, sequence, *_ = json.loads(line.decode(errors="surrogateescape"))
    return False, session_id.encode(errors="surrogateescape"), sequence
