"""The ways to purge that are compared: ours, and the hand-written floors."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from databases import Databases
from floors import FLOORS
from measuring import Finished, Timings, run
from remains import Remains
from sample import Sample

from cleveragents.settings.fields import Settings

HERE = Path(__file__).parent
AGENTS = str(Path(sys.executable).with_name("agents"))
SERVICE = "CleanupService.purge"
COMMAND = "agents cleanup"
ARCHIVE = ", archive"
GIVE_BACK = ", space given back"
RESTORE = "agents cleanup restore"
FLOOR = "floor: "
# What is compared with the floors keeps no archive and gives no space back, as they do not, and asks
# nobody whether half of all sessions may go.
PLAIN = {"cleanup_archive": "false", "cleanup_give_back": "false", "cleanup_max_purge": "100%"}


@dataclass(frozen=True, slots=True)
class Place:
    """A copy of a filled database, and the folder where what belongs to it may lie."""

    made: Databases
    sample: Sample
    url: str
    folder: Path

    def environment(self, **settings: str) -> dict[str, str]:
        """Settings as variables; those that this version does not know are left out."""
        wanted = {
            "database_url": self.url,
            "cleanup_archive_folder": str(self.folder / "archives"),
            **settings,
        }
        known = {name: value for name, value in wanted.items() if name in Settings.model_fields}
        variables = {f"CLEVERAGENTS_{name.upper()}": value for name, value in known.items()}
        return {**variables, "XDG_CONFIG_HOME": str(self.folder)}


@dataclass(frozen=True, slots=True)
class Done:
    """What one purge took, and what it says it deleted; a floor may not know of messages."""

    seconds: float
    peak_bytes: int
    sessions: int
    messages: int | None
    steps: dict[str, float]
    told: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Arm:
    """One way to purge, with what each round measured."""

    name: str
    purge: Callable[[Place], Done]
    each: list[Done] = field(default_factory=list)
    remains: list[Remains] = field(default_factory=list)

    @property
    def timings(self) -> Timings:
        return Timings(tuple(done.seconds for done in self.each))

    @property
    def peak_bytes(self) -> int:
        return max(done.peak_bytes for done in self.each)

    @property
    def is_floor(self) -> bool:
        return self.name.startswith(FLOOR)

    def median_steps(self) -> dict[str, float]:
        names = dict.fromkeys(name for done in self.each for name in done.steps)
        return {name: median(done.steps.get(name, 0.0) for done in self.each) for name in names}

    def measure(self, place: Place) -> Done:
        done = self.purge(place)
        self.each.append(done)
        self.remains.append(place.made.remains(place.url))
        return done


def arms_for(backend: str, wanted: Sequence[str] = ()) -> list[Arm]:
    """Every arm whose name holds one of the words; all without any. At least one floor is among them."""
    named = [
        *service_arms(),
        Arm(COMMAND, _command(PLAIN)),
        Arm(COMMAND + ARCHIVE, _command(PLAIN | {"cleanup_archive": "true"})),
        *floor_arms(backend),
    ]
    chosen = [arm for arm in named if not wanted or any(word in arm.name for word in wanted)]
    return chosen if any(arm.is_floor for arm in chosen) else [*chosen, floor_arms(backend)[0]]


def service_arms() -> list[Arm]:
    arms = [
        Arm(SERVICE, _service(PLAIN)),
        Arm(SERVICE + ARCHIVE, _service(PLAIN | {"cleanup_archive": "true"})),
    ]
    if "cleanup_give_back" in Settings.model_fields:
        arms.append(Arm(SERVICE + GIVE_BACK, _service(PLAIN | {"cleanup_give_back": "true"})))
    return arms


def floor_arms(backend: str) -> list[Arm]:
    """The hand-written ways, the best first."""
    return [Arm(f"{FLOOR}{name}", _once(name)) for name in FLOORS[backend]]


def quickest_floor(arms: Sequence[Arm]) -> Arm:
    return min((arm for arm in arms if arm.is_floor), key=lambda arm: arm.timings.median)


def _service(settings: dict[str, str]) -> Callable[[Place], Done]:
    return _once("service", settings)


def _once(name: str, settings: dict[str, str] | None = None) -> Callable[[Place], Done]:
    def purge(place: Place) -> Done:
        program = [sys.executable, str(HERE / "_purge_once.py"), name, place.made.backend, place.url]
        finished = run(
            [*program, place.sample.cutoff.isoformat()],
            environment=place.environment(**(settings or {})),
            folder=place.folder,
        )
        return Done(peak_bytes=finished.peak_bytes, **json.loads(finished.output))

    return purge


def _command(settings: dict[str, str]) -> Callable[[Place], Done]:
    def purge(place: Place) -> Done:
        finished = agents(place, "--yes", **settings)
        told = json.loads(finished.output)["data"]
        return Done(finished.seconds, finished.peak_bytes, told["purged"], told["messages"], {}, told)

    return purge


def agents(place: Place, *words: str, **settings: str) -> Finished:
    """The installed command, as a whole process."""
    environment = place.environment(**settings)
    return run([AGENTS, "cleanup", *words, "--format=json"], environment=environment, folder=place.folder)
