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
        help="Stale: last accessed longer ago than this. 30d unless set.",
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


def filter_from(
    actor: list[str] | None, source: list[str] | None, namespace: list[str] | None, name: list[str] | None
) -> SessionFilter:
    return SessionFilter(
        actors=tuple(actor or ()),
        sources=tuple(source or ()),
        namespaces=tuple(namespace or ()),
        names=tuple(name or ()),
    )


def policy_from(
    context: Context, *, only: list[str] | None, narrowed_to: SessionFilter, **flags: Any
) -> RetentionPolicy:
    """Build the policy: thresholds by the settings' precedence, with the command's flags on top."""
    from dataclasses import replace

    context.use(**{f"cleanup_{name}": value for name, value in flags.items()})
    policy = replace(context.policy, narrowed_to=narrowed_to)
    if only is None:
        return policy
    classes = _classes(only)
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
