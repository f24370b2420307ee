"""Ctrl-C, and a database that goes away, before every step of a purge and of a restore."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing

from boundaries import Boundaries, is_of_a_file
from kills import Target, gone_through, targets
from running import Operator
from scenes import Scene, Scenes
from tally import Tally

from cleveragents.domain.errors import CleverAgentsError

Strike = Callable[[Scene], None]


def interrupt_everywhere(tally: Tally, scenes: Scenes) -> None:
    scene = scenes.fresh()
    operator = Operator(scene)
    try:
        for target in targets(operator, 0):
            if target.name == "a rehearsal":
                continue  # its statements are those of a purge
            interrupt(tally, operator, target)
    finally:
        scene.close()


def interrupt(tally: Tally, operator: Operator, target: Target, every: int = 1) -> None:
    """Strike before each boundary, or before every so many of them."""
    labels, _ = gone_through(operator.scene, target)
    for name, strike in (("Ctrl-C", _press_ctrl_c), ("lost databases", _lose_database)):
        for place, label in [*enumerate(labels)][::every]:
            if strike is _lose_database and is_of_a_file(label):
                continue
            with tally.trying(f"{name} in {target.name}", f"at boundary {place}, {label!r}"):
                _strike_at(operator, target, place, strike)


def _strike_at(operator: Operator, target: Target, place: int, strike: Strike) -> None:
    scene = operator.scene
    scene.put_back(target.expected.kept)
    passed = 0

    def reached(_label: str) -> None:
        nonlocal passed
        passed += 1
        if passed == place + 1:
            strike(scene)

    try:
        with Boundaries(reached).watched(str(scene.archives)):
            target.work()
    except (CleverAgentsError, KeyboardInterrupt):
        pass  # said in our words, or to be said by whoever handles Ctrl-C
    scene.wait_until_alone()
    target.check(operator, target.expected)


def _press_ctrl_c(_: Scene) -> None:
    os.kill(os.getpid(), signal.SIGINT)


def _lose_database(scene: Scene) -> None:
    """End every connection; of a file nobody can be robbed, but it can fail to be read or written."""
    if scene.backend == "sqlite":
        raise sqlite3.OperationalError("disk I/O error")
    with closing(scene.connect()) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = 'cleveragents'"
        )
