"""Archives on their way to a file and back."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from cleveragents.domain.archive import Archived, Heading, KnownArchive, Manifest, Section


class ArchiveWriter(Protocol):
    """An archive being written under a temporary name; lines end with a newline."""

    def write(
        self, section: Section, columns: Sequence[str], pieces: Iterable[bytes], *, table: str = ""
    ) -> int:
        """Write a whole section, of whole lines in pieces, and return how many lines it has.

        A section of a foreign store's table is one of several, each with its table's name.
        """
        ...

    def prove(self) -> None:
        """Flush what was written to disk, read it back, and compare; raises ArchiveUnwritableError."""
        ...

    def lines_of(self, section: Section) -> Iterator[bytes]:
        """Read back the lines of a section that was proved."""
        ...

    def seal(self, still_alive: Iterable[bytes]) -> Archived:
        """Add who is still alive and the manifest, flush and prove them, and give the file its name."""
        ...


class ArchiveReader(Protocol):
    """One finished archive. Every method raises ArchiveRefusedError where it is damaged."""

    def verify(self) -> Manifest:
        """Read all of it and compare it with its manifest and with what the ledger knows."""
        ...

    def sections(self) -> Iterator[tuple[Heading, Iterator[list[Any]]]]:
        """Each section with its rows, to be read in order."""
        ...


class Archives(Protocol):
    """The folder that archives are kept in."""

    def writing(self, run_id: str, fingerprint: str) -> AbstractContextManager[ArchiveWriter]:
        """A new archive, removed at the end of the block unless it was sealed.

        Raises ArchiveUnwritableError where the folder cannot be written.
        """
        ...

    def reader(self, archive: KnownArchive) -> ArchiveReader:
        """Raise NoArchiveError where the file is not here."""
        ...

    def unclaimed(self, fingerprint: str, known: Container[str]) -> Iterator[tuple[str, str, bool]]:
        """Each file here of this database whose writer is dead and whose name is not among `known`.

        Yields the file's name, its run's id, and whether the archive was finished. Of which database an
        unfinished one is, nobody can tell. While one is at hand nobody else takes it for a left-over.
        """
        ...

    def measured(self, file_name: str) -> Archived:
        """How large a finished archive is and what its bytes add up to; raises NoArchiveError."""
        ...

    def is_here(self, archive: KnownArchive) -> bool: ...

    def run_ids(self) -> Collection[str]:
        """The runs of which there is a file here, finished or not."""
        ...

    def remove(self, file_name: str) -> None: ...
