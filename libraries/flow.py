"""The proof of one variant of a library on one backend, from an empty database to restored sessions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from library import Key, Made, Variant
from library_processes import Agents, Answer, Script, require
from sqlalchemy import make_url

from support.foreign_databases import Fingerprint, ForeignDatabase

_ORDINARY = {"stale": 5}
_MANY = {"stale": 150}


@dataclass(slots=True)
class Scene:
    """A database that the library filled, and those who work on it."""

    variant: Variant
    database: ForeignDatabase
    script: Script
    agents: Agents
    made: Sequence[Made] = ()
    policy: Sequence[str] = ()
    """What each cleanup is told besides."""

    def fill(self, sizes: Mapping[str, float], *, age: bool = True) -> None:
        self.made = [Made(**one) for one in self.ask("make", sizes)]
        require(sorted_keys(self.ask("list")) == self.keys(), "the library does not list what it made")
        if age:
            self.variant.age(self.database, self.made)

    def ask(self, command: str, about: Any = None) -> Any:
        return self.script.ask(command, self.database.url, about)

    def keys(self, *, purged: bool | None = None) -> list[Key]:
        return sorted_keys([one.key for one in self.made if purged in {None, one.purged}])

    def ids(self) -> list[str]:
        """What we are to call the sessions that go."""
        return sorted(one.session_id for one in self.made if one.purged)

    def cleanup(self, *words: str, may_end_with: Sequence[int] = (0,)) -> Answer:
        store = self.variant.store(self.database)
        return self.agents.run("cleanup", "--store", store, *self.policy, *words, may_end_with=may_end_with)

    def purge(self, *words: str, may_end_with: Sequence[int] = (0,)) -> str:
        return str(self.cleanup("--yes", *words, may_end_with=may_end_with).data["run_id"])

    def restore(self, run_id: str, *, may_end_with: Sequence[int] = (0,)) -> Answer:
        store = self.variant.store(self.database)
        return self.agents.run("cleanup", "restore", run_id, "--store", store, may_end_with=may_end_with)

    def read(self) -> dict[str, Any]:
        keys = self.keys()
        return dict(zip(map(str, keys), self.ask("read", keys), strict=True))

    def fingerprint(self) -> Fingerprint:
        return self.database.fingerprint()


def sorted_keys(keys: Sequence[Key]) -> list[Key]:
    return sorted(keys, key=str)


def dry_run_changes_nothing(scene: Scene) -> None:
    scene.fill(_ORDINARY)
    before = scene.fingerprint()
    told = scene.cleanup("--dry-run").data
    found = sorted(session["session_id"] for session in told["sessions"])
    require(found == scene.ids(), f"the dry run names {found}, expected {scene.ids()}")
    require(told["candidates"] == len(scene.ids()), f"the dry run counts {told['candidates']} candidates")
    require(told["scanned"] == len(scene.made), f"the dry run scanned {told['scanned']}")
    changed = before.difference(scene.fingerprint())
    require(not changed, f"the dry run changed the foreign database: {changed}")


def far_zones(scene: Scene) -> None:
    """Whatever zones the server and the writer have, what was just used stays and what is stale goes."""
    if scene.database.backend == "postgresql":
        name = make_url(scene.database.url).database
        scene.database.execute(f"ALTER DATABASE \"{name}\" SET timezone TO 'Etc/GMT+12'")
    # So that an empty session that was just made would go if its time were read as another zone's.
    scene.policy = ("--empty-after", "1h")
    with closing(scene.script.elsewhere("Pacific/Kiritimati")) as script:
        scene.script = script
        dry_run_changes_nothing(scene)
        purge_what_is_there(scene)


def purge_and_restore(scene: Scene) -> None:
    scene.fill(_ORDINARY)
    purge_what_is_there(scene)


def purge_what_is_there(scene: Scene) -> None:
    before, read = scene.fingerprint(), scene.read()
    answer = scene.cleanup("--yes").data
    require(answer["purged"] == len(scene.ids()), f"purged {answer['purged']}, expected {len(scene.ids())}")
    expected = sum(one.messages + one.counted for one in scene.made if one.purged)
    require(answer["messages"] == expected, f"counted {answer['messages']} messages, expected {expected}")
    _only_survivors(scene, read)
    added = before.added(scene.fingerprint())
    require(not added, f"the purge wrote into the foreign database: {added}")
    scene.restore(answer["run_id"])
    changed = before.difference(scene.fingerprint())
    require(not changed, f"restored is not as it was: {changed}")
    require(scene.read() == read, "the library reads a restored session otherwise")


def the_library_goes_on(scene: Scene) -> None:
    scene.fill(_ORDINARY)
    read = scene.read()
    run_id = scene.purge()
    survivor, restored = scene.keys(purged=False)[0], scene.keys(purged=True)[0]
    continued = scene.ask("continue", survivor)
    require(continued != read[str(survivor)], "the survivor was not continued")
    scene.restore(run_id)
    again = scene.read()
    require(again.pop(str(survivor)) == continued, "restoring touched a session that went on")
    read.pop(str(survivor))
    # Sessions of one user may share state, so only what the library continued is compared with itself.
    require(again == read, "restored sessions read otherwise")
    require(scene.ask("continue", restored) != read[str(restored)], "the restored was not continued")


def own_delete(scene: Scene) -> None:
    """What the library's own delete leaves behind is found, purged, and comes back as it was."""
    scene.fill(_ORDINARY)
    with_messages = [one for one in scene.made if one.purged and one.messages][:2]
    scene.ask("delete", [one.key for one in with_messages])
    scene.made = [one for one in scene.made if one not in with_messages]
    leaves = scene.database.backend in scene.variant.leaves_messages_on
    expected = sum(one.messages for one in with_messages) if leaves else 0
    before = scene.fingerprint()
    found = scene.cleanup("--dry-run").data["dangling_messages"]
    require(found == expected, f"{found} dangling messages, expected {expected}")
    run_id = scene.purge()
    require(not scene.cleanup("--dry-run").data["dangling_messages"], "dangling messages are left")
    added = before.added(scene.fingerprint())
    require(not added, f"the purge wrote into the foreign database: {added}")
    scene.restore(run_id)
    changed = before.difference(scene.fingerprint())
    require(not changed, f"restored is not as it was: {changed}")


