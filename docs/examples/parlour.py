"""A chat library that keeps its talks in a SQLite file."""

from __future__ import annotations

import sqlite3
import time

TABLES = """
    CREATE TABLE IF NOT EXISTS numbers (number INTEGER PRIMARY KEY AUTOINCREMENT);
    CREATE TABLE IF NOT EXISTS talks (talk_id TEXT PRIMARY KEY, guest TEXT, begun REAL, spoken REAL);
    CREATE TABLE IF NOT EXISTS remarks (remark_id INTEGER PRIMARY KEY, talk_id TEXT, said REAL, text TEXT);
    CREATE INDEX IF NOT EXISTS remarks_of_talk ON remarks (talk_id);
"""


class Parlour:
    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.executescript(TABLES)

    def begin(self, guest: str) -> str:
        number = self.connection.execute("INSERT INTO numbers DEFAULT VALUES").lastrowid
        talk_id, now = f"{guest} {number}", time.time()
        self.connection.execute("INSERT INTO talks VALUES (?, ?, ?, ?)", (talk_id, guest, now, now))
        return talk_id

    def say(self, talk_id: str, text: str) -> None:
        now = time.time()
        self.connection.execute("UPDATE talks SET spoken = ? WHERE talk_id = ?", (now, talk_id))
        self.connection.execute(
            "INSERT INTO remarks (talk_id, said, text) VALUES (?, ?, ?)", (talk_id, now, text)
        )

    def talks(self) -> list[str]:
        return [talk_id for (talk_id,) in self.connection.execute("SELECT talk_id FROM talks ORDER BY begun")]

    def read(self, talk_id: str) -> list[tuple[object, ...]]:
        found = self.connection.execute("SELECT * FROM talks WHERE talk_id = ?", (talk_id,)).fetchall()
        remarks = "SELECT * FROM remarks WHERE talk_id = ? ORDER BY remark_id"
        return [*found, *self.connection.execute(remarks, (talk_id,))]
