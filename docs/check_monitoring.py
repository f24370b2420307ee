"""Hold docs/monitoring/ against what a real `agents cleanup watch` shows to Prometheus.

Each query of the dashboard and of the alert rules is parsed; its metrics must be among those that the
program exports, under labels and values that these have, and counters alone may be counted up. The
table of metrics in docs/how-to/monitoring.md names each of them. Where `promtool` is on the PATH, it
checks and tests the rules too.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import promql_parser
import yaml
from prometheus_client.parser import text_string_to_metric_families

DOCS = Path(__file__).resolve().parent
MONITORING = DOCS / "monitoring"
PAGE = DOCS / "how-to" / "monitoring.md"
OURS = "cleveragents_"
# What Prometheus adds to each series, and what other exporters know.
ADDED_LABELS = {"job", "instance"}
OTHERS = {"node_textfile_mtime_seconds": {"file"}}
COUNTING = {"rate", "irate", "increase", "resets"}
# Grafana puts a length of time in their place.
VARIABLE = re.compile(r"\$__(?:interval|range|rate_interval)\b")
COLUMNS = 24
PATIENCE_SECONDS = 60
PANELS = {"stat", "timeseries", "table"}
SEVERITIES = {"critical", "warning", "info"}


@dataclass
class Exported:
    """What may stand in a query: each series' name, its labels and their values, and its family's type."""

    labels: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    families: set[str] = field(default_factory=set)

    def add(self, family: Any) -> None:
        self.families.add(family.name + ("_total" if family.type == "counter" else ""))
        for sample in family.samples:
            labels = self.labels.setdefault(sample.name, {})
            self.kinds[sample.name] = family.type
            for label, value in sample.labels.items():
                labels.setdefault(label, set()).add(value)


def exported() -> Exported:
    """Scrape a real watch, on a database that has seen a success and a failure."""
    with tempfile.TemporaryDirectory(prefix="monitoring-") as folder:
        place = {name: value for name, value in os.environ.items() if not name.startswith("CLEVERAGENTS_")}
        place |= {"HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder}
        for name in ("one", "two"):
            _agents("session", "create", "--name", name, environment=place, folder=folder).wait()
        time.sleep(1.1)
        words = ("cleanup", "watch", "--mode", "purge", "--empty-after", "1s", "--jitter", "0s")
        _agents(*words, "--once", "--max-purge", "1", environment=place, folder=folder).wait()
        port = _free_port()
        # Over the failure is soon forgotten: half a second later the next sweep is due.
        watch = _agents(
            *words, "--every", "1s", "--metrics-port", str(port), environment=place, folder=folder
        )
        try:
            return _scrape(port)
        finally:
            watch.send_signal(signal.SIGTERM)
            watch.wait(timeout=PATIENCE_SECONDS)


def _agents(*words: str, environment: dict[str, str], folder: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "cleveragents", *words],
        env=environment,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _scrape(port: int) -> Exported:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        time.sleep(0.1)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
                text = answer.read().decode()
        except OSError:
            continue
        if "cleveragents_last_success_timestamp_seconds" in text:
            found = Exported()
            for family in text_string_to_metric_families(text):
                found.add(family)
            return found
    raise SystemExit("The watch never told of a sweep that succeeded.")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


# --- queries ------------------------------------------------------------------------------------


def wrong_in_query(query: str, known: Exported) -> Iterator[str]:
    try:
        tree = promql_parser.parse(VARIABLE.sub("1h", query))
    except ValueError as error:
        yield f"no PromQL: {error}"
        return
    yield from _wrong_in(tree, known, is_counted=False)


def _wrong_in(node: Any, known: Exported, *, is_counted: bool) -> Iterator[str]:
    if isinstance(node, promql_parser.MatrixSelector):
        yield from _wrong_in(node.vector_selector, known, is_counted=is_counted)
    elif isinstance(node, promql_parser.VectorSelector):
        yield from _wrong_series(node, known, is_counted=is_counted)
    elif isinstance(node, promql_parser.Call):
        for argument in node.args:
            yield from _wrong_in(argument, known, is_counted=node.func.name in COUNTING)
    else:
        for part in ("lhs", "rhs", "expr", "param"):
            below = getattr(node, part, None)
            if below is not None:
                yield from _wrong_in(below, known, is_counted=False)


def _wrong_series(selector: Any, known: Exported, *, is_counted: bool) -> Iterator[str]:
    name = selector.name
    matchers = [(each.name, each.value, each.op) for each in selector.matchers.matchers]
    if name in OTHERS:
        yield from (f"{name} has no label {label}" for label, *_ in matchers if label not in OTHERS[name])
        return
    if name not in known.labels:
        yield f"the program exports no {name}"
        return
    if is_counted != (known.kinds[name] in {"counter", "histogram"}):
        yield f"{name} is a {known.kinds[name]}" + (": it cannot be counted up" if is_counted else "")
    for label, value, how in matchers:
        if label in ADDED_LABELS:
            continue
        values = known.labels[name].get(label)
        if values is None:
            yield f"{name} has no label {label}"
        elif how == promql_parser.MatchOp.Equal and value not in values:
            yield f"{name} never has {label}={value!r}"


# --- the dashboard ------------------------------------------------------------------------------


def wrong_in_dashboard(dashboard: dict[str, Any], known: Exported) -> Iterator[str]:
    for key in ("uid", "title", "schemaVersion", "time", "refresh"):
        if not dashboard.get(key):
            yield f"the dashboard has no {key}"
    panels = dashboard["panels"]
    if len({panel["id"] for panel in panels}) != len(panels):
        yield "two panels have one id"
    for one, other in combinations(panels, 2):
        if _overlap(one["gridPos"], other["gridPos"]):
            yield f"{one['title']!r} lies over {other['title']!r}"
    variables = {variable["name"] for variable in dashboard["templating"]["list"]}
    yield from (f"no variable {name}" for name in sorted({"datasource", "job", "instance"} - variables))
    for variable in dashboard["templating"]["list"]:
        metric = re.match(r"label_values\((\w+)", variable.get("definition", ""))
        if metric and metric[1] not in known.labels:
            yield f"the program exports no {metric[1]}"
    for panel in panels:
        yield from (f"panel {panel['title']!r}: {wrong}" for wrong in _wrong_in_panel(panel, known))


def _wrong_in_panel(panel: dict[str, Any], known: Exported) -> Iterator[str]:
    if panel["type"] not in PANELS:
        yield f"it is a {panel['type']}"
    place = panel["gridPos"]
    if place["x"] + place["w"] > COLUMNS or min(place["w"], place["h"]) < 1:
        yield "it leaves the grid"
    if panel["datasource"]["uid"] != "${datasource}":
        yield "it names a data source of its own"
    targets = panel["targets"]
    if not targets or len({target["refId"] for target in targets}) != len(targets):
        yield "it has no query, or two under one name"
    for target in targets:
        for wrong in wrong_in_query(target["expr"], known):
            yield f"{target['expr']}: {wrong}"
        for label in re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]):
            if not any(label in known.labels.get(name, ()) for name in known.labels) and (
                label not in ADDED_LABELS
            ):
                yield f"its legend shows {label}, which is no label"


def _overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    return all(
        one[start] < other[start] + other[size] and other[start] < one[start] + one[size]
        for start, size in (("x", "w"), ("y", "h"))
    )


# --- the alerts ---------------------------------------------------------------------------------


def wrong_in_alerts(document: dict[str, Any], known: Exported) -> Iterator[str]:
    rules = [rule for group in document["groups"] for rule in group["rules"]]
    names = [rule["alert"] for rule in rules]
    if len(set(names)) != len(names):
        yield "two alerts have one name"
    for rule in rules:
        yield from (f"alert {rule['alert']}: {wrong}" for wrong in _wrong_in_rule(rule, known))


def _wrong_in_rule(rule: dict[str, Any], known: Exported) -> Iterator[str]:
    yield from (
        f"it has {key}" for key in sorted(rule.keys() - {"alert", "expr", "for", "labels", "annotations"})
    )
    if rule["labels"].get("severity") not in SEVERITIES:
        yield "it has no severity"
    if rule["annotations"].keys() != {"summary", "description"}:
        yield "it needs a summary and a description"
    if "for" in rule:
        promql_parser.parse_duration(rule["for"])
    for wrong in wrong_in_query(rule["expr"], known):
        yield f"{rule['expr']}: {wrong}"


def wrong_to_promtool() -> Iterator[str]:
    promtool = shutil.which("promtool")
    if promtool is None:
        sys.stdout.write("promtool is not on the PATH, so it has not looked at the rules\n")
        return
    for words in (
        ("check", "config", "prometheus.yml"),
        ("check", "rules", "alerts.yml"),
        ("test", "rules", "alerts.test.yml"),
    ):
        run = subprocess.run(  # noqa: S603 - found on the PATH on purpose
            [promtool, *words], cwd=MONITORING, capture_output=True, text=True, check=False
        )
        if run.returncode:
            yield f"promtool {' '.join(words)}:\n{run.stdout}{run.stderr}"


# --- the page -----------------------------------------------------------------------------------


def wrong_in_page(page: str, known: Exported) -> Iterator[str]:
    told = set(re.findall(rf"^\| `({OURS}\w+)", page, re.MULTILINE))
    yield from (f"{PAGE.name} does not tell of {name}" for name in sorted(known.families - told))
    yield from (f"{PAGE.name} tells of {name}, which is none" for name in sorted(told - known.families))


def main() -> int:
    known = exported()
    dashboard = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))
    alerts = yaml.safe_load((MONITORING / "alerts.yml").read_text(encoding="utf-8"))
    wrong = [
        *wrong_in_dashboard(dashboard, known),
        *wrong_in_alerts(alerts, known),
        *wrong_to_promtool(),
        *wrong_in_page(PAGE.read_text(encoding="utf-8"), known),
    ]
    for each in wrong:
        sys.stderr.write(f"{each}\n")
    queries = sum(len(panel["targets"]) for panel in dashboard["panels"])
    rules = sum(len(group["rules"]) for group in alerts["groups"])
    sys.stdout.write(
        f"{len(known.families)} metrics, {len(dashboard['panels'])} panels with {queries} queries, "
        f"{rules} alerts, {len(wrong)} wrong\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
