"""Options that several commands share, each said once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cleveragents.domain.errors import UsageError
from cleveragents.domain.retention import Reason, SessionFilter

if TYPE_CHECKING:
    from cleveragents.cli.context import Context
    from cleveragents.domain.retention import RetentionPolicy

_POLICY = "What is selected"
_FILTERS = "Narrow it down"
_SAFEGUARDS = "What holds it back"
_PACE = "How it spares others"
_SCHEDULE = "When it sweeps"
_TOLD = "What it tells"


class SessionClass(StrEnum):
    """What `--only` takes: the three reasons, and dangling messages."""

    STALE = "stale"
    EMPTY = "empty"
    ORPHANED = "orphaned"
    DANGLING = "dangling"


StaleAfter = Annotated[
    str | None,
    typer.Option(
        metavar="DURATION",
        help="Stale: last accessed longer ago than this. 30d unless set. auto: worked out from how long "
        "sessions lay unused before somebody came back to them.",
        rich_help_panel=_POLICY,
    ),
]
ReturnRateOption = Annotated[
    str | None,
    typer.Option(
        "--return-rate",
        metavar="PERCENT",
        help="With --stale-after auto: below which share of sessions that were used again, for example 0.5%. "
        "1% unless set.",
        rich_help_panel=_POLICY,
    ),
]
EmptyAfter = Annotated[
    str | None,
    typer.Option(
        metavar="DURATION",
        help="Empty: no message, and last accessed longer ago than this. 30m unless set.",
        rich_help_panel=_POLICY,
    ),
]
OrphanedAfter = Annotated[
    str | None,
    typer.Option(
        metavar="DURATION",
        help="Orphaned: parent gone, and last accessed longer ago than this. 24h unless set.",
        rich_help_panel=_POLICY,
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CLASSES",
        help="Only these classes, with commas between: stale, empty, orphaned, dangling.",
        rich_help_panel=_POLICY,
    ),
]
KeepLast = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="Protect the newest N sessions of each actor.",
        show_default=False,
        rich_help_panel=_POLICY,
    ),
]
Actor = Annotated[
    list[str] | None,
    typer.Option(
        "--actor", metavar="ACTOR", help="Only sessions of this actor; repeatable.", rich_help_panel=_FILTERS
    ),
]
Source = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="SOURCE",
        help="Only sessions from this source; repeatable.",
        rich_help_panel=_FILTERS,
    ),
]
Namespace = Annotated[
    list[str] | None,
    typer.Option(
        "--namespace",
        metavar="NAMESPACE",
        help="Only sessions of this namespace; repeatable.",
        rich_help_panel=_FILTERS,
    ),
]
Name = Annotated[
    list[str] | None,
    typer.Option(
        "--name",
        metavar="GLOB",
        help="Only sessions whose name matches, with * and ?; repeatable.",
        rich_help_panel=_FILTERS,
    ),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", metavar="", help="Do not ask.")]
SessionId = Annotated[
    str, typer.Argument(metavar="SESSION", help="A session's id, or its unambiguous beginning.")
]
OutputFile = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to this file instead of stdout.")
]


POLICY: dict[str, Any] = {
    "stale_after": StaleAfter,
    "return_rate": ReturnRateOption,
    "empty_after": EmptyAfter,
    "orphaned_after": OrphanedAfter,
    "only": Only,
    "keep_last": KeepLast,
    "actor": Actor,
    "source": Source,
    "namespace": Namespace,
    "name": Name,
}
"""The options that make up a retention policy; a command with a `policy` parameter has them all."""


Archive = Annotated[
    bool | None,
    typer.Option(
        "--archive/--no-archive",
        help="Keep what is deleted in an archive that can be restored; on unless set.",
        metavar="",
        show_default=False,
        rich_help_panel=_SAFEGUARDS,
    ),
]
MaxPurge = Annotated[
    str | None,
    typer.Option(
        metavar="LIMIT",
        help="Refuse to delete more sessions than this number, or percentage of all. "
        "Over half, when that is more than 1,000, unless set.",
        rich_help_panel=_SAFEGUARDS,
    ),
]
RunMode = Annotated[
    str | None,
    typer.Option(
        "--mode",
        metavar="[report|purge]",
        help="In report mode nothing is ever deleted. Unless set it is purge, and report for sweeps.",
        rich_help_panel=_SAFEGUARDS,
    ),
]
ArchiveRetention = Annotated[
    str | None,
    typer.Option(
        metavar="DURATION",
        help="Remove archives older than this. 90d unless set.",
        rich_help_panel=_SAFEGUARDS,
    ),
]
UnarchivedTables = Annotated[
    str | None,
    typer.Option(
        metavar="TABLES",
        help="Other programs' tables whose rows may go with a session and are kept in no archive, "
        "with commas between.",
        rich_help_panel=_SAFEGUARDS,
    ),
]
GiveBack = Annotated[
    bool | None,
    typer.Option(
        "--give-back/--no-give-back",
        help="Give the space that becomes free back to the disk; on unless set.",
        metavar="",
        show_default=False,
        rich_help_panel=_SAFEGUARDS,
    ),
]
IgnoreClock = Annotated[
    bool,
    typer.Option(
        "--ignore-clock",
        metavar="",
        help="Go on although the clock stands before the last run or the newest activity.",
        rich_help_panel=_SAFEGUARDS,
    ),
]
Every = Annotated[
    str | None,
    typer.Option(metavar="DURATION", help="How often to sweep. 24h unless set.", rich_help_panel=_SCHEDULE),
]
At = Annotated[
    str | None,
    typer.Option(
        metavar="TIME",
        help="At what time of day, on this host's clock, for example 04:00.",
        rich_help_panel=_SCHEDULE,
    ),
]
Jitter = Annotated[
    str | None,
    typer.Option(
        metavar="DURATION",
        help="Wait up to so long on top, so that many hosts do not look at once; 0s for none. "
        "10m unless set.",
        rich_help_panel=_SCHEDULE,
    ),
]
Grace = Annotated[
    str | None,
    typer.Option(
        metavar="DURATION",
        help="When asked to stop, let the sweep at work go on for so long. 5s unless set.",
        rich_help_panel=_SCHEDULE,
    ),
]
StopFile = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Begin no sweep while there is a file of this name. "
        "The name of an embedded database with .stop unless set.",
        rich_help_panel=_SCHEDULE,
    ),
]
MetricsPort = Annotated[
    int | None,
    typer.Option(
        metavar="PORT",
        help="Show metrics for Prometheus at http://127.0.0.1:PORT/metrics.",
        show_default=False,
        rich_help_panel=_TOLD,
    ),
]
MetricsAddress = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Show them at this address instead; anybody who reaches it can read them. 127.0.0.1 unless set.",
        rich_help_panel=_TOLD,
    ),
]
MetricsFile = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="Write metrics to this file, for the text folder of node exporter; its name ends in .prom.",
        rich_help_panel=_TOLD,
    ),
]
MaxLock = Annotated[
    str | None,
    typer.Option(
        metavar="DURATION",
        help="Refuse a transaction that would keep writers waiting for longer, for example 500ms or 2s.",
        rich_help_panel=_PACE,
    ),
]
Chunk = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help="Delete at most N sessions in one transaction, and as many transactions as it takes.",
        show_default=False,
        rich_help_panel=_PACE,
    ),
]
Pause = Annotated[
    str | None,
    typer.Option(metavar="DURATION", help="Wait between chunks, for example 200ms.", rich_help_panel=_PACE),
]
SessionRate = Annotated[
    str | None,
    typer.Option(
        "--rate",
        metavar="N/s",
        help="Delete at most N sessions a second (/m: a minute, /h: an hour), waiting between chunks.",
        rich_help_panel=_PACE,
    ),
]
PACE: dict[str, Any] = {"max_lock": MaxLock, "chunk": Chunk, "pause": Pause, "rate": SessionRate}
"""The options that leave room for others; a command declared as `guarded` has them too."""
SAFEGUARDS: dict[str, Any] = {
    "mode": RunMode,
    "max_purge": MaxPurge,
    "archive": Archive,
    "archive_retention": ArchiveRetention,
    "unarchived_tables": UnarchivedTables,
    "give_back": GiveBack,
}
"""The options that hold a purge back; a command declared as `guarded` has them all."""


def filter_from(
    actor: list[str] | None, source: list[str] | None, namespace: list[str] | None, name: list[str] | None
) -> SessionFilter:
    return SessionFilter(
        actors=tuple(actor or ()),
        sources=tuple(source or ()),
        namespaces=tuple(namespace or ()),
        names=tuple(name or ()),
    )


def policy_from(context: Context, given: dict[str, Any]) -> RetentionPolicy:
    """Build the policy from the options of `POLICY`: thresholds win over the settings, filters narrow."""
    from dataclasses import replace

    filters = {name: given[name] for name in ("actor", "source", "namespace", "name")}
    settings = ("stale_after", "return_rate", "empty_after", "orphaned_after", "keep_last")
    context.use(**{f"cleanup_{name}": given[name] for name in settings})
    if given["return_rate"] is not None and not context.has_auto_threshold:
        raise UsageError(
            "--return-rate is for a threshold that is worked out, and stale_after is a fixed one. "
            "Nothing was changed.",
            hints=["Add --stale-after auto, or leave --return-rate out."],
        )
    policy = replace(context.policy, narrowed_to=filter_from(**filters))
    if given["only"] is None:
        return policy
    classes = _classes(given["only"])
    return replace(
        policy,
        reasons=frozenset(reason for reason in Reason if SessionClass(reason.value) in classes),
        dangling=SessionClass.DANGLING in classes,
    )


def _classes(only: list[str]) -> set[SessionClass]:
    known = ", ".join(SessionClass)
    words = [word.strip() for entry in only for word in entry.split(",")]
    for word in words:
        if word not in set(SessionClass):
            raise UsageError(
                f"--only {word!r} is not a class of sessions." if word else "--only is blank somewhere.",
                hints=[f"Known are: {known}.", "Leave --only out to look for all of them."],
            )
    return {SessionClass(word) for word in words}
