"""Two sweeping processes and four writers for minutes, with kills in between: nothing may be lost or stuck.

    python benchmarks/soak.py --backend sqlite postgresql --seconds 60

The writers make sessions, append to them for a while, and abandon them. Both `agents cleanup watch`
processes purge what is abandoned; every few seconds one of them is killed, stopped for longer than its
lease, or asked to end, and started again. Afterwards everything that was purged is restored, and each
writer's record is held against the database: every message that it was told is written must be there
once, no session may have gone while it was in use, or twice, and the next sweep must succeed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from arms import AGENTS, HERE
from databases import databases
from measuring import add_common_options, print_facts, print_table, run, running, surroundings, write_json
from sample import Layout, Sample
from writers import WRITERS, quantile

ABANDONED_AFTER = timedelta(seconds=3)
EVERY = timedelta(seconds=2)
LEASE = 3
SWEEPERS = 2
PATIENCE = 30
YOUNG = 10
"""For so many seconds a process may still be loading, and end by a signal as any program does."""
SETTINGS = {
    "CLEVERAGENTS_CLEANUP_STALE_AFTER": "3s",
    "CLEVERAGENTS_CLEANUP_EMPTY_AFTER": "3s",
    "CLEVERAGENTS_CLEANUP_MAX_PURGE": "100%",
    "CLEVERAGENTS_CLEANUP_MAX_LOCK": "1s",
    "CLEVERAGENTS_CLEANUP_MODE": "purge",
    "CLEVERAGENTS_SWEEP_EVERY": f"{EVERY.seconds}s",
    "CLEVERAGENTS_SWEEP_JITTER": "0s",
    "CLEVERAGENTS_SWEEP_LEASE": f"{LEASE}s",
    "CLEVERAGENTS_LOG_FORMAT": "json",
}


@dataclass
class Sweepers:
    """The sweeping processes, and what was done to them."""

    environment: dict[str, str]
    folder: Path
    chance: random.Random
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    begun: dict[int, float] = field(default_factory=dict)
    deeds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def start(self) -> None:
        with (self.folder / "watch.log").open("ab") as log:
            self.running.append(
                subprocess.Popen(  # noqa: S603 - our own command
                    [AGENTS, "cleanup", "watch"], stdout=log, stderr=log, env=self.environment
                )
            )
        self.begun[self.running[-1].pid] = time.monotonic()

    def harm_one(self) -> None:
        victim = self.running.pop(self.chance.randrange(len(self.running)))
        how = self.chance.choice(("kill -9", "kill -9", "held up", "SIGTERM"))
        self.deeds[how] += 1
        if how == "held up":
            victim.send_signal(signal.SIGSTOP)
            time.sleep(LEASE + 1)
            victim.send_signal(signal.SIGCONT)
            time.sleep(1)
        if how == "kill -9":
            victim.kill()
            victim.wait()
        else:
            self.end(victim)
        self.start()

    def end(self, process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        try:
            code = process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            code = None
        is_young = time.monotonic() - self.begun[process.pid] < YOUNG
        if code == -signal.SIGTERM and is_young:
            self.deeds["SIGTERM before it could listen"] += 1
        elif code != 0:
            self.wrong.append(f"a sweeper that was asked to end ended with {code}")


def soak(url: str, options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    environment = {
        **os.environ,
        **SETTINGS,
        "CLEVERAGENTS_DATABASE_URL": url,
        "CLEVERAGENTS_CLEANUP_ARCHIVE_FOLDER": str(folder / "archives"),
    }
    sweepers = Sweepers(environment, folder, random.Random(options.seed))  # noqa: S311 - repeatable
    for _ in range(SWEEPERS):
        sweepers.start()
    with writers(environment, folder) as finish:
        until = time.monotonic() + options.seconds
        while time.monotonic() < until:
            time.sleep(options.between)
            sweepers.harm_one()
        told = finish()
    for process in sweepers.running:
        sweepers.end(process)
    return findings(told, sweepers, environment)


@contextmanager
def writers(environment: dict[str, str], folder: Path) -> Iterator[Any]:
    command = [sys.executable, "-W", "ignore", str(HERE / "_abandoner.py")]
    with ExitStack() as stack:
        started = []
        for number in range(WRITERS):
            process = subprocess.Popen(  # noqa: S603 - our own program
                [*command, str(number), str(folder / f"writer-{number}.json")],
                stdin=subprocess.PIPE,
                env=environment,
            )
            stack.callback(process.kill)
            started.append(process)

        def finish() -> list[dict[str, Any]]:
            for process in started:
                process.communicate(timeout=PATIENCE)
            return [json.loads((folder / f"writer-{n}.json").read_text()) for n in range(WRITERS)]

        yield finish


def findings(told: list[dict[str, Any]], sweepers: Sweepers, environment: dict[str, str]) -> dict[str, Any]:
    wrong = list(sweepers.wrong)
    agents(environment, "cleanup", "watch", "--once", allowed=(0, 6))
    status = agents(environment, "cleanup", "status", "--check", "--max-age", "1m", allowed=(0, 6))
    wrong += [f"status: {problem}" for problem in status["problems"]]
    wrong += too_often(status["sweeps"])
    log = agents(environment, "cleanup", "log", "--all", "--verify")
    sessions = {each["session_id"]: each for writer in told for each in writer["sessions"]}
    present = {each["session_id"] for each in listed(environment)}
    purges = [entry for entry in log["runs"] if entry["started_from"] == "sweep"]
    purged = sum(entry["sessions"] for entry in purges)
    gone = set(sessions) - present
    if purged != len(gone):
        wrong.append(f"the ledger tells of {purged} purged sessions, {len(gone)} are gone")
    wrong += premature(sessions, purges, environment)
    restored = {each["session_id"]: each for each in listed(environment)}
    for session_id, session in sessions.items():
        found = restored.get(session_id, {}).get("message_count")
        if found != session["written"]:
            wrong.append(f"{session_id}: {session['written']} messages were written, {found} are there")
    latencies = sorted(latency for writer in told for latency in writer["latencies"])
    outcomes = Counter(sweep["outcome"] for sweep in status["sweeps"])
    return {
        "sweeps_by_last_outcomes": dict(outcomes),
        "purges": len(purges),
        "harmed": dict(sweepers.deeds),
        "made": len(sessions),
        "purged": purged,
        "skipped": sum(entry["skipped"] for entry in purges),
        "appends": len(latencies),
        "p99_ms": quantile(latencies, 0.99) * 1000,
        "longest_ms": latencies[-1] * 1000,
        "failed": sum((Counter(writer["failed"]) for writer in told), Counter[str]()),
        "wrong": wrong,
    }


def too_often(sweeps: list[dict[str, Any]]) -> Iterator[str]:
    """The last one was asked for, whatever the schedule says."""
    done = sorted(each["started_at"] for each in sweeps[1:] if each["outcome"] == "purged")
    for earlier, later in pairwise(map(datetime.fromisoformat, done)):
        if later - earlier < EVERY:
            yield f"two sweeps within {later - earlier}"


def premature(
    sessions: dict[str, Any], purges: list[dict[str, Any]], environment: dict[str, str]
) -> Iterator[str]:
    """Restore run after run, newest first, and see that no session in them was in use, and none twice."""
    seen: set[str] = set()
    for run_id in dict.fromkeys(entry["run_id"].partition(".")[0] for entry in reversed(purges)):
        entries = [entry for entry in purges if entry["run_id"].startswith(run_id) and entry["sessions"]]
        if not entries:
            continue
        before = {each["session_id"] for each in listed(environment)}
        agents(environment, "cleanup", "restore", run_id)
        back = {each["session_id"] for each in listed(environment)} - before
        if twice := back & seen:
            yield f"purged twice: {sorted(twice)[:3]}"
        seen |= back
        ended = max(datetime.fromisoformat(entry["finished_at"]).timestamp() for entry in entries)
        for session_id in back:
            idle = ended - sessions[session_id]["last_used"]
            if idle < ABANDONED_AFTER.total_seconds():
                yield f"{session_id} was purged {idle:.3f} s after it was used"


def listed(environment: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = agents(environment, "session", "list", "--limit", "1000000")["sessions"]
    return found


def agents(environment: dict[str, str], *words: str, allowed: tuple[int, ...] = (0,)) -> Any:
    answer = subprocess.run(  # noqa: S603 - our own command
        [AGENTS, *words, "--format=json"], env=environment, capture_output=True, text=True, check=False
    )
    assert answer.returncode in allowed, answer.stdout + answer.stderr
    return json.loads(answer.stdout)["data"]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add_common_options(parser)
    parser.add_argument("--seconds", type=float, default=60, help="how long, on each database")
    parser.add_argument("--between", type=float, default=3, help="seconds between two kills")
    parser.add_argument("--seed", type=int, default=1, help="of the chances that are taken")
    options = parser.parse_args()
    with running(options):
        facts: dict[str, object] = {"program": "soak", **surroundings()}
        print_facts(facts)
        found = {}
        for backend in options.backend:
            folder = options.room / f"soak-{backend}"
            folder.mkdir()
            with databases(backend, folder) as made:
                made.build(Sample.taken_now(sessions=2, messages_each=1, layout=Layout.TOGETHER))
                url = made.fresh()
                environment = {**os.environ, "CLEVERAGENTS_DATABASE_URL": url}
                clear = [AGENTS, "cleanup", "--stale-after=1s", "--empty-after=1s", "--yes", "--no-archive"]
                run(clear, environment=environment, folder=folder)
                found[backend] = soak(url, options, folder)
        show(found)
        write_json(options.json, {"facts": facts, "found": found})
    if any(each["wrong"] for each in found.values()):
        sys.exit("\n".join(line for each in found.values() for line in each["wrong"]))


def show(found: dict[str, dict[str, Any]]) -> None:
    names = [name for name in next(iter(found.values())) if name != "wrong"]
    rows = [(name, *(_shown(each[name]) for each in found.values())) for name in names]
    print_table(("", *found), rows)
    wrong = sum(len(each["wrong"]) for each in found.values())
    print(f"lost, done twice, in use or stuck: {wrong}")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{number} {name}" for name, number in value.items()) or "0"
    return f"{value:.1f}" if isinstance(value, float) else f"{value:,}"


if __name__ == "__main__":
    main()
