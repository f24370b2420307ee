"""Hold the files in docs/deploy/ against the program and the tools that read them.

Each `agents …` in them goes through the program's own parser and settings. Units are given to
`systemd-analyze` where it is on the PATH, manifests to the schemas of Kubernetes, the crontab to a
parser of crontabs. Each file must let the program stop in its own time, write what it has to, and run
as nobody's root.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml
from command_lines import Line, wrong_in
from cronsim import CronSim, CronSimError
from dockerfile_parse import DockerfileParser

from cleveragents import __version__
from cleveragents.domain.duration import parse_duration

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "docs" / "deploy"
HOW_TO = ROOT / "docs" / "how-to"
INSTALLED = "/opt/cleveragents/bin/agents"
ELSEWHERE = "7"
NEEDS_A_LOOK = "6"
WORST_EXPOSURE = 2.0
OF_COMPOSE = {
    "build", "cap_drop", "command", "environment", "ports", "read_only", "restart", "security_opt",
    "stop_grace_period", "tmpfs", "volumes",
}  # fmt: skip
Unit = Mapping[str, Mapping[str, list[str]]]


# --- systemd ------------------------------------------------------------------------------------


def wrong_in_units(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.service")):
        yield from (f"{path.name}: {wrong}" for wrong in _wrong_in_service(_unit(path)))
    for path in sorted(folder.glob("*.timer")):
        if not path.with_suffix(".service").exists():
            yield f"{path.name}: there is no service of that name"
        if _unit(path)["Timer"]["Persistent"] != ["yes"]:
            yield f"{path.name}: what is missed is lost"
    yield from _wrong_to_systemd(folder)


def _unit(path: Path) -> Unit:
    sections: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            sections[section][key].append(value)
    return sections


def _wrong_in_service(unit: Unit) -> Iterator[str]:
    service = unit["Service"]
    words = shlex.split(service["ExecStart"][0])
    if words[0] != INSTALLED:
        yield f"{words[0]} is not where the pages install it"
    line = Line(
        ("agents", *words[1:]),
        dict(entry.split("=", 1) for entry in service["Environment"]),
        [
            *(f"/var/lib/{folder}" for folder in service["StateDirectory"]),
            *(folder.removeprefix("-") for folder in service["ReadWritePaths"]),
        ],
        parse_duration(service["TimeoutStopSec"][0]),
    )
    yield from wrong_in(line)
    if service["User"] in ([], ["root"]):
        yield "it runs as root"
    successes = service["SuccessExitStatus"]
    if line.is_single and (successes != [ELSEWHERE] or service["Type"] != ["oneshot"]):
        yield f"{ELSEWHERE} alone is a success beside 0, and a single sweep is oneshot"
    if not line.is_single and service["RestartPreventExitStatus"] != ["2"]:
        yield "it is started again and again with words that cannot be taken"


def _wrong_to_systemd(folder: Path) -> Iterator[str]:
    if shutil.which("systemd-analyze") is None:
        sys.stdout.write("systemd-analyze is not on the PATH, so it has not looked at the units\n")
        return
    with tempfile.TemporaryDirectory(prefix="units-") as place:
        # It looks whether the program is there.
        agents = Path(place) / "agents"
        agents.write_text("#!/bin/sh\n")
        agents.chmod(0o755)
        for path in folder.iterdir():
            text = path.read_text(encoding="utf-8").replace(INSTALLED, str(agents))
            (Path(place) / path.name).write_text(text, encoding="utf-8")
        units = sorted(path.name for path in folder.iterdir())
        yield from _run_in(place, "systemd-analyze", "verify", *(f"./{unit}" for unit in units))
        for unit in (unit for unit in units if unit.endswith(".service")):
            exposure = ("--offline=true", f"--threshold={WORST_EXPOSURE * 10:.0f}")
            yield from _run_in(place, "systemd-analyze", "security", *exposure, f"./{unit}")


def _run_in(place: str, *words: str) -> Iterator[str]:
    run = subprocess.run(words, cwd=place, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    # What it only warns of is told on stderr.
    if run.returncode or run.stderr.strip():
        yield f"{' '.join(words)}:\n{run.stdout[-1000:]}{run.stderr}"


# --- crontabs -----------------------------------------------------------------------------------


def wrong_in_crontab(path: Path) -> Iterator[str]:
    environment: dict[str, str] = {}
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not text or text.startswith("#"):
            continue
        if assigned := re.fullmatch(r"(\w+)=(.*)", text):
            environment[assigned[1]] = assigned[2]
            continue
        fields = text.split(maxsplit=5)
        where = f"{path.name}:{number}"
        yield from (f"{where}: {wrong}" for wrong in _wrong_in_schedule(" ".join(fields[:5])))
        if "%" in fields[5].replace(r"\%", ""):
            yield f"{where}: cron reads what follows a bare % as input"
        words = shlex.split(fields[5])
        command = words[: words.index("||")] if "||" in words else words
        ours = {name: value for name, value in environment.items() if name not in {"PATH", "MAILTO"}}
        yield from (f"{where}: {wrong}" for wrong in wrong_in(Line(command, ours)))
    if str(Path(INSTALLED).parent) not in environment["PATH"].split(":"):
        yield f"{path.name}: agents is not on its PATH"


def _wrong_in_schedule(schedule: str) -> Iterator[str]:
    try:
        next(CronSim(schedule, datetime.now(UTC)))
    except (CronSimError, StopIteration) as error:
        yield f"{schedule} is no schedule: {error!r}"


# --- containers ---------------------------------------------------------------------------------


def wrong_in_docker(folder: Path) -> Iterator[str]:
    image = _image(folder / "Dockerfile")
    yield from (f"Dockerfile: {wrong}" for wrong in _wrong_in_image(image))
    document = yaml.safe_load((folder / "compose.yaml").read_text(encoding="utf-8"))
    for name, service in document["services"].items():
        wrong = _wrong_in_compose(service, image, document["volumes"])
        yield from (f"compose.yaml: {name}: {each}" for each in wrong)


def _image(path: Path) -> dict[str, list[str]]:
    parser = DockerfileParser(str(path))
    instructions: dict[str, list[str]] = defaultdict(list)
    for each in parser.structure:
        if each["instruction"] != "COMMENT":
            instructions[each["instruction"]].append(each["value"])
    return instructions


def _variables(image: Mapping[str, list[str]]) -> dict[str, str]:
    return dict(pair.split("=", 1) for value in image["ENV"] for pair in shlex.split(value))


def _wrong_in_image(image: Mapping[str, list[str]]) -> Iterator[str]:
    python = re.fullmatch(r"python:(\d+\.\d+)-slim", image["FROM"][0])
    if python is None or f":: {python[1]}" not in (ROOT / "pyproject.toml").read_text(encoding="utf-8"):
        yield f"{image['FROM'][0]} is no Python that this version is made for"
    if f"cleveragents[metrics]=={__version__}" not in image["RUN"][0]:
        yield "it installs another version"
    if not re.fullmatch(r"[1-9]\d*:[1-9]\d*", image["USER"][-1]):
        yield "it does not run as a user whose number says that it is not root"
    if image["STOPSIGNAL"] != ["SIGTERM"]:
        yield "it is not stopped by SIGTERM"
    (entry,), (command,) = image["ENTRYPOINT"], image["CMD"]
    words = json.loads(entry) + json.loads(command)
    yield from wrong_in(Line(words, _variables(image), [*image["VOLUME"], "/tmp"]))  # noqa: S108 - the image's
    health = json.loads(image["HEALTHCHECK"][0].partition("CMD ")[2])
    yield from wrong_in(Line(health, _variables(image)))


def _wrong_in_compose(
    service: dict[str, Any], image: Mapping[str, list[str]], volumes: Mapping[str, Any]
) -> Iterator[str]:
    yield from (f"nobody looked at {key}" for key in sorted(service.keys() - OF_COMPOSE))
    mounts = dict(volume.split(":") for volume in service["volumes"])
    yield from (f"there is no volume {name}" for name in sorted(mounts.keys() - volumes.keys()))
    yield from (f"{port} is open to others" for port in service["ports"] if not port.startswith("127.0.0.1:"))
    if not service["read_only"] or service["cap_drop"] != ["ALL"]:
        yield "it may do more than it needs"
    words = json.loads(image["ENTRYPOINT"][0]) + service["command"]
    environment = _variables(image) | service["environment"]
    writable = [*mounts.values(), *service["tmpfs"]]
    stop_after = parse_duration(service["stop_grace_period"])
    yield from wrong_in(Line(words, environment, writable, stop_after))
    yield from _wrong_in_ports(words, [int(port.rsplit(":", 1)[1]) for port in service["ports"]])


def _wrong_in_ports(words: list[str], ports: list[int]) -> Iterator[str]:
    """Inside a container loopback is nobody else's, and a port that is not named is not found."""
    if "--metrics-port" not in words:
        return
    if int(words[words.index("--metrics-port") + 1]) not in ports:
        yield "its metrics are at another port"
    if "0.0.0.0" not in words:  # noqa: S104 - it is looked for
        yield "its metrics cannot be reached from outside of the container"


