"""Giving the space that a purge freed back to the disk: after its commit, and harmless to everybody."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from cleveragents.domain.space import GivenBack
from cleveragents.infrastructure.database.sqlite_space import file_size, give_file_back


class SpaceOnDisk:
    """Made when a run begins, on a connection that is in no transaction whenever space is given back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._size = 0 if self._is_postgresql else file_size(connection)

    def give_back(self, budget: timedelta | None, rows: int) -> GivenBack:
        """Give back at once what can be; `rows` is how many the run deleted.

        Raises nothing: what was committed before is not undone by trouble here.
        """
        if self._is_postgresql:
            # Late: whoever runs on SQLite needs no driver of a server.
            from cleveragents.infrastructure.database.postgresql_space import give_tables_back

            return give_tables_back(self._connection, budget, rows)
        given = give_file_back(self._connection, budget, self._size)
        self._size = given.after_bytes
        return given

    @property
    def _is_postgresql(self) -> bool:
        return self._connection.dialect.name == "postgresql"
