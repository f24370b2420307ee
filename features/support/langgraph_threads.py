"""What runs and other programs do to the threads in a database of LangGraph's checkpointers."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

from support.foreign_databases import ForeignDatabase

_STEPS_TO_EPOCH = 0x01B2_1DD2_1381_4000
_PATIENCE = 30
_BY_HAND = (
    "CREATE TABLE store (prefix text NOT NULL, key text NOT NULL, value text)",
    "INSERT INTO store VALUES ('stale-0', 'name', 'Anna')",
)


class Threads:
    def __init__(self, database: ForeignDatabase) -> None:
        self._database = database
        self._is_sqlite = database.backend == "sqlite"
        self.writes = "writes" if self._is_sqlite else "checkpoint_writes"

    def execute(self, statement: str, *parameters: object) -> list[Any]:
        return self._database.execute(statement, parameters)

    def save_checkpoint(self, thread: str, made: datetime, *, ns: str = "") -> None:
        """One more checkpoint, which refers to nothing, as any run adds one."""
        self._insert_checkpoint(thread, ns, id_at(made))

    def _insert_checkpoint(self, thread: str, ns: str, checkpoint_id: str) -> None:
        content = "x'80'" if self._is_sqlite else "'{\"v\": 4}'"
        self.execute(
            "INSERT INTO checkpoints (thread_id, checkpoint_ns, checkpoint_id, checkpoint, metadata) "
            f"VALUES (?, ?, ?, {content}, {content})",
            thread,
            ns,
            checkpoint_id,
        )

    def give_own_id(self, thread: str) -> None:
        """An application that puts checkpoints by itself may call them what it likes."""
        self._insert_checkpoint(thread, "", "6b86b273-ff34-4ce1-9d6b-804eff5a3f57")

    def write_late(self, thread: str, begun: datetime) -> None:
        """A run that went on although its checkpoint was deleted, and saved what came of a node."""
        value, name = ("value", "x'a3'") if self._is_sqlite else ("blob", "'\\xa3'::bytea")
        self.execute(
            f"INSERT INTO {self.writes} (thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, "
            f"type, {value}) VALUES (?, '', ?, 'task', 0, 'mood', 'msgpack', {name})",
            thread,
            id_at(begun),
        )

    def leave_blob(self, thread: str) -> None:
        """Content to which nothing refers any more: whoever deleted the checkpoint forgot it."""
        self.execute(
            "INSERT INTO checkpoint_blobs VALUES (?, '', 'messages', '000.left', 'msgpack', '\\xa3'::bytea)",
            thread,
        )

    def hide_references(self, thread: str) -> None:
        """A checkpoint that does not tell what it refers to, as nobody has seen one."""
        self.execute(
            "UPDATE checkpoints SET checkpoint = jsonb_set(checkpoint, '{channel_versions}', '7') "
            "WHERE thread_id = ? AND checkpoint_id = (SELECT max(checkpoint_id) FROM checkpoints "
            "WHERE thread_id = ?)",
            thread,
            thread,
        )

    def delete_checkpoints(self, thread: str) -> None:
        """What somebody does by hand who thinks of nothing but checkpoints."""
        self.execute("DELETE FROM checkpoints WHERE thread_id = ?", thread)

    def remember(self) -> None:
        """Long-term memory, which lies beside the checkpoints and has the ids of threads as prefixes too."""
        for statement in _BY_HAND:
            self.execute(statement)

    def count(self, table: str, thread: str) -> int:
        (row,) = self.execute(f"SELECT count(*) FROM {table} WHERE thread_id = ?", thread)
        return int(row[0])

    def answer_while_a_purge_waits(self, thread: str, made: datetime) -> threading.Thread:
        """Begin to save a checkpoint now, and be done once somebody waits for the lock; on PostgreSQL."""
        connection: Any = self._database.connect()
        connection.autocommit = False
        connection.execute(
            "INSERT INTO checkpoints (thread_id, checkpoint_id, checkpoint) VALUES (%s, %s, '{}')",
            (thread, id_at(made)),
        )

        def finish() -> None:
            with closing(connection):
                end = time.monotonic() + _PATIENCE
                while not self._is_anyone_waiting() and time.monotonic() < end:
                    time.sleep(0.01)
                connection.commit()

        run = threading.Thread(target=finish, daemon=True)
        run.start()
        return run

    def _is_anyone_waiting(self) -> bool:
        return bool(
            self.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'ShareRowExclusiveLock'")
        )


def id_at(moment: datetime) -> str:
    """The id that LangGraph gives a checkpoint at a moment."""
    epoch = datetime(1970, 1, 1, tzinfo=moment.tzinfo)
    steps = (moment - epoch) // timedelta(microseconds=1) * 10 + _STEPS_TO_EPOCH
    return f"{steps >> 28:08x}-{steps >> 12 & 0xFFFF:04x}-6{steps & 0xFFF:03x}-8001-0123456789ab"