# --- Kubernetes ---------------------------------------------------------------------------------


def wrong_in_manifests(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.yaml")):
        documents = list(yaml.safe_load_all(path.read_text(encoding="utf-8")))
        claims = {each["metadata"]["name"] for each in documents if each["kind"] == "PersistentVolumeClaim"}
        for document in documents:
            where = f"{path.name}: {document['kind']}"
            try:
                kubernetes_validate.validate(document, kubernetes_validate.latest_version(), strict=True)
            except kubernetes_validate.ValidationError as error:
                yield f"{where}: {error.message}"
                continue
            yield from (f"{where}: {wrong}" for wrong in _wrong_in_manifest(document, claims))


def _wrong_in_manifest(document: dict[str, Any], claims: set[str]) -> Iterator[str]:
    spec = document["spec"]
    if document["kind"] == "CronJob":
        job = spec["jobTemplate"]["spec"]
        if spec["concurrencyPolicy"] != "Forbid" or "timeZone" not in spec:
            yield "jobs may overlap, or nobody knows whose hour is meant"
        values = job["podFailurePolicy"]["rules"][0]["onExitCodes"]["values"]
        if int(ELSEWHERE) in values or int(NEEDS_A_LOOK) not in values:
            yield f"{NEEDS_A_LOOK} fails the job, {ELSEWHERE} does not"
        yield from _wrong_in_schedule(spec["schedule"])
        yield from _wrong_in_pod(job["template"]["spec"], claims)
    elif document["kind"] == "Deployment":
        labels = spec["template"]["metadata"]["labels"]
        if spec["selector"]["matchLabels"].items() - labels.items():
            yield "its pods are not those that it looks for"
        yield from _wrong_in_pod(spec["template"]["spec"], claims)


def _wrong_in_pod(pod: dict[str, Any], claims: set[str]) -> Iterator[str]:
    if not pod["securityContext"]["runAsNonRoot"]:
        yield "it may run as root"
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    for volume in volumes.values():
        claim = volume.get("persistentVolumeClaim", {}).get("claimName")
        if claim is not None and claim not in claims:
            yield f"there is no claim {claim}"
    for container in pod["containers"]:
        if container["image"].rsplit(":", 1)[1] != __version__:
            yield "it is another version"
        context = container["securityContext"]
        if not context["readOnlyRootFilesystem"] or context["allowPrivilegeEscalation"]:
            yield "it may do more than it needs"
        mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
        yield from (f"there is no volume {name}" for name in sorted(mounts.keys() - volumes.keys()))
        environment = {each["name"]: each.get("value", "postgresql://db/agents") for each in container["env"]}
        stop_after = timedelta(seconds=pod["terminationGracePeriodSeconds"])
        words = container["command"] + container["args"]
        yield from wrong_in(Line(words, environment, list(mounts.values()), stop_after))
        yield from _wrong_in_ports(words, [port["containerPort"] for port in container.get("ports", ())])


# --- what they share ----------------------------------------------------------------------------


def wrong_in_settings(path: Path) -> Iterator[str]:
    """The file, as whoever runs with XDG_CONFIG_HOME=/etc has it."""
    with tempfile.TemporaryDirectory(prefix="etc-") as place:
        home = Path(place) / "cleveragents"
        home.mkdir()
        shutil.copy(path, home / "config.toml")
        yield from wrong_in(Line(("agents", "cleanup", "watch"), {"XDG_CONFIG_HOME": place, "HOME": place}))


def wrong_in_pages() -> Iterator[str]:
    pages = "".join(page.read_text(encoding="utf-8") for page in HOW_TO.glob("*.md"))
    files = [path for folder in (DEPLOY, ROOT / "docs" / "monitoring") for path in folder.rglob("*.*")]
    for path in [*files, DEPLOY / "docker" / "Dockerfile"]:
        if path.relative_to(ROOT / "docs").as_posix() not in pages:
            yield f"no page shows {path.relative_to(ROOT)}"


def main() -> int:
    wrong = [
        *wrong_in_units(DEPLOY / "systemd"),
        *wrong_in_crontab(DEPLOY / "cleveragents.crontab"),
        *wrong_in_docker(DEPLOY / "docker"),
        *wrong_in_manifests(DEPLOY / "kubernetes"),
        *wrong_in_settings(DEPLOY / "config.toml"),
        *wrong_in_pages(),
    ]
    for each in wrong:
        sys.stderr.write(f"{each}\n")
    files = sum(path.is_file() for path in DEPLOY.rglob("*"))
    sys.stdout.write(f"{files} files, {len(wrong)} wrong\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
