"""What a library must say about itself to be proven, and how its script answers.

A library is one module of this folder, registered in `library_program.py`, with

- `VARIANTS`: its versions, each with one way in which it keeps its sessions (`Variant`);
- `age(database, made)`: make the sessions old by shifting their times in the database with SQL, as many
  days as `made` says of each, because no library lets anyone choose them;

and a script in `scripts/`, which runs in the environment of the version, knows nothing of us, uses only
the public API of the library, and hands `answering.answer_requests` a function that opens the store at a
URL, `sqlite:///…` or `postgresql://…`, and gives a function of one argument for each of these commands:

make SIZES       make sessions, `SIZES["stale"]` of them to become stale; answers a list of what
                 `Made` holds, with sessions of every kind that the library knows: stale, fresh, empty;
                 where `SIZES["days_ago"]` is given, as if it were so many days ago, if it must do so itself
list null        answers a list of the keys of all sessions
read KEYS        answers a list of the sessions, each a dictionary that tells all that was stored, among
                 it "messages", a list; null: gone
continue KEY     append a message as an agent does that goes on; answers the session as `read` does
hold KEYS        a live agent, a generator: load the sessions, yield anything, then append to each as it is
                 named by one line of standard input (its key in JSON), and yield for each the name of the
                 exception that came, or null; ends with standard input
write KEYS       a live writer, a generator: load the sessions, yield anything, then append one message to
                 each, a hundredth of a second after the other, and yield a list of [key, name of the
                 exception or null]
delete KEYS      delete by the library's own API

A key is a list of texts, the parts of what tells a session from all others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from support.foreign_databases import ForeignDatabase

Key = list[str]
_SAFE = " !$&'()*+,;:=@~"
BOTH = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Made:
    """One session as the script made it, and what is to become of it."""

    key: Key
    messages: int
    days: float
    """How old it is to become; in a recording also a fraction, and less than nothing."""
    purged: bool
    """Whether a purge that asks for nothing in particular takes it."""
    counted: int = 0
    """What counts as a message where it has none, such as a state."""

    @property
    def session_id(self) -> str:
        """What we are to call it."""
        return "/".join(quote(part, safe=_SAFE) for part in self.key)


@dataclass(frozen=True, slots=True)
class Variant:
    """One version of a library with one of the ways in which it keeps sessions."""

    library: str
    name: str
    version: str
    requirements: Sequence[str]
    script: str
    age: Callable[[ForeignDatabase, Sequence[Made]], None]
    store: Callable[[ForeignDatabase], str]
    """What `--store` is given."""
    gone: Sequence[str | None]
    """What a live agent may get that goes on with a purged session; None: the library begins it anew."""
    lost_race: Sequence[str] = ()
    """What a live agent may get besides where a purge comes in the middle of what it does."""
    backends: Sequence[str] = BOTH
    words: Sequence[str] = ()
    """What the script is told as its arguments."""
    leaves_messages_on: Sequence[str] = ()
    """The backends on which its own delete leaves the messages behind."""
    is_recorded: bool = False
    """Whether the features have a store that it made."""
    deleted_in_recording: Sequence[Key] = ()
    """What its own delete took from that store."""
    writer_starts_anew: bool = False
    """Whether a writer recreates a session that went away under it."""
    writes_late: bool = False
    """Whether what was begun when its session went away is written nevertheless; the next purge takes it."""

    def __str__(self) -> str:
        return f"{self.library} {self.version} {self.name}"

    @property
    def environment(self) -> str:
        """One environment for all variants that require the same."""
        first = self.requirements[0].partition("[")[0].partition("=")[0]
        return f"{first}-{self.version}"
