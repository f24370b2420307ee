"""What others do at moments that no terminal waits for: once the archive is written, after the commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dependency_injector import providers

from cleveragents.container import Container
from cleveragents.infrastructure.archive.folder import ArchiveFolder
from cleveragents.infrastructure.archive.writing import ArchiveFile
from support import foreign_programs, other_user
from support.driver import Driver
from support.sessions import SessionWithMessages

Act = Callable[[], object]

_WITHOUT_RULES = {
    "rename": "name = 'renamed'",
    "edit the metadata of": """metadata = '{"edited": true}'""",
    "count the tokens of": "input_tokens = 7",
}
_BY_THE_RULES = {
    "touch": "touches",
    "append to": "appends to",
    "pin": "pins",
    "lease": "leases",
    "delete": "deletes",
    "create a child of": "creates a child of",
}


class WatchedFolder(ArchiveFolder):
    """The real folder, which tells when an archive was proved and when its run has committed."""

    def __init__(self, path: Path, when_written: Act, when_committed: Act) -> None:
        super().__init__(path)
        self._when_written = when_written
        self._when_committed = when_committed

    @contextmanager
    def writing(self, run_id: str, fingerprint: str) -> Iterator[ArchiveFile]:
        with super().writing(run_id, fingerprint) as file:
            prove = file.prove

            def prove_and_tell() -> None:
                prove()
                self._when_written()

            file.prove = prove_and_tell  # type: ignore[method-assign]  # only this file tells
            yield file
            self._when_committed()


def do(driver: Driver, deed: str, name: str) -> None:
    """Do it by the rules of the program or, where it has no command for that, past them."""
    own = f"session_id = '{driver.id_of(name)}'"
    if deed in _BY_THE_RULES:
        other_user.act(driver, _BY_THE_RULES[deed], name)
    elif deed == "edit a message of":
        # As long as before, so that no counter could tell.
        foreign_programs.write(driver, f"UPDATE session_messages SET content = upper(content) WHERE {own}")
    else:
        foreign_programs.write(driver, f"UPDATE sessions SET {_WITHOUT_RULES[deed]} WHERE {own}")


def once_archived(driver: Driver, act: Act) -> None:
    """Have it done when the archive is written and nothing is deleted yet."""
    _watch(driver, act, lambda: None)


def once_committed(driver: Driver, act: Act) -> None:
    """Have it done when the purge has just been committed."""
    _watch(driver, lambda: None, act)


def put_back_after_commit(driver: Driver, name: str) -> None:
    entry = SessionWithMessages(driver.session(name), tuple(driver.messages(name)))
    once_committed(driver, lambda: driver.add([entry]))


def put_back_on_delete(driver: Driver, name: str) -> None:
    """Have a trigger undo the deletion of one session, without an error."""
    connection = driver.another_connection()
    columns = [column[0] for column in connection.execute("SELECT * FROM sessions LIMIT 0").description]
    values = ", ".join(f"OLD.{column}" for column in columns)
    insert = f"INSERT INTO sessions ({', '.join(columns)}) VALUES ({values})"
    own = f"OLD.session_id = '{driver.id_of(name)}'"
    if driver.backend.name == "sqlite":
        connection.execute(f"CREATE TRIGGER undo AFTER DELETE ON sessions WHEN {own} BEGIN {insert}; END")
        return
    connection.execute(
        f"CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {insert}; RETURN NULL; END $$;"
        # At the commit, when every check of the deleting transaction is over.
        "CREATE CONSTRAINT TRIGGER undo AFTER DELETE ON sessions DEFERRABLE INITIALLY DEFERRED"
        f" FOR EACH ROW WHEN ({own}) EXECUTE FUNCTION undo()"
    )


def keep_notes_on(driver: Driver, name: str, *, then: str = "") -> None:
    """Have another program's table refer to a session, as a plug-in's tables do."""
    connection = driver.another_connection()
    connection.execute(f"CREATE TABLE notes (session_id TEXT REFERENCES Sessions (session_id) {then})")
    connection.execute(f"INSERT INTO notes VALUES ('{driver.id_of(name)}')")


def _watch(driver: Driver, when_written: Act, when_committed: Act) -> None:
    make = driver.container

    def container() -> Container:
        made = make()
        made.archives.override(
            providers.Factory(WatchedFolder, made.archive_folder, when_written, when_committed)
        )
        return made

    driver.container = container  # type: ignore[method-assign]  # only this driver watches
