"""Files as rows of an archive, in pieces, so that a large one needs no memory."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from stat import S_IMODE

from cleveragents.domain.report import SkipReason
from cleveragents.domain.stored import Chosen
from cleveragents.infrastructure.stores.files.content import (
    AT_ONCE,
    ChangedError,
    Digest,
    content_of,
    digest_in,
    stamps_as_chosen,
)
from cleveragents.infrastructure.stores.files.layout import Pieces
from cleveragents.infrastructure.stores.files.root import Root, Stamp

TABLE = "files"
COLUMNS = ("session_id", "path", "offset", "mode", "mtime_ns", "owner", "group", "content")
FOLDER_END = "/"
"""A folder's path ends so in an archive; it has no content."""


class Copy:
    """What was written to an archive: `left_out` says why some sessions were not."""

    def __init__(self, root: Root, pieces: Pieces, check: Callable[[], None]) -> None:
        self._root = root
        self._pieces = pieces
        self._check = check
        self._digests: dict[str, str] = {}
        self.left_out: dict[str, SkipReason] = {}

    def lines(self, chosen: Iterable[Chosen]) -> Iterator[bytes]:
        for each in chosen:
            self._check()
            try:
                yield from self._session(each)
            except ChangedError as changed:
                # What was written of it is not put back: it counts as still alive.
                self.left_out[each.session_id] = changed.why

    def digest(self, chosen: Chosen) -> str:
        """That of a session's content, as it was copied or seen; blank where nobody read it."""
        return self._digests.get(chosen.session_id, "") or digest_in(chosen.version)

    def _session(self, chosen: Chosen) -> Iterator[bytes]:
        stamps = stamps_as_chosen(self._root, self._pieces(chosen.session_id), chosen)
        known = digest_in(chosen.version)
        told = Digest()
        for stamp in stamps:
            yield from self._lines_of(chosen.session_id, stamp, told)
        if not known:
            self._digests[chosen.session_id] = told.text
        elif told.text != known:
            raise ChangedError(SkipReason.CHANGED)

    def _lines_of(self, session_id: str, stamp: Stamp, told: Digest) -> Iterator[bytes]:
        path = stamp.path + FOLDER_END if stamp.is_folder else stamp.path
        facts = (S_IMODE(stamp.mode), stamp.mtime_ns, stamp.owner, stamp.group)
        if stamp.is_folder:
            yield _line(session_id, path, 0, *facts, "")
            return
        told.begin(stamp)
        number = -1
        for number, piece in enumerate(content_of(self._root, stamp)):
            told.add(piece)
            yield _line(session_id, path, number * AT_ONCE, *facts, b64encode(piece).decode())
        if number < 0:
            yield _line(session_id, path, 0, *facts, "")


def _line(*row: object) -> bytes:
    return json.dumps(row).encode() + b"\n"