def live_agents(scene: Scene) -> None:
    scene.fill(_ORDINARY)
    held = {True: scene.keys(purged=True)[-1], False: scene.keys(purged=False)[-1]}
    with scene.script.at_work("hold", scene.database.url, list(held.values())) as agent:
        run_id = scene.purge()
        before = scene.fingerprint()
        raised = agent.say(held[True])
        gone = scene.variant.gone
        require(raised in gone, f"a purged session's agent got {raised}, expected one of {gone}")
        if raised is not None:
            changed = before.difference(scene.fingerprint())
            require(not changed, f"a purged session's agent wrote: {changed}")
        raised = agent.say(held[False])
        require(raised is None, f"a kept session's agent got {raised}")
    if None not in gone:
        scene.restore(run_id)
    if scene.variant.writes_late:
        found = scene.cleanup("--dry-run").data["dangling_messages"]
        require(found, "what a purged session's agent wrote late is not found")
        scene.purge()
        found = scene.cleanup("--dry-run").data["dangling_messages"]
        require(not found, f"{found} messages that were written late are left behind")
        require(scene.ask("read", [held[True]])[0], "the library no longer reads what its agent wrote late")


def writer_at_work(scene: Scene) -> None:
    """Each session that is written to while a purge takes it survives with its messages, or goes whole."""
    scene.fill(_MANY)
    keys = scene.keys(purged=True)
    with scene.script.at_work("write", scene.database.url, keys) as writer:
        purged = scene.cleanup("--yes", may_end_with=(0, 6)).data
        written = {str(key): raised for key, raised in writer.answer()}
    left = {str(key) for key in scene.ask("list")}
    for key, raised in written.items():
        appended = raised is None
        require(appended or key not in left, f"{key}: the writer got {raised}, but it is there")
        allowed = (*scene.variant.gone, *scene.variant.lost_race)
        require(appended or raised in allowed, f"{key}: the writer got {raised}, expected {allowed}")
    if scene.variant.writes_late:
        scene.purge(may_end_with=(0, 6))
    found = scene.cleanup("--dry-run").data["dangling_messages"]
    require(not found, f"{found} dangling messages are left behind")
    _as_many_messages(scene, written, left)
    if purged["purged"]:
        # What was begun anew stays as it is, and its archive is not mixed into it.
        may_end_with = (0, 6) if scene.variant.writer_starts_anew else (0,)
        skipped = scene.restore(purged["run_id"], may_end_with=may_end_with).data["skipped"]
        # Nor into a message that came too late, from a library that had looked for its session before.
        late = {each["session_id"] for each in skipped if each["reason"] == "messages_left"}
        require(not late or scene.variant.lost_race, f"messages are left of {sorted(late)}")
        expected = sorted_keys([one.key for one in scene.made if one.session_id not in late])
        require(sorted_keys(scene.ask("list")) == expected, "restored, the sessions are others")


def _as_many_messages(scene: Scene, written: Mapping[str, Any], left: set[str]) -> None:
    """Sessions that were written to and are left lost none of their messages, or all where begun anew."""
    remaining = [one for one in scene.made if str(one.key) in left & written.keys()]
    keys = [one.key for one in remaining]
    for one, session in zip(remaining, scene.ask("read", keys), strict=True):
        appended = int(written[str(one.key)] is None)
        allowed = {one.messages + appended}
        if scene.variant.writer_starts_anew and one.purged:
            allowed.add(appended)
        found = len(session["messages"])
        require(found in allowed, f"{one.key}: {found} messages are left, expected {allowed}")


def _only_survivors(scene: Scene, read: Mapping[str, Any]) -> None:
    survivors = scene.keys(purged=False)
    listed = sorted_keys(scene.ask("list"))
    require(listed == survivors, f"the library lists {listed}, expected {survivors}")
    found = scene.ask("read", survivors)
    require(found == [read[str(key)] for key in survivors], "the library reads a survivor otherwise")
    gone = scene.ask("read", scene.keys(purged=True))
    require(not any(gone), "the library still reads a purged session")


STEPS: Mapping[str, Callable[[Scene], None]] = {
    "dry run": dry_run_changes_nothing,
    "purge, restore": purge_and_restore,
    "zones": far_zones,
    "goes on": the_library_goes_on,
    "own delete": own_delete,
    "live agents": live_agents,
    "writer": writer_at_work,
}
